/**
 * Who turns EgressRouters into pods: the Cluster Network Operator of the platform, or this project's operator.
 * `unknown` where nothing tells: then what either of them does is worth knowing.
 */
export type Reconciler = 'cno' | 'agent' | 'unknown';
