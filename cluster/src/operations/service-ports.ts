import type { EgressRouter } from '#core/egress-router/model.ts';
import { listAt, numberAt, textAt } from '#core/json-value.ts';
import { userFieldManager } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { otherOwners } from '#core/manifest/port-owners.ts';
import { type Foreign, isServed } from '#core/manifest/service-ports.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';

/** What of a port others than `expose` have written. */
export function foreignOf(service: KubernetesObject | undefined, entry: JsonObject): Foreign {
  const manager = userFieldManager;
  return {
    isEntry: otherOwners(service, entry, { manager }).length > 0,
    isName: otherOwners(service, entry, { manager, field: 'name' }).length > 0,
  };
}

interface Socket {
  readonly protocol: string;
  readonly port: number;
}

interface MadePorts {
  /** Clients of them are refused. */
  readonly unserved: readonly Socket[];
  /** Those of them that others have written. */
  readonly staying: readonly Socket[];
  /** Sentences. */
  readonly warnings: readonly string[];
}

/**
 * What is to be said of the ports of a Service.
 *
 * @param made as it would be
 */
export function madePorts(
  router: EgressRouter,
  made: KubernetesObject,
  present: KubernetesObject | undefined,
): MadePorts {
  const before = portsOf(present);
  const after = portsOf(made);
  const unserved = router.rules.length === 0 ? [] : after.filter((entry) => !isServed(router, entry));
  const { name, namespace = '' } = made.metadata;
  const told = unserved.flatMap((entry) => {
    const owners = otherOwners(present, entry, { manager: userFieldManager });
    return owners.length === 0
      ? []
      : [
          [
            socketOf(entry),
            `Port ${shown(entry)} of the Service leads to no rule, so clients of it are refused, and expose leaves it, as ${owners.join(' and ')} wrote it. Take it out where that is done, or with kubectl edit service ${name} -n ${namespace}.`,
          ] as const,
        ];
  });
  const named = after.flatMap((entry) => {
    const old = before.find((one) => isSame(one, entry));
    const own = textAt(entry, 'name');
    return old === undefined || own === undefined || (textAt(old, 'name') ?? '') !== ''
      ? []
      : [`Port ${shown(old)} of the Service gets the name ${own}: of several ports each must have one.`];
  });
  return {
    unserved: unserved.map(socketOf),
    staying: told.map(([socket]) => socket),
    warnings: [...told.map(([, sentence]) => sentence), ...named],
  };
}

export function withoutPorts(service: KubernetesObject, sockets: readonly Socket[]): KubernetesObject {
  const spec = service['spec'];
  if (sockets.length === 0 || !isJsonObject(spec)) return service;
  const ports = portsOf(service).filter((entry) => {
    const { port, protocol } = socketOf(entry);
    return !sockets.some((one) => one.port === port && one.protocol === protocol);
  });
  return { ...service, spec: { ...spec, ports } };
}

function socketOf(entry: JsonObject): Socket {
  return { protocol: textAt(entry, 'protocol') ?? 'TCP', port: numberAt(entry, 'port') ?? 0 };
}

function portsOf(service: unknown): readonly JsonObject[] {
  return listAt(service, 'spec', 'ports').filter(isJsonObject);
}

function isSame(one: JsonObject, other: JsonObject): boolean {
  return one['port'] === other['port'] && (one['protocol'] ?? 'TCP') === (other['protocol'] ?? 'TCP');
}

/** `http (80/TCP)` */
function shown(entry: JsonObject): string {
  const socket = `${numberAt(entry, 'port') ?? 0}/${textAt(entry, 'protocol') ?? 'TCP'}`;
  const name = textAt(entry, 'name') ?? '';
  return name === '' ? socket : `${name} (${socket})`;
}
