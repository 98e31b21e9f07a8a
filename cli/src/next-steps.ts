import type { DeployPlan, DeployResult, SourceDocument } from '#cluster/api.ts';
import { readOptions } from '#core/egress-router/options.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { selectsRouter } from '#core/relations/selection.ts';
import { readService } from '#core/service/parse.ts';

/** How clients get to the routers that are new and up: a line for each. */
export function nextSteps(
  { items }: DeployPlan,
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
        : [`${step(router, documents, program)}\n`];
    })
    .join('');
}

function step(
  { metadata: { name, namespace = '', annotations } }: KubernetesObject,
  documents: readonly SourceDocument[],
  program: string,
): string {
  const router = `${namespace}/${name}`;
  if (readOptions(annotations).options?.expose === true) {
    return `The operator makes the Service of ${router}, as the annotation of the router asks.`;
  }
  const written = documents.find(({ value }) => {
    const service = readService(value);
    // One without a namespace goes where the person applies it.
    const isThere = service !== undefined && (service.namespace ?? namespace) === namespace;
    return isThere && service.selector !== undefined && selectsRouter(service.selector, name);
  });
  return written === undefined
    ? `Clients of ${router} need its Service: ${program} expose ${name} -n ${namespace}`
    : `Clients of ${router} need its Service, which kubectl apply makes of ${written.source}.`;
}
