import type { ApplyPlan } from '#core/egress-router/apply-plan.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Problem } from '#core/problem.ts';
import type { Failure } from './errors.ts';
import type { ObjectName, ObjectRef } from './object-ref.ts';
import type { PreflightReport } from './preflight-report.ts';
import type { HeardSubscription } from './subscription.ts';
import type { ContextView, RoutersSnapshot, StatusTarget, WarningView } from './view.ts';

/**
 * What the extension sees of a cluster: one session for one context and one default namespace. To switch either,
 * or to read the kubeconfig again, close the session and open another. Everything that crosses is plain data;
 * everything that fails rejects with a `ClusterError` (see errors.ts, which loads no Kubernetes client).
 *
 * `dist/cluster.cjs` exports one value, `openCluster`.
 */
export type OpenCluster = (options: OpenClusterOptions) => Promise<ClusterSession>;

export interface OpenClusterOptions {
  /** Files to merge, first one wins; absent: as kubectl does (KUBECONFIG, ~/.kube/config, then in-cluster). */
  readonly kubeconfigPaths?: readonly string[];
  /** Absent: the kubeconfig's current context. */
  readonly context?: string;
  /** Absent: the context's namespace, else `default`. */
  readonly namespace?: string;
  /** False forbids credential plugins, which run programs named in the kubeconfig (untrusted workspaces). */
  readonly allowExec: boolean;
  /** Reads a kubeconfig also from a pipe, until it ends: only for who has nothing else to do. */
  readonly mayWait?: boolean;
  /** What is done in it is not about its namespace, which is then not told either. */
  readonly isClusterWide?: boolean;
  readonly log: (line: string) => void;
}

/** Opening reads files only; the first request happens with the first call. */
export interface ClusterSession {
  readonly context: string;
  readonly namespace: string;
  readonly contexts: readonly ContextView[];

  /** Those the user may list or, on OpenShift, see; else the session's own and those that the kubeconfig names. */
  namespaces(signal: AbortSignal): Promise<readonly string[]>;
  /**
   * Calls back at once, then after changes, ten times a second at most; cluster-wide where permitted, else in the
   * namespaces that can be seen. Of two snapshots, routers that look the same are the same objects.
   */
  watchRouters(listener: (snapshot: RoutersSnapshot) => void): HeardSubscription;
  /** The same snapshot read once. `connection` is `live`; what prevents reading rejects. Without a namespace as above. */
  status(target: StatusTarget, signal: AbortSignal): Promise<RoutersSnapshot>;

  /** Waits until the router as it is stored is in force: `ready`, or why it is not. Lasting faults may still pass. */
  follow(router: ObjectName, options: RunOptions & Pick<WaitOptions, 'timeoutMs'>): Promise<RouterOutcome>;
  /** The router as it is stored; undefined where there is none. */
  read(router: ObjectName, signal: AbortSignal): Promise<KubernetesObject | undefined>;
  /** Any object that belongs to a router, without managedFields; undefined where there is none. */
  readObject(ref: ObjectRef, signal: AbortSignal): Promise<KubernetesObject | undefined>;
  /** Passes on what a pod's containers write; returns at the end, or when the pod is gone. */
  logs(pod: ObjectName, options: LogOptions): Promise<void>;
  /** Of the router and of all that was made for it, the newest first. */
  events(router: ObjectName, signal: AbortSignal): Promise<readonly EventView[]>;
  /** Where the web console of OKD or OpenShift is; undefined where there is none, or nothing tells. */
  consoleUrl(signal: AbortSignal): Promise<string | undefined>;
  /** What is known around the routers. What may not be read is left out. */
  surroundings(signal: AbortSignal): Promise<Surroundings>;

  /** Reads, checks and dry-runs; changes nothing. */
  planDeploy(documents: readonly SourceDocument[], options: PlanOptions): Promise<DeployPlan>;
  deploy(plan: DeployPlan, options: RunPlanOptions & WaitOptions): Promise<DeployResult>;
  planExpose(router: ObjectName, options: ExposeOptions): Promise<ExposePlan>;
  expose(plan: ExposePlan, options: RunPlanOptions): Promise<ExposeResult>;
  planTeardown(router: ObjectName, signal: AbortSignal, options?: TeardownOptions): Promise<TeardownPlan>;
  teardown(plan: TeardownPlan, options: RunOptions & WaitOptions): Promise<TeardownResult>;
  /** The routers of OpenShift SDN that there are. */
  legacyRouters(signal: AbortSignal): Promise<readonly LegacyView[]>;
  /** Of one of them: itself, its ConfigMaps, and the Services that select its pods, as people write them. */
  readLegacy(router: ObjectRef, signal: AbortSignal): Promise<readonly KubernetesObject[]>;
  /** What installing the agent would do: CRD, permissions, operator and the nodes' part. Changes nothing. */
  planInstall(options: InstallOptions): Promise<InstallPlan>;
  install(plan: InstallPlan, options: RunPlanOptions & WaitOptions): Promise<InstallResult>;
  /** Refused in a sandbox, which would not work without. */
  planRemove(options: Pick<InstallOptions, 'signal'>): Promise<RemovePlan>;
  remove(plan: RemovePlan, options: RemoveOptions & RunOptions & WaitOptions): Promise<TeardownResult>;
  /** A new pod, which comes when the old one has gone: for what a running router does not take up. */
  planRestart(router: ObjectName, signal: AbortSignal): Promise<RestartPlan>;
  restart(router: ObjectName, options: RunOptions & WaitOptions): Promise<RestartResult>;
  preflight(subject: PreflightSubject, options: PreflightOptions): Promise<PreflightReport>;
  /** Ends every watch; later calls reject. */
  close(): void;
}

export interface LogOptions {
  readonly signal: AbortSignal;
  /** True goes on with what is written later, over restarts. */
  readonly follow: boolean;
  /** Of each run, the last ones. */
  readonly tailLines: number;
  /** Without their line ends. */
  readonly onLines: (lines: readonly string[]) => void;
  /** Between two looks at a container that is not running; absent: 1.5 s. */
  readonly pollMs?: number;
}

export interface EventView extends WarningView {
  readonly isWarning: boolean;
}

/** Addresses and networks as the cluster writes them. */
export interface Surroundings {
  /** Absent where nobody acts on EgressRouters, or nothing tells. */
  readonly reconciler?: 'cno' | 'agent';
  readonly networks: readonly { readonly name: 'pod' | 'service' | 'machine'; readonly cidr: string }[];
  readonly nics: readonly {
    readonly node: string;
    readonly name: string;
    readonly addresses: readonly string[];
  }[];
  readonly usedAddresses: readonly { readonly ip: string; readonly by: string }[];
}

/** One YAML or JSON document, parsed; `source` says where it stands, for messages (`routers.yaml#2`). */
export interface SourceDocument {
  readonly value: unknown;
  readonly source: string;
}

export interface PlanOptions {
  /** For documents that name none; absent: the session's. */
  readonly namespace?: string;
  /** As for a preflight. */
  readonly routersPerNic?: number;
  readonly signal: AbortSignal;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

export interface RunPlanOptions extends RunOptions {
  /** Takes over the fields whose conflicts the plan shows; without it a plan with conflicts is refused. */
  readonly force?: boolean;
}

export interface WaitOptions {
  /** False returns as soon as the API server has accepted. */
  readonly wait: boolean;
  readonly timeoutMs: number;
}

export interface Progress {
  readonly object: ObjectRef;
  readonly message: string;
  /** Of a router that comes up: which of its parts is waited for. They come in the order of `routerParts`. */
  readonly part?: (typeof routerParts)[number];
}

export const routerParts = ['NAD', 'Deployment', 'pod', 'interface'] as const;

/** Nothing may be deployed while `refused` is not empty. */
export interface DeployPlan extends ApplyPlan {
  /** Documents with errors, each with a path for people, as of a `FieldChange`. */
  readonly refused: readonly { readonly source: string; readonly problems: readonly Problem[] }[];
  /** Documents of other kinds, which Deploy leaves alone. */
  readonly skipped: readonly {
    readonly source: string;
    readonly kind: string;
    /** A router of OpenShift SDN, which is to be migrated. */
    readonly isLegacy?: true;
  }[];
  readonly warnings: readonly { readonly source: string; readonly problems: readonly Problem[] }[];
  /** Of the routers as they would be. */
  readonly preflight: PreflightReport;
  /** As far as it is certain. */
  readonly toCome: readonly ToCome[];
}

/** What whoever acts on a router then makes for it, and deletes. */
export interface ToCome {
  readonly router: ObjectName;
  readonly by: NonNullable<PreflightReport['reconciler']>;
  readonly made: readonly ObjectRef[];
  readonly deleted: readonly ObjectRef[];
}

export interface DeployResult {
  readonly routers: readonly { readonly object: ObjectRef; readonly outcome: RouterOutcome }[];
}

export type RouterOutcome =
  /** `message` says what is not certain of it. */
  | { readonly kind: 'ready'; readonly message?: string }
  /** Not waited for. */
  | { readonly kind: 'applied' }
  /** Its pod keeps the rules that it had: only a new one takes up the change. */
  | { readonly kind: 'stale-rules'; readonly message: string }
  /** It is applied, and this person may not see what becomes of it. */
  | { readonly kind: 'unfollowed'; readonly message: string }
  | ({ readonly kind: 'failed' } & Failure);

export interface ExposeOptions {
  /** Beside those of the rules; a router that only has a fallback has no others. */
  readonly ports?: readonly { readonly port: number; readonly protocol: string }[];
  /** The Service as a person has edited it, in place of the one that is made of the rules. */
  readonly service?: unknown;
  /** The same as YAML or JSON. */
  readonly serviceText?: string;
  readonly signal: AbortSignal;
}

export interface ExposePlan extends ApplyPlan {
  readonly router: ObjectName;
  /** Why there is nothing to expose: a router without rules has no ports. */
  readonly refused?: string;
  /** It is refused for want of a port, which a person can name: the router has a fallback only. */
  readonly needsPort?: boolean;
  /** Sentences: how the Service would disagree with the router. */
  readonly warnings: readonly string[];
  /** Where an annotation of the router asks the operator for the Service, which then applies it, and not this plan. */
  readonly annotation?: 'kept-by-operator' | 'ignored-by-cno';
  /** In which the router leads on: `IPv6` for a rule to an IPv6 server. */
  readonly families?: readonly ('IPv4' | 'IPv6')[];
  /** Ports that the Service will have, and from which no rule leads on: clients of them are refused. */
  readonly unserved?: readonly { readonly protocol: string; readonly port: number }[];
}

export interface ExposeResult {
  readonly service: ObjectRef;
  /** What clients call, as the Service lists them; none where the cluster gave none. */
  readonly addresses: readonly string[];
  /** From which the router leads on. */
  readonly ports: readonly { readonly name: string; readonly protocol: string; readonly port: number }[];
}

export interface TeardownOptions {
  /** Names of Services in the router's namespace that the person may take for its own: those of the same file. */
  readonly beside?: readonly string[];
}

export interface TeardownPlan {
  readonly router: ObjectName;
  /** The router first, then what its deletion takes along. */
  readonly objects: readonly DoomedObject[];
  /** What stays and why, for example a Service of the user's that selects the router's pods. */
  readonly stays: readonly { readonly object: ObjectRef; readonly why: string }[];
  /** Kinds, in the plural, that this person may not list: what of them belongs to the router is not in the plan. */
  readonly unseen: readonly string[];
}

/** `uid`, since a new object of the same name is not meant. */
export interface DoomedObject extends ObjectRef {
  readonly uid: string;
}

export interface TeardownResult {
  readonly gone: readonly ObjectRef[];
  /** Still there when the deadline passed, with what holds each. */
  readonly residue: readonly { readonly object: ObjectRef; readonly why: string }[];
  /** What does not go with it, and is still there: Services that select it, a NAD without an owner. */
  readonly stays?: TeardownPlan['stays'];
  /** Kinds, in the plural, that this person may not list: nobody has seen what of them is still there. */
  readonly unseen?: readonly string[];
}

export interface LegacyView {
  readonly object: ObjectRef;
  /** Its reserved address as written, where its manifest tells. */
  readonly source?: string;
}

export interface InstallOptions {
  /** Where the nodes pull the agent's image from. */
  readonly image: string;
  /** Absent: the agent's usual one. */
  readonly namespace?: string;
  readonly signal: AbortSignal;
}

export interface InstallPlan extends ApplyPlan {
  readonly image: string;
  readonly namespace: string;
  /** Why nothing may be installed here. */
  readonly refused?: string;
  /** Sentences: what will not work. */
  readonly warnings: readonly string[];
}

export interface InstallResult {
  /** What has to come up: CRD, DaemonSet, operator. */
  readonly parts: readonly {
    readonly object: ObjectRef;
    readonly outcome: RouterOutcome;
  }[];
}

export interface RemovePlan {
  readonly namespace: string;
  /** In the order in which they go. */
  readonly objects: readonly DoomedObject[];
  /** They stay, and with nobody to act on them. */
  readonly routers: readonly ObjectName[];
  /** The executable on the nodes. */
  readonly plugin:
    | { readonly kind: 'removed'; readonly image: string }
    | { readonly kind: 'kept'; readonly why: string };
  readonly stays: readonly { readonly object: ObjectRef; readonly why: string }[];
  /** Goes only where asked for; absent where it must stay. */
  readonly crd?: DoomedObject;
}

export interface RemoveOptions {
  readonly withCrd: boolean;
}

export interface RestartPlan {
  readonly deployment: ObjectRef;
  /** The pods that there are. */
  readonly replaced: readonly ObjectRef[];
}

export interface RestartResult {
  /** The pods that there were. */
  readonly replaced: readonly ObjectRef[];
  readonly outcome: RouterOutcome;
}

/** A namespace, whether routers could come up in it; or routers, live or to be. */
export type PreflightSubject =
  | { readonly kind: 'namespace'; readonly namespace?: string }
  | { readonly kind: 'router'; readonly router: ObjectName }
  | { readonly kind: 'documents'; readonly documents: readonly SourceDocument[] };

export interface PreflightOptions {
  /** For documents that name none; absent: the session's. */
  readonly namespace?: string;
  /** How many routers one NIC of a node is to have at most; absent: `defaultRoutersPerNic`. */
  readonly routersPerNic?: number;
  readonly signal: AbortSignal;
}
