import type { DeployPlan, DeployResult, SourceDocument } from '#cluster/api.ts';
import type { ObjectName } from '#cluster/object-ref.ts';
import type { RouterView } from '#cluster/view.ts';
import type { ApplyPlanItem } from '#core/egress-router/apply-plan.ts';
import { optionPrefix, readOptions } from '#core/egress-router/options.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { appLabel, routerLabel } from '#core/manifest/names.ts';
import { documentedNames, routerLabelValue } from '#core/manifest/router-names.ts';
import { toServicePorts } from '#core/manifest/service.ts';
import { selects, selectsRouter } from '#core/relations/selection.ts';
import { readService } from '#core/service/parse.ts';
import { advisedCommand, type Called } from './advised-command.ts';
import { oneLine } from './printable.ts';

interface Around {
  readonly documents: readonly SourceDocument[];
  /** The routers as they are now, as far as they may be seen: which Services they have. */
  readonly views: readonly RouterView[];
  readonly called: Called;
}

/** How clients get to the routers that are new and up, and which Services their changes leave behind. */
export function nextSteps(plan: DeployPlan, { routers }: DeployResult, around: Around): string {
  return routers
    .flatMap(({ object, outcome }) => {
      const item = plan.items.find(
        ({ wanted: { metadata } }) =>
          metadata.name === object.name && metadata.namespace === object.namespace,
      );
      if (item === undefined || outcome.kind !== 'ready') return [];
      const inForce = outcome.message === undefined ? inForceStep(item, around) : [];
      return [...inForce, ...stepsOf(item, plan, around)];
    })
    .map((line) => `${line}\n`)
    .join('');
}

/** A router that is up with changed rules looks as it did with the earlier ones. */
function inForceStep(item: ApplyPlanItem, { views }: Around): readonly string[] {
  const change = item.kind === 'conflict' ? item.taken : item.kind === 'change' ? item : undefined;
  const isOfRules = change?.changes.some(({ path }) => path[0] === 'spec' && path[1] === 'redirect');
  if (isOfRules !== true) return [];
  const { name, namespace = '' } = item.wanted.metadata;
  const view = views.find((one) => one.name === name && one.namespace === namespace);
  return view?.state.kind === 'simulated' ? [] : [`The changed rules of ${namespace}/${name} are in force.`];
}

function stepsOf({ kind, wanted }: ApplyPlanItem, plan: DeployPlan, around: Around): readonly string[] {
  if (kind === 'unchanged') return [];
  const { name, namespace = '', annotations } = wanted.metadata;
  const { reconciler } = plan.preflight;
  const router = `${namespace}/${name}`;
  const isAsked = readOptions(annotations).options?.expose === true;
  if (isAsked && reconciler === 'agent') {
    const ports = toServicePorts(parseRouter(wanted).router?.rules ?? []);
    const calls = callsOf({ name, namespace }, ports);
    return kind === 'create' ? [`The operator makes the Service of ${router}: clients call ${calls}.`] : [];
  }
  const view = around.views.find((one) => one.name === name && one.namespace === namespace);
  const services = view?.services ?? [];
  const late = services.flatMap((service) =>
    service.outOfStep === undefined ? [] : [lateStep({ name, namespace }, service, around)],
  );
  if (kind !== 'create' || late.length > 0) return late;
  if (services.length > 0) {
    const calls = services.map((service) => callsOf({ name: service.name, namespace }, service.ports));
    return [`Clients of ${router} call ${calls.join(', ')}.`];
  }
  const written = writtenServices({ name, namespace }, plan, around);
  const byHand = `clients of ${router} need its Service${stepByHand({ name, namespace }, written, around)}`;
  const warnings = written.flatMap((one) => misledStep({ name, namespace }, one));
  if (!isAsked) return [`C${byHand.slice(1)}`, ...warnings];
  const step =
    reconciler === 'cno'
      ? `As the Cluster Network Operator ignores the annotation ${optionPrefix}expose, ${byHand}`
      : `Unless an operator of Egress Router Tools makes it, as the annotation asks, ${byHand}`;
  return [step, ...warnings];
}

/** Expose brings that in step which bears the router's name and leads to it. */
function lateStep(
  { name, namespace }: ObjectName,
  { name: service, outOfStep = [], leadsElsewhere, isLeftByExpose }: RouterView['services'][number],
  { called }: Around,
): string {
  const why = oneLine(outOfStep.join(' '));
  if (leadsElsewhere === true)
    return `Service ${namespace}/${service} does not lead to ${namespace}/${name}: ${why}`;
  if (isLeftByExpose === true)
    return `Service ${namespace}/${service} does not follow the rules of ${namespace}/${name}: ${why}`;
  return service === name
    ? `The Service of ${namespace}/${name} does not follow its rules: ${advisedCommand(called, 'expose', name, '-n', namespace)}`
    : `Service ${namespace}/${service}, which leads to ${name}, does not follow its rules: ${why}`;
}

function callsOf(
  { name, namespace }: ObjectName,
  ports: readonly { readonly port: number; readonly protocol: string }[],
): string {
  return ports.map(({ port, protocol }) => `${name}.${namespace}.svc:${port} (${protocol})`).join(', ');
}

/** A Service of the files that seems to be meant for a router. */
interface Written {
  readonly source: string;
  readonly service: string;
  /** The router whose pods it selects, where that is another one. */
  readonly leadsTo?: string;
}

/** Of the router itself first the Service that bears its name. */
function writtenServices(
  router: ObjectName,
  { items, preflight }: DeployPlan,
  { documents, views }: Around,
): readonly Written[] {
  const { name, namespace } = router;
  const near = views.filter((view) => view.namespace === namespace);
  const deployment = deploymentOf(near.find((view) => view.name === name));
  // Where the Cluster Network Operator acts, the routers of a namespace have one pod.
  const leadsTo =
    preflight.reconciler !== 'agent' || deployment === undefined || deployment === documentedNames.deployment
      ? undefined
      : near.find((view) => deploymentOf(view) === documentedNames.deployment)?.name;
  const planned = items.map(({ wanted }) => wanted.metadata);
  const others = new Set([...near, ...planned].map((one) => one.name).filter((one) => one !== name));
  const found = documents.flatMap(({ source, value }): Written[] => {
    const service = readService(value);
    // One without a namespace goes where the person applies it.
    const isThere = service !== undefined && (service.namespace ?? namespace) === namespace;
    if (!isThere || service.selector === undefined || others.has(service.name ?? '')) return [];
    if (!selectsRouter(service.selector, name, preflight.reconciler)) return [];
    const isOfFirst = leadsTo !== undefined && selects(service.selector, { [appLabel]: documentedNames.app });
    const written = { source, service: service.name ?? '' };
    if (!isOfFirst) return [written];
    // With another name, it may well be meant for that one.
    const isMeant = written.service === name || planned.every((one) => one.name !== leadsTo);
    return isMeant ? [{ ...written, leadsTo }] : [];
  });
  return found.toSorted((a, b) => Number(b.service === name) - Number(a.service === name));
}

function deploymentOf(view: RouterView | undefined): string | undefined {
  return view?.objects.find(({ kind }) => kind === 'Deployment')?.name;
}

function stepByHand(
  { name, namespace }: ObjectName,
  written: readonly Written[],
  { called }: Pick<Around, 'called'>,
): string {
  const own = written.find(({ leadsTo }) => leadsTo === undefined);
  return own === undefined
    ? `: ${advisedCommand(called, 'expose', name, '-n', namespace)}`
    : `, which kubectl apply makes of ${own.source}.`;
}

function misledStep(
  { name, namespace }: ObjectName,
  { source, service, leadsTo }: Written,
): readonly string[] {
  if (leadsTo === undefined) return [];
  return [
    `Service ${namespace}/${service} (${source}) selects the pods of the router ${namespace}/${leadsTo}: its clients would leave by the address of that one. Before you apply it, let it select ${routerLabel}: ${routerLabelValue(name)} instead.`,
  ];
}
