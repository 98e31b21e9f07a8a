import type { DeployPlan, DeployResult, SourceDocument } from '#cluster/api.ts';
import type { ObjectName } from '#cluster/object-ref.ts';
import type { PreflightReport } from '#cluster/preflight-report.ts';
import { optionPrefix, readOptions } from '#core/egress-router/options.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { toServicePorts } from '#core/manifest/service.ts';
import { selectsRouter } from '#core/relations/selection.ts';
import { readService } from '#core/service/parse.ts';

/** How clients get to the routers that are new and up: a line for each. */
export function nextSteps(
  { items, preflight: { reconciler } }: DeployPlan,
  { routers }: DeployResult,
  { documents, program }: { readonly documents: readonly SourceDocument[]; readonly program: string },
): string {
  const created = items.flatMap(({ kind, wanted }) => (kind === 'create' ? [wanted] : []));
  return routers
    .flatMap(({ object, outcome }) => {
      const router = created.find(
        ({ metadata }) => metadata.name === object.name && metadata.namespace === object.namespace,
      );
      return router === undefined || outcome.kind !== 'ready'
        ? []
        : [`${step(router, { documents, program, reconciler })}\n`];
    })
    .join('');
}

interface Around {
  readonly documents: readonly SourceDocument[];
  readonly program: string;
  readonly reconciler: PreflightReport['reconciler'];
}

function step(object: KubernetesObject, around: Around): string {
  const { name, namespace = '', annotations } = object.metadata;
  const router = `${namespace}/${name}`;
  const byHand = `clients of ${router} need its Service${stepByHand({ name, namespace }, around)}`;
  if (readOptions(annotations).options?.expose !== true) return `C${byHand.slice(1)}`;
  switch (around.reconciler) {
    case 'agent': {
      const ports = toServicePorts(parseRouter(object).router?.rules ?? []);
      const calls = ports.map(({ port, protocol }) => `${name}.${namespace}.svc:${port} (${protocol})`);
      return `The operator makes the Service of ${router}: clients call ${calls.join(', ')}.`;
    }
    case 'cno':
      return `As the Cluster Network Operator ignores the annotation ${optionPrefix}expose, ${byHand}`;
    case undefined:
      return `Unless an operator of Egress Router Tools makes it, as the annotation asks, ${byHand}`;
  }
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
