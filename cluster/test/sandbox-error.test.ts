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
