import { ClusterError } from '#cluster/errors.ts';
import { kinds, type ResourceKind } from '#cluster/kinds.ts';
import { kindOf, kind as kindWith } from '../client.ts';
import { keyOf, type Namespace, type Stored } from '../objects.ts';
import type { Handled } from '../queue.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { namespacedKinds } from './kind-catalog.ts';

const recheckMs = 500;

/** Empties a namespace that is being deleted, then lets it go. */
export function namespaceController({ client, mirrors }: ControllerContext): Controller {
  return {
    name: 'namespace',
    listen: (enqueue) => mirrors.namespaces.onChange(({ object }) => enqueue(keyOf(object))),
    reconcile: async (name, signal) => {
      const namespace = await client.find(kindOf.namespace, { name }, signal);
      if (namespace === undefined || namespace.metadata.deletionTimestamp === undefined) return undefined;
      if (namespace.status?.phase !== 'Terminating') {
        await client.patchStatus(kinds.namespace, { name }, { phase: 'Terminating' }, signal);
      }
      let left = 0;
      for (const resource of namespacedKinds(mirrors.crds.list()))
        left += await empty(resource, name, signal);
      if (left > 0) return { againAfterMs: recheckMs };
      return finalize(namespace, signal);
    },
  };

  /** @returns how many objects were there. */
  async function empty(resource: ResourceKind, namespace: string, signal: AbortSignal): Promise<number> {
    const objects = await listServed(resource, namespace, signal);
    for (const { metadata } of objects) {
      if (metadata.deletionTimestamp !== undefined) continue;
      await client.remove(resource, { namespace, name: metadata.name }, { uid: metadata.uid, signal });
    }
    return objects.length;
  }

  async function listServed(
    resource: ResourceKind,
    namespace: string,
    signal: AbortSignal,
  ): Promise<readonly Stored[]> {
    try {
      return await client.list(kindWith<Stored>(resource), namespace, signal);
    } catch (error) {
      // A kind that is no longer served has no objects.
      if (ClusterError.is(error, 'not-found', 'crd-missing')) return [];
      throw error;
    }
  }

  async function finalize(namespace: Namespace, signal: AbortSignal): Promise<Handled> {
    const finalizers = (namespace.spec?.finalizers ?? []).filter((finalizer) => finalizer !== 'kubernetes');
    const body = { ...namespace, spec: { ...namespace.spec, finalizers } };
    try {
      await client.put(kinds.namespace, { name: namespace.metadata.name }, 'finalize', body, signal);
    } catch (error) {
      if (!ClusterError.is(error, 'not-found')) throw error;
    }
    return undefined;
  }
}
