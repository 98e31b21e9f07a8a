import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { findKind } from '../kinds.ts';
import { type ObjectRef, refText } from '../object-ref.ts';
import { findObject } from '../objects.ts';

/**
 * An object as it is stored, for reading: without the notes on who set which field, status last. Undefined where
 * there is none.
 *
 * @throws ClusterError `invalid` for a kind that this project knows nothing of
 */
export async function readObject(
  connection: Connection,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  const kind = findKind(ref.apiVersion, ref.kind);
  if (kind === undefined) {
    const message = `Cannot read ${refText(ref)}: ${ref.kind} of ${ref.apiVersion} is none of the kinds that belong to a router.`;
    throw new ClusterError({ reason: 'invalid', message });
  }
  const found = await findObject(connection, kind, { namespace: ref.namespace, name: ref.name }, signal);
  return found === undefined ? undefined : forReading(found);
}

/** In the order in which people write them, whatever order the API server has. */
function forReading(object: KubernetesObject): KubernetesObject {
  const { apiVersion, kind, metadata, status, ...rest } = object;
  const own = { ...metadata, managedFields: undefined };
  return { apiVersion, kind, metadata: own, ...rest, ...(status === undefined ? {} : { status }) };
}
