import type { DeployPlan, DeployResult, SourceDocument } from '#cluster/api.ts';
import type { ObjectName } from '#cluster/object-ref.ts';
import type { RouterView } from '#cluster/view.ts';
import type { ApplyPlanItem } from '#core/egress-router/apply-plan.ts';
import { optionPrefix, readOptions } from '#core/egress-router/options.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { toServicePorts } from '#core/manifest/service.ts';
import { selectsRouter } from '#core/relations/selection.ts';
import { readService } from '#core/service/parse.ts';
import { oneLine } from './printable.ts';

interface Around {
  readonly documents: readonly SourceDocument[];
  /** The routers as they are now, as far as they may be seen: which Services they have. */
  readonly views: readonly RouterView[];
  readonly program: string;
}

/** How clients get to the routers that are new and up, and which Services their changes leave behind. */
export function nextSteps(plan: DeployPlan, { routers }: DeployResult, around: Around): string {
  return routers
    .flatMap(({ object, outcome }) => {
      const item = plan.items.find(
        ({ wanted: { metadata } }) =>
          metadata.name === object.name && metadata.namespace === object.namespace,
      );
      return item === undefined || outcome.kind !== 'ready' ? [] : stepsOf(item, plan, around);
    })
    .map((line) => `${line}\n`)
    .join('');
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
  const late = services.flatMap(({ name: service, outOfStep = [] }) =>
    outOfStep.length === 0 ? [] : [lateStep({ name, namespace }, service, outOfStep, around)],
  );
  if (kind !== 'create' || late.length > 0) return late;
  if (services.length > 0) {
    const calls = services.map((service) => callsOf({ name: service.name, namespace }, service.ports));
    return [`Clients of ${router} call ${calls.join(', ')}.`];
  }
  const byHand = `clients of ${router} need its Service${stepByHand({ name, namespace }, around)}`;
  if (!isAsked) return [`C${byHand.slice(1)}`];
  return reconciler === 'cno'
    ? [`As the Cluster Network Operator ignores the annotation ${optionPrefix}expose, ${byHand}`]
    : [`Unless an operator of Egress Router Tools makes it, as the annotation asks, ${byHand}`];
}

/** Expose brings that in step which bears the router's name. */
function lateStep(
  { name, namespace }: ObjectName,
  service: string,
  outOfStep: readonly string[],
  { program }: Around,
): string {
  return service === name
    ? `The Service of ${namespace}/${name} does not follow its rules: ${program} expose ${name} -n ${namespace}`
    : `Service ${namespace}/${service}, which leads to ${name}, does not follow its rules: ${oneLine(outOfStep.join(' '))}`;
}

function callsOf(
  { name, namespace }: ObjectName,
  ports: readonly { readonly port: number; readonly protocol: string }[],
): string {
  return ports.map(({ port, protocol }) => `${name}.${namespace}.svc:${port} (${protocol})`).join(', ');
}

function stepByHand(
  { name, namespace }: ObjectName,
  { documents, program }: Pick<Around, 'documents' | 'program'>,
): string {
  const written = documents.find(({ value }) => {
    const service = readService(value);
    // One without a namespace goes where the person applies it.
    const isThere = service !== undefined && (service.namespace ?? namespace) === namespace;
    return isThere && service.selector !== undefined && selectsRouter(service.selector, name);
  });
  return written === undefined
    ? `: ${program} expose ${name} -n ${namespace}`
    : `, which kubectl apply makes of ${written.source}.`;
}
