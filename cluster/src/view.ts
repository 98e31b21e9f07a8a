import type { Failure } from './errors.ts';
import type { ObjectName, ObjectRef } from './object-ref.ts';

export interface ContextView {
  readonly name: string;
  readonly cluster: string;
  readonly user: string;
  readonly namespace?: string;
}

/** Without a namespace all that can be seen, without a name all routers. */
export interface StatusTarget extends Partial<ObjectName> {
  /** `objects` of each router also names its ConfigMap and the Services that belong to it. */
  readonly withAllObjects?: boolean;
}

export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** `since` is ISO 8601. The routers last seen stay in the snapshot. */
  | ({ readonly kind: 'unreachable'; readonly since: string } & Failure);

export interface RoutersSnapshot {
  readonly context: string;
  readonly scope:
    | { readonly kind: 'cluster' }
    /** Those the user may see, sorted; at least one. */
    | {
        readonly kind: 'namespaces';
        readonly namespaces: readonly string[];
        /** So many others are not watched, as they are too many for one by one. Absent: none. */
        readonly more?: number;
      };
  readonly connection: ConnectionState;
  /** Sorted by namespace, then name. */
  readonly routers: readonly RouterView[];
}

/** One router as a tree or table shows it: plain data, nothing to look up. */
export interface RouterView {
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
  readonly state: RouterState;
  /**
   * Addresses, rules and fallback are those in force: of a spec that our operator refuses, those of the last good one.
   * Where the NetworkAttachmentDefinition that keeps them cannot be seen or read, they are those of the refused spec.
   */
  readonly addresses: readonly { readonly ip: string; readonly gateway?: string }[];
  readonly rules: readonly RuleView[];
  readonly fallbackIP?: string;
  readonly pods: readonly PodView[];
  readonly services: readonly ServiceView[];
  /** From Events about the router and its objects, the newest first. */
  readonly warnings: readonly WarningView[];
  /** What exists of the router's objects: NAD, Deployment; where all are asked for, ConfigMap and Services besides. */
  readonly objects: readonly ObjectRef[];
  /** `Deployments`: of what belongs to it, the kinds that this user may not see. Absent: all can be seen. */
  readonly mayNotSee?: readonly string[];
}

export type RouterState =
  /** `message` says what is not certain of it: its rules, where nobody can ask its pod for them. */
  | { readonly kind: 'ready'; readonly message?: string }
  /** Up, but only pretended: this cluster moves no packets. */
  | { readonly kind: 'simulated'; readonly message: string }
  | { readonly kind: 'progressing'; readonly message: string }
  | { readonly kind: 'degraded'; readonly message: string }
  /** The pod runs, but with rules older than the router's: what the CNO changes needs a new pod. */
  | { readonly kind: 'stale-rules'; readonly message: string }
  /** Another router, pod or host holds the reserved address. */
  | { readonly kind: 'address-conflict'; readonly message: string }
  /** Nothing acts on EgressRouters here, or not yet. */
  | { readonly kind: 'not-reconciled'; readonly message: string }
  | { readonly kind: 'deleting'; readonly message: string };

export interface RuleView {
  readonly port: number;
  readonly protocol: string;
  readonly destinationIP: string;
  readonly targetPort: number;
}

export interface PodView {
  readonly name: string;
  readonly node?: string;
  readonly phase: string;
  readonly ready: boolean;
  /** On the cluster network (eth0); absent until the pod has one. */
  readonly podIP?: string;
  /** The router's interface as Multus reports it; absent until it is attached. */
  readonly net1?: { readonly ips: readonly string[]; readonly mac?: string };
  /** Set where the sandbox only pretends to run the pod: says why. */
  readonly simulated?: string;
  /** Why the pod does not come up, in a sentence. */
  readonly problem?: string;
}

export interface ServiceView {
  readonly name: string;
  readonly type: string;
  /** Absent until one is given; `None` for a headless Service. */
  readonly clusterIP?: string;
  readonly ports: readonly { readonly name: string; readonly protocol: string; readonly port: number }[];
  /** Sentences: how its ports and selector disagree with the router. Absent where they agree. */
  readonly outOfStep?: readonly string[];
  /** It seems to be meant for the router, and does not lead to its pods; `outOfStep` says where to. */
  readonly leadsElsewhere?: true;
  /** Exposing the router again would mend nothing of what `outOfStep` says: somebody else has written it. */
  readonly isLeftByExpose?: true;
}

export interface WarningView {
  /** `Pod egress-router-cni-deployment-5d8-x2f`: whom the Event is about. */
  readonly about: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  /** ISO 8601. */
  readonly lastSeen?: string;
}
