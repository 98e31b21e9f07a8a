/** One attempt to give a pod its network. */
export interface Attempt {
  readonly pod: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly attempt: number;
  /** Of the pod's sandbox, 64 hexadecimal digits. */
  readonly id: string;
  /** The path of the pod's network namespace. */
  readonly netns: string;
}

/**
 * Why a node with CRI-O and Multus as a daemon, as those of OKD, cannot make a pod, in all their words: the kubelet's
 * Event says this after `Failed to create pod sandbox: `. From the sources of CRI-O 1.36 (`networkStart` in
 * `server/sandbox_network.go`, `SetUpPodWithContext` of ocicni), libcni 1.3 (`AddNetworkList`) and Multus 4.3
 * (`wrapCNIRequestError` and `cmdAdd` in `pkg/server`, `DoCNI` and `postRequest` in `pkg/server/api`).
 *
 * @param said what Multus' daemon says
 */
export function toRuntimeError({ pod, attempt, id, netns }: Attempt, said: string): string {
  const { namespace, name, uid } = pod;
  const args = Object.entries({
    IgnoreUnknown: '1',
    K8S_POD_NAMESPACE: namespace,
    K8S_POD_NAME: name,
    K8S_POD_INFRA_CONTAINER_ID: id,
    K8S_POD_UID: uid,
  }).map(([key, value]) => `${key}=${value}`);
  const asked = `ContainerID:"${id}" Netns:"${netns}" IfName:"eth0" Args:"${args.join(';')}" Path:""`;
  return (
    `rpc error: code = Unknown desc = failed to create pod network sandbox k8s_${name}_${namespace}_${uid}_${attempt}(${id}): ` +
    `error adding pod ${namespace}_${name} to CNI network "multus-cni-network": ` +
    `plugin type="multus-shim" name="multus-cni-network" failed (add): CmdAdd (shim): ` +
    `CNI request failed with status 400: '${asked} ERRORED: ` +
    `error configuring pod [${namespace}/${name}] networking: ${said}\n': StdinData: ${JSON.stringify(shimConfig)}`
  );
}

/** What the Cluster Network Operator has Multus' shim configured with (`bindata/network/multus/multus.yaml`). */
const shimConfig = {
  binDir: '/var/lib/cni/bin',
  cniVersion: '1.1.0',
  daemonSocketDir: '/run/multus/socket',
  logLevel: 'verbose',
  logToStderr: true,
  name: 'multus-cni-network',
  namespaceIsolation: true,
  type: 'multus-shim',
};

/** Of one of the pod's networks, by the `name` in its configuration (`cmdPluginErr` of Multus 4.3). */
export function toPluginError({ pod }: Pick<Attempt, 'pod'>, network: string, said: string): string {
  const { namespace, name, uid } = pod;
  return `[${namespace}/${name}/${uid}:${network}]: error adding container to network "${network}": ${said}`;
}

/** Of the pod's networks as they are read, before any plugin is run (`cmdErr` of Multus 4.3). */
export function toNetworksError({ pod }: Pick<Attempt, 'pod'>, said: string): string {
  const { namespace, name, uid } = pod;
  return `Multus: [${namespace}/${name}/${uid}]: error loading k8s delegates k8s args: ${said}`;
}
