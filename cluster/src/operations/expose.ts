import { load } from 'js-yaml';
import { planApply } from '#core/egress-router/apply-plan.ts';
import { findRefusals } from '#core/egress-router/checks/refusals.ts';
import type { EgressRouter } from '#core/egress-router/model.ts';
import { optionPrefix } from '#core/egress-router/options.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { egressRouterApiVersion, egressRouterKind } from '#core/egress-router/wire.ts';
import { at, listAt, textAt } from '#core/json-value.ts';
import { appliedPart } from '#core/manifest/applied-part.ts';
import { appLabel, userFieldManager } from '#core/manifest/names.ts';
import type { KubernetesObject, OwnerReference } from '#core/manifest/object.ts';
import { toService } from '#core/manifest/service.ts';
import { missingFamilyText, servedFamilies, servesNone } from '#core/manifest/service-families.ts';
import { portsInStep } from '#core/manifest/service-ports.ts';
import { parsePort } from '#core/net/port.ts';
import { parseProtocol } from '#core/net/protocol.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { fewSentences } from '#core/shorten.ts';
import type { ExposeOptions, ExposePlan, ExposeResult, RunPlanOptions } from '../api.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { finalizerTexts } from '../finalizers.ts';
import { kinds } from '../kinds.ts';
import { type ObjectName, refOf } from '../object-ref.ts';
import { findObject, getObject } from '../objects.ts';
import { selects, toServiceView } from '../router-view.ts';
import { outOfStep } from '../service-steps.ts';
import { annotationOf } from './expose-annotation.ts';
import { namesOf } from './names-of.ts';
import { reconcilerOf } from './reconciler.ts';
import { runPlan } from './run-plan.ts';
import { familyWarnings, gatherService, servedAddresses } from './service-network.ts';
import { podLabelsOf, refusalOf } from './service-pods.ts';
import { foreignOf, madePorts, withoutPorts } from './service-ports.ts';
import { readView } from './status.ts';
import { whyUnanswered } from './unanswered.ts';

/**
 * One Service that bears the router's name, with a port for each rule; run again, it follows the rules and keeps what
 * somebody has chosen for clients: its type, its annotations, ports of another number.
 */
export async function planExpose(
  connection: Connection,
  router: ObjectName,
  options: ExposeOptions,
): Promise<ExposePlan> {
  const { signal } = options;
  const live = await getObject(connection, kinds.egressRouter, router, signal);
  const { router: parsed, reading, problems } = parseRouter(live);
  const called = `EgressRouter ${router.namespace}/${router.name}`;
  if (live.metadata.deletionTimestamp !== undefined) {
    const deleted = `${called} is being deleted, and a Service of it would go with it. Deploy it anew when it is gone, and expose it then.`;
    return refuse(router, [deleted, ...finalizerTexts(live)].join(' '));
  }
  const reconciler = await reconcilerOf(connection, signal);
  const refusals = findRefusals({ reading, problems }, reconciler ?? 'unknown');
  if (parsed === undefined || refusals.length > 0) {
    const errors = fewSentences(refusals.map(({ message }) => message));
    return refuse(router, `${called} has errors. ${errors} Correct and deploy it first.`);
  }
  const present = await findObject(connection, kinds.service, router, signal);
  const names = await namesOf(connection, live, signal);
  const base = toService(parsed, { owner: ownerOf(live), names, present });
  const pods = await podLabelsOf(connection, { live, names, reconciler }, signal);
  if (present !== undefined) {
    const refused = await refusalOf(connection, { present, live, pods }, signal);
    if (refused !== undefined) return refuse(router, refused);
  }
  const annotation = annotationOf(parsed, live, present, reconciler);
  if (annotation === 'kept-by-operator') {
    if (!isPlain(options)) return refuse(router, keptText(called));
    const down = whyUnanswered(await readView(connection, router, signal));
    const warnings = [...down, ...(present === undefined ? [] : familyWarnings(parsed, present))];
    const families = servedFamilies(parsed);
    return { router, items: [{ kind: 'unchanged', wanted: base }], warnings, annotation, families };
  }
  const wish = { router: parsed, base, present, pods, options, called };
  const wanted = wantedOf(wish);
  if (wanted.kind === 'refused') {
    return { router, items: [], warnings: [], refused: wanted.why, needsPort: wanted.needsPort };
  }
  let gathered = await gatherService(connection, wanted.service, signal);
  const first = servingNone(parsed, gathered);
  if (first !== undefined && present === undefined) {
    // Another family comes first in this cluster: beside that one the Service may have what the router serves.
    const beside = wantedOf({
      ...wish,
      base: toService(parsed, { owner: ownerOf(live), names, present: first }),
    });
    if (beside.kind === 'service') gathered = await gatherService(connection, beside.service, signal);
  }
  if (gathered === undefined || servingNone(parsed, gathered) !== undefined) {
    return refuse(router, missingFamilyText(parsed));
  }
  const state = gathered[0]?.state.result;
  const made = state?.kind === 'object' ? state.object : state?.forced;
  const { items } = planApply(gathered);
  const ports = madePorts(parsed, made ?? wanted.service, present);
  const steps = outOfStep({ name: router.name, reading, reconciler: reconciler ?? 'unknown' }, [
    withoutPorts(wanted.service, ports.staying),
  ]);
  const families = state?.kind === 'object' ? familyWarnings(parsed, state.object) : [];
  const down = whyUnanswered(await readView(connection, router, signal));
  const warnings = [...down, ...(steps.get(router.name) ?? []), ...ports.warnings, ...families];
  const plan = { router, items, warnings, families: servedFamilies(parsed), unserved: ports.unserved };
  return annotation === undefined ? plan : { ...plan, annotation };
}

/** What an API server would make of the Service, where no rule leads on from its address. */
function servingNone(
  router: EgressRouter,
  gathered: Awaited<ReturnType<typeof gatherService>>,
): KubernetesObject | undefined {
  const made = gathered?.[0]?.state.result;
  return made?.kind === 'object' && servesNone(router, made.object) ? made.object : undefined;
}

/** Nothing is wanted of the Service but what the rules say. */
function isPlain({ ports = [], service, serviceText }: ExposeOptions): boolean {
  return ports.length === 0 && service === undefined && serviceText === undefined;
}

function keptText(called: string): string {
  return `The operator keeps the Service of ${called} in step with the rules, as its annotation ${optionPrefix}expose asks, so no other ports or fields can be given. Take the annotation off first.`;
}

function refuse(router: ObjectName, refused: string): ExposePlan {
  return { router, items: [], warnings: [], refused };
}

type Wanted =
  | { readonly kind: 'service'; readonly service: KubernetesObject }
  | { readonly kind: 'refused'; readonly why: string; readonly needsPort: boolean };

interface Wish {
  readonly router: EgressRouter;
  readonly base: ReturnType<typeof toService>;
  readonly present: KubernetesObject | undefined;
  /** The labels of the router's pods. */
  readonly pods: unknown;
  readonly options: ExposeOptions;
  readonly called: string;
}

function wantedOf(wish: Wish): Wanted {
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
      ...base.spec,
      ...without(at(before, 'spec'), 'selector', 'ports'),
      ...chosen.spec,
      ports,
    },
  };
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

export async function expose(
  connection: Connection,
  plan: ExposePlan,
  options: RunPlanOptions,
): Promise<ExposeResult> {
  const { namespace, name } = plan.router;
  const [service] = await applied(connection, plan, options);
  if (service === undefined) {
    const message = plan.refused ?? `There is nothing to expose of EgressRouter ${namespace}/${name}.`;
    throw new ClusterError({ reason: 'refused', message });
  }
  const { clusterIP: first, ports: all } = toServiceView(service);
  const { unserved = [] } = plan;
  const ports = all.filter(
    (one) => !unserved.some(({ port, protocol }) => one.port === port && one.protocol === protocol),
  );
  const served = first === undefined ? [] : servedAddresses(plan.families ?? [], service);
  const addresses = served.length > 0 || first === undefined ? served : [first];
  return { service: refOf(service), addresses, ports };
}

/** The Service of the operator is as the operator has made it, or is about to. */
async function applied(
  connection: Connection,
  plan: ExposePlan,
  options: RunPlanOptions,
): Promise<readonly KubernetesObject[]> {
  if (plan.refused !== undefined) return [];
  if (plan.annotation !== 'kept-by-operator') return runPlan(connection, plan, options);
  const present = await findObject(connection, kinds.service, plan.router, options.signal);
  return present === undefined ? plan.items.map(({ wanted }) => wanted) : [present];
}

/** Without `blockOwnerDeletion`, which takes the right to change the router's finalizers. */
function ownerOf({ metadata: { name, uid = '' } }: KubernetesObject): OwnerReference {
  return { apiVersion: egressRouterApiVersion, kind: egressRouterKind, name, uid };
}
