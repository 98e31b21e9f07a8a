import type { ResourceKind } from '#cluster/kinds.ts';
import type { EgressRouterCondition } from '#core/egress-router/wire.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { PodFaults, RulesState } from './pod-probe.ts';

/** All that reconciling may know of the cluster and do to it. Failures are `ClusterError`s. */
export interface World {
  /** @returns undefined where the object, or its kind, does not exist. */
  get(kind: ResourceKind, name: ObjectName, signal: AbortSignal): Promise<KubernetesObject | undefined>;
  /** Nothing where the kind does not exist. */
  list(kind: ResourceKind, where: Selection, signal: AbortSignal): Promise<readonly KubernetesObject[]>;
  /** Server-side apply in the operator's name: fields it set before and no longer names are removed. */
  apply(object: KubernetesObject, signal: AbortSignal): Promise<void>;
  /** JSON merge patch, for what somebody else set and server-side apply cannot take away. */
  patch(
    kind: ResourceKind,
    object: KubernetesObject,
    patch: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<void>;
  /** Deletes just this object, not a new one of its name; one that is gone already is none to complain of. */
  delete(kind: ResourceKind, object: KubernetesObject, signal: AbortSignal): Promise<void>;
  /** Who, beside the operator, set `field` of an object as it is. */
  managersOf(
    kind: ResourceKind,
    object: KubernetesObject,
    field: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]>;
  /**
   * Whether `pod`, which belongs to the router `key`, redirects by the configuration with this digest. Answers at
   * once; where it has to ask, the router comes back when there is news.
   */
  rulesOf(pod: KubernetesObject, digest: string, key: string): RulesState;
  /** Why `pod`, which belongs to the router `key` and is not ready, says that it does not redirect. Answers at once. */
  faultsOf(pod: KubernetesObject, key: string): PodFaults;
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
  /** As the API server has it now: watches of several kinds do not keep step with each other. */
  readonly isFresh?: true;
}
