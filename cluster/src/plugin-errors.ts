/**
 * What to do about an error of the CNI plugin, of ours or of the platform's, or about what the programs around it
 * say in its place. @returns undefined for one that nobody foresaw
 */
export function adviceFor(error: string): string | undefined {
  return rows.find(([pattern]) => pattern.test(error))?.[1];
}

/** What ends in no words at all, in words. @returns undefined where the error says something */
export function wordsFor(error: string): string | undefined {
  return wordless.find(([pattern]) => pattern.test(error))?.[1];
}

/** The platform's own plugin ends with success and no result, whatever went wrong. */
const silent =
  "The CNI plugin failed and gave no reason. Look at the node: its NICs, and the plugin's log file. The platform's plugin is silent about every fault: a NIC that the node does not have, an address or gateway that is none, a protocol other than TCP, UDP and SCTP.";

const wordless: readonly (readonly [RegExp, string])[] = [
  [/(?<!Spec\.Config: )unexpected end of JSON input|netplugin failed with no error message/, silent],
  [
    /panic: |index out of range|nil pointer dereference/,
    "The CNI plugin crashed. The platform's plugin does so where there is no address: give the router one with its prefix length, and look at the NetworkAttachmentDefinition.",
  ],
];

const inManifest =
  'Correct it in the EgressRouter, or in the NetworkAttachmentDefinition where that is written by hand.';
const pluginFault = "Look at the plugin's log file on the node, and report it.";

/** The first that fits counts: those of our plugin mostly in the order in which it comes to them, then others'. */
const rows: readonly (readonly [RegExp, string])[] = [
  [
    /macvlan master ".*" does not exist/,
    'Set networkInterface.macvlan.master to a NIC that the node has, or leave it out.',
  ],
  [
    /interfaceArgs\.master is not set, no network interface/,
    'Set networkInterface.macvlan.master to the NIC that leads to this network, or correct the address.',
  ],
  [/^address \S+ is the node's own/, 'Reserve an address that nothing has, and write it in the router.'],
  [/that is this router's own MAC/, 'It is tried again: wait until the earlier pod has ended.'],
  [
    /^address \S+ is in use: /,
    'Find whose MAC that is and take the address away from it, or reserve another one.',
  ],
  [
    /^address \S+ is already on the pod's interface/,
    "Reserve an address outside of the cluster's own networks.",
  ],
  [/needs IPv6, and this node's kernel has none/, 'Enable IPv6 on the node, or remove the address.'],
  [/^mtu \S+ is above that of macvlan master/, 'Lower it to what the NIC has.'],
  [
    /the pod already has an interface |the pod is an egress router already/,
    "Name one egress router in the pod's annotation k8s.v1.cni.cncf.io/networks, and only once.",
  ],
  [/the pod has no interface \S+ on the cluster network/, "Look at what the cluster's network plugin says."],
  [
    /another interface on \S+ has MAC /,
    "Mostly that is the router's earlier pod: it is tried again until that has ended.",
  ],
  [/another ADD or DEL is at work in the pod/, 'It is tried again: wait a moment.'],
  [/is not installed on this node|^not installed on this node: /, 'Install it on the node.'],
  [/macvlan master \S+ is down/, 'Bring the NIC up on the node.'],
  [
    /cannot (?:create|make) a macvlan .*busy/i,
    'The NIC is a port of a bridge or bond, or another router has it in Passthru mode: take the bridge or bond for master.',
  ],
  [
    /cannot (?:create|make) a macvlan /,
    'Check that the kernel of the node has macvlan, and that the NIC is a plain Ethernet one.',
  ],
  [/cannot install the firewall rules/, 'Check that the kernel of the node has nf_tables with NAT.'],
  [/cannot set the IPv[46] routes/, 'Check gateway and prefix length of the address.'],
  [
    /^cniVersion .* is not supported|needs cniVersion \S+ or later/,
    'Set cniVersion in the NetworkAttachmentDefinition to one that is.',
  ],
  [
    /^(?:Address|Gateway|Destination|Port|Protocol|Local port|Connections without a rule|The network (?:configuration|name)|cniVersion|interfaceType|interfaceArgs|"[\w.]+" (?:must|lists)) ?/,
    inManifest,
  ],
  [
    /^CNI_\w+ |missing or invalid in the environment|CNI_NETNS|no network namespace at |prevResult|standard input is not a JSON object/,
    'The container runtime did not call the plugin as the CNI specification says: restart it on the node, and report it if that does not help.',
  ],
  [
    /^cannot (?!find a network)|^interface \S+ (?:has gone|cannot be deleted)|^internal error|second process is not in the namespace|there is no question to ask|is no interface name/,
    pluginFault,
  ],
  [
    /failed to find plugin /,
    'The node does not have this CNI plugin: the platform brings it with Multus, elsewhere Install Agent does.',
  ],
  [
    /cannot find a network-attachment-definition/,
    'It is made for the router: see what its operator says, or deploy the router again.',
  ],
  [
    /context deadline exceeded|timed out/,
    'The node was too slow to answer: it is tried again. If it stays so, look at the load of the node and at Multus there.',
  ],
  [
    /invalid character .* (?:looking for|after|in)|error (?:parsing|loading|unmarshall?ing)|failed to unmarshal Spec\.Config/,
    'The configuration in the NetworkAttachmentDefinition cannot be read: delete it, so that it is made anew.',
  ],
  [
    /(?:connection refused|no such file or directory).*multus|multus.*(?:connection refused|no such file or directory)/i,
    'Multus does not answer on this node: look at its pod there.',
  ],
];
