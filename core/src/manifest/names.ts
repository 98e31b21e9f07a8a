/** Names, labels and annotations that the platform documents for the objects of an egress router. */
export const nadName = 'egress-router-cni-nad';
export const deploymentName = 'egress-router-cni-deployment';
export const containerName = 'egress-router-cni-pod';
export const appLabel = 'app';
export const appLabelValue = 'egress-router-cni';
/** On all that is made for a router by this project's operator: which one, as `routerLabelValue` writes it. */
export const routerLabel = 'egress-router-tools/router';

/** Multus: which NADs a pod wants, and what it got. */
export const networksAnnotation = 'k8s.v1.cni.cncf.io/networks';
export const networkStatusAnnotation = 'k8s.v1.cni.cncf.io/network-status';

export const nadApiVersion = 'k8s.cni.cncf.io/v1';
export const nadKind = 'NetworkAttachmentDefinition';
export const nadGroup = 'k8s.cni.cncf.io';
export const nadPlural = 'network-attachment-definitions';

/** The CNI plugin's `type`, which is also the name of its executable. */
export const cniType = 'egress-router';
/** The pod's interface on the cluster network, and the one that owns the reserved address. */
export const clusterIfName = 'eth0';
export const routerIfName = 'net1';

/** Set on what this project's sandbox only pretends to run: the value says why. */
export const simulatedAnnotation = 'sandbox.egress-router-tools/simulated';

/** Set on the ClusterRoleBinding of an operator that runs beside the cluster, as that of the sandbox. */
export const sandboxOperatorAnnotation = 'sandbox.egress-router-tools/operator';

/** The ClusterOperator that shows the Cluster Network Operator is present. */
export const cnoClusterOperator = {
  apiVersion: 'config.openshift.io/v1',
  kind: 'ClusterOperator',
  name: 'network',
} as const;

/** Field managers of server-side apply, one for people's commands and one for the operator. */
export const userFieldManager = 'egress-router-tools';
export const operatorFieldManager = 'egress-router-operator';
/** Where the operator is installed, unless somebody chose another namespace, and the Lease that its leader holds. */
export const operatorNamespace = 'egress-router-tools';
export const operatorLeaseName = 'egress-router-operator';

/** What the router process reads: a ConfigMap that is mounted where `EGRESS_ROUTER_CONFIG` points. */
export const configMapName = 'egress-router-cni-config';
export const configPath = '/etc/egress-router/config.json';
/** On the pod template: a new value makes a new pod. */
export const configHashAnnotation = 'egress-router-tools/config-hash';

/** Port of the router process for probes and metrics, admitted by the ruleset from the cluster side only. */
export const healthPort = 9410;
