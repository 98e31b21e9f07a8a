import type { Connection } from '#cluster/connect.ts';
import { kinds } from '#cluster/kinds.ts';
import { getObject } from '#cluster/objects.ts';
import { listAt, textAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';

/** The operator's container, in its own Deployment. */
const container = 'operator';

/**
 * The reference that the operator's own pod was started with: router pods run the same image, and whatever
 * renames it in the manifest of the one (kustomize, a mirror, `kubectl set image`) need not know of the others.
 *
 * @throws Error with what to do, where the pod cannot be read
 */
export async function readOwnImage(
  connection: Connection,
  pod: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
): Promise<string> {
  const advice = 'Say with --image or $EGRESS_ROUTER_IMAGE which image router pods run.';
  let own: KubernetesObject;
  try {
    own = await getObject(connection, kinds.pod, pod, signal);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot read pod ${pod.namespace}/${pod.name} for its image: ${why} ${advice}`);
  }
  const containers = listAt(own, 'spec', 'containers');
  const image = textAt(
    containers.find((one) => textAt(one, 'name') === container),
    'image',
  );
  if (image !== undefined && image !== '') return image;
  throw new Error(`Pod ${pod.namespace}/${pod.name} has no container ${container}. ${advice}`);
}
