import { ClusterError } from '#cluster/errors.ts';
import type { ResourceKind } from '#cluster/kinds.ts';
import type { KubernetesObject, OwnerReference } from '#core/manifest/object.ts';
import { kind as kindWith } from '../client.ts';
import { Mirror } from '../mirror.ts';
import { keyOf, locationOf, type Stored } from '../objects.ts';
import type { Handled } from '../queue.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { ownableKinds } from './kind-catalog.ts';

/** The API server sets one of these on an object that is deleted with that propagation policy. */
const foregroundFinalizer = 'foregroundDeletion';
const orphanFinalizer = 'orphan';

export interface GarbageCollector extends Controller {
  close(): void;
}

/**
 * Takes along what a deleted object owned. Background: what has only missing owners goes. Foreground: the owner
 * stays until those of its dependents are gone that block it. Orphan: the dependents are let go, and stay.
 * Keys are `<apiVersion>|<Kind>|<namespace/name>`.
 */
export function garbageCollector(context: ControllerContext): GarbageCollector {
  const { client, mirrors } = context;
  const watched = new Map<string, { readonly resource: ResourceKind; readonly mirror: Mirror<Stored> }>();
  let enqueueKey: (key: string) => void = () => undefined;

  function watchKinds(): void {
    for (const resource of ownableKinds(mirrors.crds.list())) {
      const id = `${resource.apiVersion}|${resource.kind}`;
      if (watched.has(id)) continue;
      const mirror = new Mirror(kindWith<Stored>(resource));
      watched.set(id, { resource, mirror });
      mirror.onChange((change) => {
        enqueueKey(`${id}|${keyOf(change.object)}`);
        if (change.kind === 'removed') {
          for (const dependent of dependentsOf(change.object)) enqueueKey(keyWithKind(dependent));
        }
        // A foreground deletion of an owner waits for this one.
        for (const owner of change.object.metadata.ownerReferences ?? [])
          enqueueKey(ownerKey(change.object, owner));
      });
      void mirror.start(client.connection);
    }
  }

  function dependentsOf(owner: KubernetesObject): readonly Stored[] {
    const { uid } = owner.metadata;
    return [...watched.values()].flatMap(({ mirror }) =>
      mirror
        .list()
        .filter((object) => object.metadata.ownerReferences?.some((reference) => reference.uid === uid)),
    );
  }

  async function reconcile(key: string, signal: AbortSignal): Promise<Handled> {
    const [apiVersion, kind, name] = key.split('|');
    const entry = watched.get(`${apiVersion}|${kind}`);
    const object = entry?.mirror.get(name ?? '');
    if (entry === undefined || object === undefined) return undefined;
    const finalizers = object.metadata.finalizers ?? [];
    if (object.metadata.deletionTimestamp !== undefined) {
      if (finalizers.includes(foregroundFinalizer)) await deleteForeground(entry.resource, object, signal);
      if (finalizers.includes(orphanFinalizer)) await orphan(entry.resource, object, signal);
      return undefined;
    }
    const owners = object.metadata.ownerReferences ?? [];
    if (owners.length === 0) return undefined;
    const missing: OwnerReference[] = [];
    for (const owner of owners) if (!(await isThere(object, owner, signal))) missing.push(owner);
    if (missing.length === 0) return undefined;
    if (missing.length === owners.length) {
      await client.remove(entry.resource, locationOf(keyOf(object)), { uid: object.metadata.uid, signal });
    } else {
      await setOwners(
        entry.resource,
        object,
        owners.filter((owner) => !missing.includes(owner)),
        signal,
      );
    }
    return undefined;
  }

  async function hasSolid(
    object: Stored,
    owners: readonly OwnerReference[],
    signal: AbortSignal,
  ): Promise<boolean> {
    for (const owner of owners) if (await isSolid(object, owner, signal)) return true;
    return false;
  }

  /** One that does not wait to be rid of what it owns. https://kubernetes.io/docs/concepts/architecture/garbage-collection */
  async function isSolid(object: Stored, owner: OwnerReference, signal: AbortSignal): Promise<boolean> {
    if (!(await isThere(object, owner, signal))) return false;
    const { namespace } = object.metadata;
    const mirror = watched.get(`${owner.apiVersion}|${owner.kind}`)?.mirror;
    const live = mirror?.get(owner.name) ?? mirror?.get(`${namespace}/${owner.name}`);
    const { deletionTimestamp, finalizers = [] } = live?.metadata ?? {};
    return deletionTimestamp === undefined || !finalizers.includes(foregroundFinalizer);
  }

  /** Asks the API server where the mirror knows no such owner: an object is lost for good by a wrong answer. */
  async function isThere(object: Stored, owner: OwnerReference, signal: AbortSignal): Promise<boolean> {
    const entry = watched.get(`${owner.apiVersion}|${owner.kind}`);
    // A kind that is not watched, for example of a CRD that is not there yet: nothing is known, so nothing is done.
    if (entry === undefined) return true;
    const at = {
      ...(entry.resource.namespaced ? { namespace: object.metadata.namespace } : {}),
      name: owner.name,
    };
    const mirrored = entry.mirror.get(at.namespace === undefined ? at.name : `${at.namespace}/${at.name}`);
    if (mirrored?.metadata.uid === owner.uid) return true;
    const live = await client.find(kindWith<Stored>(entry.resource), at, signal);
    return live?.metadata.uid === owner.uid;
  }

  async function deleteForeground(resource: ResourceKind, owner: Stored, signal: AbortSignal): Promise<void> {
    const leaving: Stored[] = [];
    for (const dependent of dependentsOf(owner)) {
      const entry = watched.get(`${dependent.apiVersion}|${dependent.kind}`);
      if (dependent.metadata.deletionTimestamp !== undefined || entry === undefined) {
        leaving.push(dependent);
        continue;
      }
      const others =
        dependent.metadata.ownerReferences?.filter(({ uid }) => uid !== owner.metadata.uid) ?? [];
      if (await hasSolid(dependent, others, signal)) {
        await setOwners(entry.resource, dependent, others, signal);
        continue;
      }
      leaving.push(dependent);
      await client.remove(entry.resource, locationOf(keyOf(dependent)), {
        propagationPolicy: 'Foreground',
        uid: dependent.metadata.uid,
        signal,
      });
    }
    const blocking = leaving.some((dependent) =>
      dependent.metadata.ownerReferences?.some(
        (reference) => reference.uid === owner.metadata.uid && reference.blockOwnerDeletion === true,
      ),
    );
    if (!blocking) await dropFinalizer(resource, owner, foregroundFinalizer, signal);
  }

  async function orphan(resource: ResourceKind, owner: Stored, signal: AbortSignal): Promise<void> {
    for (const dependent of dependentsOf(owner)) {
      const entry = watched.get(`${dependent.apiVersion}|${dependent.kind}`);
      const others =
        dependent.metadata.ownerReferences?.filter(({ uid }) => uid !== owner.metadata.uid) ?? [];
      if (entry !== undefined) await setOwners(entry.resource, dependent, others, signal);
    }
    await dropFinalizer(resource, owner, orphanFinalizer, signal);
  }

  async function setOwners(
    resource: ResourceKind,
    object: Stored,
    owners: readonly OwnerReference[],
    signal: AbortSignal,
  ): Promise<void> {
    const { uid, resourceVersion } = object.metadata;
    const metadata = { uid, resourceVersion, ownerReferences: owners.length === 0 ? null : owners };
    await client.patch(resource, locationOf(keyOf(object)), { metadata }, signal);
  }

  async function dropFinalizer(
    resource: ResourceKind,
    object: Stored,
    finalizer: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { uid, resourceVersion, finalizers = [] } = object.metadata;
    const left = finalizers.filter((entry) => entry !== finalizer);
    const metadata = { uid, resourceVersion, finalizers: left.length === 0 ? null : left };
    try {
      await client.patch(resource, locationOf(keyOf(object)), { metadata }, signal);
    } catch (error) {
      if (!ClusterError.is(error, 'not-found')) throw error;
    }
  }

  return {
    name: 'garbage-collector',
    listen: (enqueue) => {
      enqueueKey = enqueue;
      mirrors.crds.onChange(watchKinds);
      watchKinds();
    },
    reconcile,
    close: () => {
      for (const { mirror } of watched.values()) mirror.close();
    },
  };
}

function keyWithKind(object: Stored): string {
  return `${object.apiVersion}|${object.kind}|${keyOf(object)}`;
}

function ownerKey(object: Stored, { apiVersion, kind, name }: OwnerReference): string {
  const { namespace } = object.metadata;
  return `${apiVersion}|${kind}|${namespace === undefined ? name : `${namespace}/${name}`}`;
}
