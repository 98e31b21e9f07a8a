import type { Connection } from '#cluster/connect.ts';
import { kinds } from '#cluster/kinds.ts';
import { createObject, findObject, type Location, replaceObject } from '#cluster/objects.ts';
import { at, numberAt, textAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';

/** What a Lease says; its times are RFC 3339 with microseconds, by the clock of whoever wrote them. */
export interface LeaseSpec {
  /** Empty: nobody. */
  readonly holderIdentity: string;
  readonly leaseDurationSeconds: number;
  readonly acquireTime: string;
  readonly renewTime: string;
  readonly leaseTransitions: number;
}

export interface Lease {
  /** As it was read, with the resourceVersion that guards the next write. */
  readonly object: KubernetesObject;
  readonly spec: LeaseSpec;
}

/** One Lease of some API server. */
export interface LeaseStore {
  find(signal: AbortSignal): Promise<Lease | undefined>;
  /** @throws ClusterError `already-exists` */
  create(spec: LeaseSpec, signal: AbortSignal): Promise<Lease>;
  /** @throws ClusterError `conflict` where anyone has written since `lease` was read */
  update(lease: Lease, spec: LeaseSpec, signal: AbortSignal): Promise<Lease>;
}

export function leaseStore(connection: Connection, { namespace, name }: Location): LeaseStore {
  const place = { namespace, name };
  return {
    find: async (signal) => {
      const object = await findObject(connection, kinds.lease, place, signal);
      return object === undefined ? undefined : toLease(object);
    },
    create: async (spec, signal) => {
      const { apiVersion, kind } = kinds.lease;
      const object = { apiVersion, kind, metadata: place, spec };
      return toLease(await createObject(connection, kinds.lease, object, { namespace, signal }));
    },
    update: async ({ object }, spec, signal) =>
      toLease(await replaceObject(connection, kinds.lease, place, { ...object, spec }, signal)),
  };
}

function toLease(object: KubernetesObject): Lease {
  const spec = at(object, 'spec');
  return {
    object,
    spec: {
      holderIdentity: textAt(spec, 'holderIdentity') ?? '',
      leaseDurationSeconds: numberAt(spec, 'leaseDurationSeconds') ?? 0,
      acquireTime: textAt(spec, 'acquireTime') ?? '',
      renewTime: textAt(spec, 'renewTime') ?? '',
      leaseTransitions: numberAt(spec, 'leaseTransitions') ?? 0,
    },
  };
}
