import { load } from 'js-yaml';
import type { EgressRouter } from '#core/egress-router/model.ts';
import { at, listAt, textAt } from '#core/json-value.ts';
import { appliedPart } from '#core/manifest/applied-part.ts';
import { appLabel, userFieldManager } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { toService } from '#core/manifest/service.ts';
import { portsInStep } from '#core/manifest/service-ports.ts';
import { parsePort } from '#core/net/port.ts';
import { parseProtocol } from '#core/net/protocol.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import type { ExposeOptions } from '../api.ts';
import { selects } from '../router-parts.ts';
import { foreignOf } from './service-ports.ts';

export type Wanted =
  | { readonly kind: 'service'; readonly service: KubernetesObject }
  | { readonly kind: 'refused'; readonly why: string; readonly needsPort: boolean };

export interface Wish {
  readonly router: EgressRouter;
  readonly base: ReturnType<typeof toService>;
  readonly present: KubernetesObject | undefined;
  /** The labels of the router's pods. */
  readonly pods: unknown;
  readonly options: ExposeOptions;
  readonly called: string;
}

/** The Service that leads to a router, as the options or an edited text want it. */
export function wantedOf(wish: Wish): Wanted {
  const { router, present, options, called } = wish;
  if (options.serviceText !== undefined) return editedTextOf(wish, options.serviceText);
  if (options.service !== undefined) return editedOf(wish, options.service);
  const { ports = [] } = options;
  const extra = ports.flatMap((one) => {
    const [port, protocol] = [parsePort(one.port), parseProtocol(one.protocol)];
    return port === undefined || protocol === undefined ? [] : [{ port, protocol }];
  });
  if (extra.length < ports.length) {
    return {
      kind: 'refused',
      why: 'A port is a number from 1 to 65535 of TCP, UDP or SCTP.',
      needsPort: true,
    };
  }
  const deaf = extra.find(
    ({ port, protocol }) =>
      router.fallback === undefined &&
      !router.rules.some((rule) => rule.port === port && rule.protocol === protocol),
  );
  if (deaf !== undefined) {
    const why = `${called} has neither a rule for port ${deaf.port} of ${deaf.protocol} nor a fallback, so clients of that port would be refused. Add a rule first.`;
    return { kind: 'refused', why, needsPort: false };
  }
  const servicePorts = portsInStep(router, listAt(present, 'spec', 'ports'), extra, (entry) =>
    foreignOf(present, entry),
  );
  if (servicePorts.length === 0) {
    const why =
      router.fallback === undefined
        ? `${called} has no rules, so it has no ports to expose. Add a rule for each port that clients call.`
        : `${called} has no rules: its fallback takes every port. Say which port clients call.`;
    return { kind: 'refused', why, needsPort: router.fallback !== undefined };
  }
  return { kind: 'service', service: joined(wish, servicePorts) };
}

/** With what we have applied before, and what somebody else has chosen, so that it stays. */
function joined({ base, present, pods }: Wish, ports: readonly unknown[]): KubernetesObject {
  const before = present === undefined ? {} : appliedPart(present, userFieldManager);
  const chosen = present === undefined ? {} : chosenOf(present, pods);
  const annotations = textsAt(before, 'annotations');
  return {
    ...base,
    metadata: {
      ...base.metadata,
      labels: { ...textsAt(before, 'labels'), ...base.metadata.labels, ...chosen.labels },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: {
      ...withFamilies(base.spec, at(before, 'spec')),
      ...chosen.spec,
      ports,
    },
  };
}

/** What the rules ask of the families, in place of what they asked before; what a person demands stays. */
function withFamilies(wanted: object, before: unknown): Readonly<Record<string, unknown>> {
  const [policy, earlier] = [textAt(wanted, 'ipFamilyPolicy'), textAt(before, 'ipFamilyPolicy')];
  const kept = without(before, 'selector', 'ports');
  const families = ['ipFamilyPolicy', 'ipFamilies'];
  // Of a Service whose families are another's choice none is given back.
  if (policy === 'SingleStack' && earlier === undefined) return { ...without(wanted, ...families), ...kept };
  const isLate = policy !== undefined && policy !== earlier && earlier !== 'RequireDualStack';
  return { ...wanted, ...(isLate ? without(kept, ...families) : kept) };
}

/** Of a Service that leads to the router already: applied as it is, it stays whosever it is. */
function chosenOf(present: KubernetesObject, pods: unknown) {
  if (!selects(present, pods)) return {};
  const app = textAt(present, 'metadata', 'labels', appLabel);
  const [type, selector] = [textAt(present, 'spec', 'type'), at(present, 'spec', 'selector')];
  return {
    labels: app === undefined ? {} : { [appLabel]: app },
    spec: { ...(type === undefined || type === 'ExternalName' ? {} : { type }), selector },
  };
}

function textsAt(value: unknown, key: 'labels' | 'annotations'): Readonly<Record<string, string>> {
  const found = at(value, 'metadata', key);
  const entries = Object.entries(isJsonObject(found) ? found : {});
  return Object.fromEntries(entries.filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

function without(value: unknown, ...keys: readonly string[]): Readonly<Record<string, unknown>> {
  const entries = Object.entries(isJsonObject(value) ? value : {});
  return Object.fromEntries(entries.filter(([key]) => !keys.includes(key)));
}

function editedTextOf(wish: Wish, text: string): Wanted {
  try {
    return editedOf(wish, load(text));
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
    const why = `The Service of ${wish.called} cannot be read: ${reason}. Correct it.`;
    return { kind: 'refused', why, needsPort: false };
  }
}

/** A Service as a person has edited it: whom it leads to and belongs to is not theirs to say. */
function editedOf({ base, present, pods, called }: Wish, edited: unknown): Wanted {
  const no = (why: string): Wanted => ({ kind: 'refused', why, needsPort: false });
  const { kind, metadata } = base;
  if (textAt(edited, 'kind') !== kind || textAt(edited, 'apiVersion') !== base.apiVersion) {
    return no(`What exposes ${called} must stay a Service (v1).`);
  }
  const namespace = textAt(edited, 'metadata', 'namespace') ?? metadata.namespace;
  if (textAt(edited, 'metadata', 'name') !== metadata.name || namespace !== metadata.namespace) {
    return no(`The Service of ${called} has its name and namespace: keep both.`);
  }
  const ports = listAt(edited, 'spec', 'ports');
  if (ports.length === 0)
    return no(`The Service of ${called} has no ports: keep at least one in spec.ports.`);
  const annotations = textsAt(edited, 'annotations');
  const isReached = present !== undefined && selects(present, pods);
  return {
    kind: 'service',
    service: {
      ...base,
      metadata: {
        ...metadata,
        labels: { ...textsAt(edited, 'labels'), ...metadata.labels },
        ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      },
      spec: {
        ...base.spec,
        ...without(at(edited, 'spec'), 'selector'),
        ...(isReached ? { selector: at(present, 'spec', 'selector') } : {}),
        ports,
      },
    },
  };
}
