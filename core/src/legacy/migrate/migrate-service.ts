import type { EgressRouter } from '#core/egress-router/model.ts';
import type { Reconciler } from '#core/egress-router/reconciler.ts';
import { appLabel, appLabelValue, routerLabel } from '#core/manifest/names.ts';
import { routerLabelValue } from '#core/manifest/router-names.ts';
import { toService } from '#core/manifest/service.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { listAt, objectAt, wordAt } from '../fields.ts';
import type { LegacyReading } from '../parse.ts';
import type { ServiceLike } from './surroundings.ts';

export interface MigratedService {
  readonly service: JsonObject;
  readonly remarks: readonly string[];
}

export type Selector = Readonly<Record<string, string>>;

/** By the label that one router of a namespace has, or by that of each, which only this project's operator sets. */
export function newSelector(routerName: string, reconciler: Reconciler): Selector {
  return reconciler === 'agent'
    ? { [routerLabel]: routerLabelValue(routerName) }
    : { [appLabel]: appLabelValue };
}

/** The Service with its name and ports, which clients know, and with the pods of the new router behind it. */
export function migrateService(
  { name, object }: ServiceLike,
  router: EgressRouter,
  legacy: LegacyReading,
  selector: Selector,
): MigratedService {
  const metadata = objectAt(object['metadata']);
  const spec = objectAt(object['spec']);
  const annotations = withoutKeys(objectAt(metadata['annotations']), [lastApplied]);
  const namespace = metadata['namespace'] ?? router.namespace;
  const derived = listAt(spec['ports']).length === 0 ? toService(router).spec.ports : undefined;
  const ports = listAt(spec['ports']).map((port) => migratePort(objectAt(port), legacy));
  const isHeadless = spec['clusterIP'] === 'None';
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(isJsonObject(metadata['labels']) ? { labels: metadata['labels'] } : {}),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: {
      ...withoutKeys(spec, isHeadless ? ['clusterIPs'] : ['clusterIP', 'clusterIPs']),
      selector,
      ports: derived ?? ports,
    },
  };
  const remarks = [
    ...(spec['clusterIP'] === undefined || isHeadless
      ? []
      : ['its clusterIP is left to the cluster, which keeps it where the Service is changed in place']),
    ...(derived === undefined ? [] : ['it had no ports and got one for each rule']),
    ...(derived === undefined ? ports.flatMap((port) => unreachedPort(port, router)) : []),
  ];
  return { service, remarks: remarks.map((remark) => `Service "${name}": ${remark}.`) };
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** The pods of an EgressRouter have no named ports: a name becomes the number that it stood for. */
function migratePort(port: JsonObject, legacy: LegacyReading): JsonObject {
  const { targetPort } = port;
  if (typeof targetPort !== 'string') return withoutKeys(port, ['nodePort']);
  const containerPorts = legacy.containers.flatMap(({ value }) => listAt(value['ports']).map(objectAt));
  const number = containerPorts.find(({ name }) => name === targetPort)?.['containerPort'];
  const rest = withoutKeys(port, ['nodePort', 'targetPort']);
  return typeof number === 'number' ? { ...rest, targetPort: number } : rest;
}

function unreachedPort(port: JsonObject, { rules, fallback }: EgressRouter): readonly string[] {
  if (fallback !== undefined) return [];
  const target = port['targetPort'] ?? port['port'];
  if (target === undefined || target === null) return ['one of its ports has no number: the API refuses it'];
  const protocol = wordAt(port['protocol']) ?? 'TCP';
  if (rules.some((rule) => rule.port === target && rule.protocol === protocol)) return [];
  const number = typeof target === 'string' || typeof target === 'number' ? target : JSON.stringify(target);
  return [`no rule answers to its port ${number}/${protocol}`];
}

function withoutKeys(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}
