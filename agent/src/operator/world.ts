import type { ResourceKind } from '#cluster/kinds.ts';
import type { EgressRouterCondition } from '#core/egress-router/wire.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';

/** All that reconciling may know of the cluster and do to it. Failures are `ClusterError`s. */
export interface World {
  /** @returns undefined where the object, or its kind, does not exist. */
  get(kind: ResourceKind, name: ObjectName, signal: AbortSignal): Promise<KubernetesObject | undefined>;
  /** Nothing where the kind does not exist. */
  list(kind: ResourceKind, where: Selection, signal: AbortSignal): Promise<readonly KubernetesObject[]>;
  /** Server-side apply in the operator's name: fields it set before and no longer names are removed. */
  apply(object: KubernetesObject, signal: AbortSignal): Promise<void>;
  /** Writes `status.conditions` and nothing else. */
  writeConditions(
    router: KubernetesObject,
    conditions: readonly EgressRouterCondition[],
    signal: AbortSignal,
  ): Promise<void>;
}

export interface ObjectName {
  /** Absent for objects of the cluster's scope. */
  readonly namespace?: string;
  readonly name: string;
}

export interface Selection {
  /** Absent: every namespace. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}
