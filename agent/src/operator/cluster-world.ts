import { applyObject } from '#cluster/apply.ts';
import type { Connection } from '#cluster/connect.ts';
import { ClusterError } from '#cluster/errors.ts';
import { deleteObject, findObject, listObjects, patchObject } from '#cluster/objects.ts';
import { operatorFieldManager } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { managersOf } from './field-managers.ts';
import type { World } from './world.ts';

export interface ClusterWorldOptions {
  readonly onWritten: (object: KubernetesObject) => void;
  readonly probe: Pick<World, 'rulesOf' | 'faultsOf'>;
}

/**
 * The world of a real API server. Whatever other managers set in the operator's own fields is overruled.
 *
 * @param onWritten takes what the server made of each write
 */
export function clusterWorld(connection: Connection, { onWritten, probe }: ClusterWorldOptions): World {
  const fieldManager = operatorFieldManager;
  return {
    get: async (kind, name, signal) => {
      try {
        return await findObject(connection, kind, name, signal);
      } catch (error) {
        if (ClusterError.is(error, 'crd-missing')) return undefined;
        throw error;
      }
    },
    list: async (kind, where, signal) => {
      try {
        return (await listObjects(connection, kind, { ...where, signal })).objects;
      } catch (error) {
        if (ClusterError.is(error, 'crd-missing')) return [];
        throw error;
      }
    },
    apply: async (object, signal) => {
      onWritten(await applyObject(connection, object, { fieldManager, force: true, signal }));
    },
    patch: async (kind, { metadata: { namespace, name } }, patch, signal) => {
      onWritten(await patchObject(connection, kind, { namespace, name }, patch, signal));
    },
    delete: async (kind, { metadata: { namespace, name, uid } }, signal) => {
      try {
        await deleteObject(connection, kind, { namespace, name }, { uid, signal });
      } catch (error) {
        if (!ClusterError.is(error, 'not-found', 'conflict')) throw error;
      }
    },
    managersOf: async (kind, { metadata: { namespace, name } }, field, signal) => {
      const live = await findObject(connection, kind, { namespace, name }, signal);
      return live === undefined ? [] : managersOf(live, field);
    },
    rulesOf: (pod, digest, key) => probe.rulesOf(pod, digest, key),
    faultsOf: (pod, key) => probe.faultsOf(pod, key),
    writeConditions: async (
      { apiVersion, kind, metadata: { namespace, name, resourceVersion } },
      conditions,
      signal,
    ) => {
      // With the version, so that what was seen of a router that is gone is not told of the next one of its name,
      // which has the same generation. Of a status the API server takes whatever uid it is given (kube-apiserver 1.36.2).
      const metadata = {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        ...(resourceVersion === undefined ? {} : { resourceVersion }),
      };
      const object = { apiVersion, kind, metadata, status: { conditions } };
      const how = { fieldManager, force: true, subresource: 'status', signal } as const;
      onWritten(await applyObject(connection, object, how));
    },
  };
}
