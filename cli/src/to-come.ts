import type { DeployPlan, ToCome } from '#cluster/api.ts';
import type { ObjectRef } from '#cluster/object-ref.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';

/** What whoever acts on a router of the plan then makes and deletes, a line for each. */
export function toComeOf({ toCome }: DeployPlan, { metadata }: KubernetesObject): readonly string[] {
  return toCome
    .filter(({ router }) => router.name === metadata.name && router.namespace === metadata.namespace)
    .flatMap(({ by, made, deleted }) => [
      ...(made.length === 0 ? [] : [`${actors[by]} then makes: ${listOf(made)}`]),
      ...(deleted.length === 0 ? [] : [`${actors[by]} then deletes: ${listOf(deleted)}`]),
    ]);
}

const actors = {
  agent: 'the operator',
  cno: 'the Cluster Network Operator',
} as const satisfies Record<ToCome['by'], string>;

/** They are in the router's namespace. */
function listOf(objects: readonly ObjectRef[]): string {
  return objects.map(({ kind, name }) => `${kind} ${name}`).join(', ');
}
