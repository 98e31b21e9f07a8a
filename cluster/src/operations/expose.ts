import { planApply } from '#core/egress-router/apply-plan.ts';
import { findRefusals } from '#core/egress-router/checks/refusals.ts';
import type { EgressRouter } from '#core/egress-router/model.ts';
import { optionPrefix } from '#core/egress-router/options.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { egressRouterApiVersion, egressRouterKind } from '#core/egress-router/wire.ts';
import { appLabel } from '#core/manifest/names.ts';
import type { KubernetesObject, OwnerReference } from '#core/manifest/object.ts';
import { toService } from '#core/manifest/service.ts';
import { missingFamilyText, servedFamilies, servesNone } from '#core/manifest/service-families.ts';
import { fewSentences } from '#core/shorten.ts';
import type { ExposeOptions, ExposePlan, ExposeResult, RunPlanOptions } from '../api.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { finalizerTexts } from '../finalizers.ts';
import { kinds } from '../kinds.ts';
import { type ObjectName, refOf } from '../object-ref.ts';
import { findObject, getObject } from '../objects.ts';
import { toServiceView } from '../router-view.ts';
import { outOfStep } from '../service-steps.ts';
import { annotationOf } from './expose-annotation.ts';
import { namesOf } from './names-of.ts';
import { reconcilerOf } from './reconciler.ts';
import { runPlan } from './run-plan.ts';
import { familyWarnings, type GatheredService, gatherService, servedAddresses } from './service-network.ts';
import { podLabelsOf, refusalOf } from './service-pods.ts';
import { madePorts, withoutPorts } from './service-ports.ts';
import { readView } from './status.ts';
import { whyUnanswered } from './unanswered.ts';
import { wantedOf } from './wanted-service.ts';

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
  if (gathered === 'name-refused') {
    return refuse(router, nameText(router.name, called, `${appLabel}=${names.app}`));
  }
  if (gathered === 'family-missing' || servingNone(parsed, gathered) !== undefined) {
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
function servingNone(router: EgressRouter, gathered: GatheredService): KubernetesObject | undefined {
  if (typeof gathered === 'string') return undefined;
  const made = gathered[0]?.state.result;
  return made?.kind === 'object' && servesNone(router, made.object) ? made.object : undefined;
}

/** Nothing is wanted of the Service but what the rules say. */
function isPlain({ ports = [], service, serviceText }: ExposeOptions): boolean {
  return ports.length === 0 && service === undefined && serviceText === undefined;
}

function keptText(called: string): string {
  return `The operator keeps the Service of ${called} in step with the rules, as its annotation ${optionPrefix}expose asks, so no other ports or fields can be given. Take the annotation off first.`;
}

/** A name of a router is RFC 1123's subdomain, of a Service RFC 1035's label, and in new versions RFC 1123's. */
function nameText(name: string, called: string, selector: string): string {
  return `The Service of ${called} would bear its name, and the cluster takes no Service that is called "${name}": it wants at most 63 lower-case letters, digits and "-", no dot, and in many versions a letter first. Deploy the router under such a name, or write a Service of another name with the selector ${selector}.`;
}

function refuse(router: ObjectName, refused: string): ExposePlan {
  return { router, items: [], warnings: [], refused };
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
