import { egressRouterKind } from '#core/egress-router/wire.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { documentedNames, namesOfFurther, type RouterNames } from '#core/manifest/router-names.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { kinds } from '../kinds.ts';
import { listObjects } from '../objects.ts';
import { isOwnedBy } from '../router-parts.ts';

/**
 * What the objects of a live router are called. Of one that has none yet it is told by whether another router has
 * the documented names; whoever may not look takes those for its own.
 */
export async function namesOf(
  connection: Connection,
  router: KubernetesObject,
  signal: AbortSignal,
): Promise<RouterNames> {
  const { name, namespace } = router.metadata;
  const further = namesOfFurther(name);
  try {
    const { objects } = await listObjects(connection, kinds.deployment, { namespace, signal });
    const own = objects.find((object) => isOwnedBy(object, router));
    if (own !== undefined) return own.metadata.name === further.deployment ? further : documentedNames;
    return objects.some(isOfAnother) ? further : documentedNames;
  } catch (error) {
    if (ClusterError.is(error, 'forbidden')) return documentedNames;
    throw error;
  }
}

function isOfAnother({ metadata: { name, ownerReferences = [] } }: KubernetesObject): boolean {
  return name === documentedNames.deployment && ownerReferences.some(({ kind }) => kind === egressRouterKind);
}
