import type { KubernetesObject } from './object.ts';

/** All that makes egress routers work on a cluster without the Cluster Network Operator. */
export interface AgentParts {
  readonly crd: KubernetesObject;
  readonly namespace: KubernetesObject;
  readonly rbac: readonly KubernetesObject[];
  /** What the API server checks by itself, from Kubernetes 1.30 on. */
  readonly admission: readonly KubernetesObject[];
  /** A DaemonSet: puts the plugin on each node, and keeps it there. */
  readonly node: KubernetesObject;
  /** A Deployment. */
  readonly operator: KubernetesObject;
  /** Takes the place of `node`, to take the plugin away again. */
  readonly nodeCleanup: KubernetesObject;
}
