import { expect, test } from 'vitest';
import { decodeSandboxError, findAddressHolders } from '#cluster/sandbox-error.ts';

const silent =
  "The CNI plugin failed and gave no reason. Look at the node: its NICs, and the plugin's log file. The platform's plugin is silent about every fault: a NIC that the node does not have, an address or gateway that is none, a protocol other than TCP, UDP and SCTP.";
const master = 'Set networkInterface.macvlan.master to a NIC that the node has, or leave it out.';

test.each([
  [
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "f00": plugin type="multus" name="multus-cni-network" failed (add): [demo/pod/9c1:egress-router-cni-nad]: error adding container to network "egress-router-cni-nad": The node has no interface "ens9".',
    'The node has no interface "ens9".',
  ],
  [
    'error adding pod demo_pod to CNI network "multus-cni-network": plugin type="multus" failed (add): [demo/pod:egress-router-cni-nad]: error adding container to network "egress-router-cni-nad": unexpected end of JSON input',
    silent,
  ],
  [
    'failed (add): macvlan master "ens9" does not exist; master-missing',
    `macvlan master "ens9" does not exist. ${master}`,
  ],
  ['failed (add): link is down; see the log of the node', 'link is down; see the log of the node'],
  ['something else', 'something else'],
  ['', ''],
])('%s', (text, expected) => {
  expect(decodeSandboxError(text)).toBe(expected);
});

/** What the executable of this project says when an ADD fails, and what the programs around it do. */
test.each([
  ['macvlan master "ens9" does not exist on this node (it has: eth0)', /networkInterface\.macvlan\.master/],
  [
    'interfaceArgs.master is not set, no network interface of this node is in the subnet of 10.0.0.9/24, and the node has no default route (it has none)',
    /networkInterface\.macvlan\.master/,
  ],
  [
    "address 10.0.0.9 is the node's own, on its interface eth0; a router needs one that nothing else uses",
    /Reserve/,
  ],
  ['address 10.0.0.9 is in use: 0a:58:00:00:00:01 on the network of eth0 answers for it', /whose MAC/],
  ["address 10.0.0.9 is already on the pod's interface eth0", /outside of the cluster's own networks/],
  ["address fd00::9/64 needs IPv6, and this node's kernel has none", /Enable IPv6/],
  ['mtu 9000 is above that of macvlan master eth0, which is 1500', /Lower it/],
  ['the pod already has an interface net1', /only once/],
  ['the pod is an egress router already, by its interface net1; it cannot be a second one', /only once/],
  ['the pod has no interface eth0 on the cluster network (it has: lo)', /cluster's network plugin/],
  ['another interface on eth0 has MAC 0a:58:00:00:00:01', /earlier pod/],
  ['another ADD or DEL is at work in the pod', /tried again/],
  ['"nft" is not installed on this node', /Install it/],
  ['not installed on this node: ip, nft', /Install it/],
  ['macvlan master eth0 is down', /Bring the NIC up/],
  ['cannot create a macvlan on eth0: RTNETLINK answers: Device or resource busy', /bridge or bond/],
  ['cannot create a macvlan on eth0: RTNETLINK answers: Operation not supported', /kernel of the node/],
  ['cannot install the firewall rules: Error: Could not process rule', /nf_tables/],
  ['cannot set the IPv4 routes: Error: Nexthop has invalid gateway.', /Check gateway/],
  ['cannot configure interface net1: it exited with 1', /log file/],
  ['cannot set ipv4/ip_forward to 1: Read-only file system', /log file/],
  ["cannot work in the pod's network namespace: it was killed by signal 9", /log file/],
  ['internal error: RangeError: x', /log file/],
  [
    'Address 10.0.0.9 has no prefix length; write it as 10.0.0.9/24 or as the subnet has it.',
    /in the EgressRouter/,
  ],
  ['Gateway "x" is not an IP address.', /in the EgressRouter/],
  ['Destination "80 HTTP 10.0.0.1" is not "<port> <protocol> <ip> [<target port>]".', /in the EgressRouter/],
  ['The network configuration lists no address for the router.', /in the EgressRouter/],
  ['"ip.addresses" lists 999 addresses; a router has 64 at most.', /in the EgressRouter/],
  ['cniVersion "9.0.0" is not supported; this plugin supports 0.3.1', /Set cniVersion/],
  ['CNI_NETNS is missing or is not an absolute path', /container runtime/],
  ['there is no network namespace at /run/netns/x', /container runtime/],
  ['netplugin failed: "panic: runtime error: index out of range [0] with length 0', /crashed/],
  ['netplugin failed with no error message: signal: killed', /gave no reason/],
  ['failed to find plugin "egress-router" in path [/opt/cni/bin]', /Install Agent/],
  [
    'cannot find a network-attachment-definition (egress-router-cni-nad) in namespace (demo)',
    /deploy the router again/,
  ],
  ['context deadline exceeded', /too slow/],
  ["invalid character 'x' looking for beginning of value", /made anew/],
  ['dial unix /run/multus/multus.sock: connect: connection refused', /Multus does not answer/],
])('what to do: %s', (error, advice) => {
  const wrapped = `Failed to create pod sandbox: plugin type="multus" failed (add): [demo/p:n]: error adding container to network "n": ${error}`;
  expect(decodeSandboxError(wrapped)).toMatch(advice);
});

/**
 * What CRI-O and a Multus that is a daemon make of an error, as on OKD: Multus 4.3 (`pkg/server`: `DoCNI`,
 * `postRequest`, `wrapCNIRequestError`; `pkg/multus`: `cmdErr`, `cmdPluginErr`), CRI-O 1.36
 * (`server/sandbox_network.go`). The NAD holds one plugin, of which libcni says nothing in `AddNetwork`.
 */
test.each([
  [
    'a plugin',
    '[demo/p/u:egress-router-cni-nad]: error adding container to network "egress-router-cni-nad": macvlan master "ens9" does not exist; master-missing',
    `macvlan master "ens9" does not exist. ${master}`,
  ],
  [
    'the platform’s plugin',
    '[demo/p/u:egress-router-cni-nad]: error adding container to network "egress-router-cni-nad": unexpected end of JSON input',
    silent,
  ],
  [
    'a quote at the end',
    '[demo/p/u:n]: error adding container to network "n": cannot read the table \'inet x\'',
    "cannot read the table 'inet x'. Look at the plugin's log file on the node, and report it.",
  ],
  [
    'a file that is not there',
    '[demo/p/u:n]: error adding container to network "n": no such file or directory',
    'no such file or directory',
  ],
  [
    'Multus itself',
    'Multus: [demo/p/u]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod: GetNetworkDelegates: failed getting the delegate: getKubernetesDelegate: cannot find a network-attachment-definition (n) in namespace (demo): network-attachment-definitions.k8s.cni.cncf.io "n" not found',
    'cannot find a network-attachment-definition (n) in namespace (demo): network-attachment-definitions.k8s.cni.cncf.io "n" not found. It is made for the router: see what its operator says, or deploy the router again.',
  ],
  [
    'a configuration that breaks off',
    'Multus: [demo/p/u]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod: GetNetworkDelegates: failed getting the delegate: GetCNIConfig: err in getCNIConfigFromSpec: failed to unmarshal Spec.Config: unexpected end of JSON input',
    'failed to unmarshal Spec.Config: unexpected end of JSON input. The configuration in the NetworkAttachmentDefinition cannot be read: delete it, so that it is made anew.',
  ],
  [
    'a namespace that may not use it',
    'Multus: [demo/p/u]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod: GetNetworkDelegates: namespace isolation enabled, annotation violates permission, pod is in namespace demo but refers to target namespace other',
    'TryLoadPodDelegates: error in getting k8s network for pod: GetNetworkDelegates: namespace isolation enabled, annotation violates permission, pod is in namespace demo but refers to target namespace other',
  ],
  [
    "the cluster's own network, asked the same way",
    '[demo/p/u:ovn-kubernetes]: error adding container to network "ovn-kubernetes": CNI request failed with status 400: \'[demo/p 1f network default NAD default] timed out\n\'',
    '[demo/p 1f network default NAD default] timed out. The node was too slow to answer: it is tried again. If it stays so, look at the load of the node and at Multus there.',
  ],
])('of a daemon: %s', (_name, error, expected) => {
  const id = '1f'.repeat(32);
  const args = `IgnoreUnknown=1;K8S_POD_NAMESPACE=demo;K8S_POD_NAME=p;K8S_POD_INFRA_CONTAINER_ID=${id};K8S_POD_UID=u`;
  const given =
    '{"cniVersion":"0.3.1","daemonSocketDir":"/run/multus/socket","name":"multus-cni-network","type":"multus-shim"}';
  const answer = `ContainerID:"${id}" Netns:"/var/run/netns/6c" IfName:"eth0" Args:"${args}" Path:"" ERRORED: error configuring pod [demo/p] networking: ${error}\n`;
  const said = `CNI request failed with status 400: '${answer}'`;
  for (const end of ['', `: StdinData: ${given}`]) {
    const message = `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create pod network sandbox k8s_p_demo_u_0(${id}): error adding pod demo_p to CNI network "multus-cni-network": plugin type="multus-shim" name="multus-cni-network" failed (add): CmdAdd (shim): ${said}${end}`;
    expect(decodeSandboxError(message)).toBe(expected);
    expect(decodeSandboxError(`(combined from similar events): ${message}`)).toBe(expected);
  }
});

test('who has an address', () => {
  const said =
    'address 10.0.0.9 is in use: 0a:58:00:00:00:01 on the network of eth0 answers for it; address fd00::9 is in use: 0a:58:00:00:00:02 on the network of eth0 answers for it';
  expect(findAddressHolders(decodeSandboxError(said))).toEqual([
    { ip: '10.0.0.9', mac: '0a:58:00:00:00:01' },
    { ip: 'fd00::9', mac: '0a:58:00:00:00:02' },
  ]);
  const itsOwn =
    "that is this router's own MAC: a pod of it is still there, or another router has the same MAC";
  const ofItsOwn = decodeSandboxError(`${said}; ${itsOwn}`);
  expect(ofItsOwn).toMatch(/It is tried again: wait until the earlier pod has ended\.$/);
  expect(findAddressHolders(ofItsOwn)).toEqual([]);
  expect(findAddressHolders('macvlan master "ens9" does not exist')).toEqual([]);
});
