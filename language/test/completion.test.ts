import { expect, test } from 'vitest';
import { nothingAround, type Surroundings } from '#core/egress-router/candidates/candidate.ts';
import { parseClusterFacts } from '#core/relations/cluster-facts.ts';
import { readYamlFile } from '#language/document.ts';
import { completionsAt } from '#language/features/completion/completion.ts';
import { toFacts } from '#language/objects.ts';
import { cursorIn, head, router } from './cursor.ts';

/** `wanted`: the labels, in order. */
function check(
  title: string,
  source: string,
  wanted: readonly string[],
  surroundings: Surroundings = nothingAround,
): void {
  test(title, () => {
    const { text, offset } = cursorIn(source);
    const found = completionsAt(readYamlFile(text), offset, surroundings);
    expect(found.map(({ label }) => label)).toEqual(wanted);
    for (const { documentation } of found) expect(documentation).not.toBe('');
  });
}

/** What the text is once the item has been taken, placeholders as the snippet syntax writes them. */
function checkTaken(
  title: string,
  source: string,
  label: string,
  wanted: string,
  surroundings: Surroundings = nothingAround,
): void {
  test(title, () => {
    const { text, offset } = cursorIn(source);
    const item = completionsAt(readYamlFile(text), offset, surroundings).find((one) => one.label === label);
    if (item === undefined) throw new Error(`${label} is not offered`);
    expect(text.slice(0, item.span.start) + item.snippet + text.slice(item.span.end)).toBe(wanted);
  });
}

// Keys.
check('keys of spec', `${head}spec:\n  |\n`, ['addresses', 'redirect', 'mode', 'networkInterface']);
check(
  'keys that are there already are not offered',
  `${head}spec:\n  mode: Redirect\n  addresses: []\n  |\n`,
  ['redirect', 'networkInterface'],
);
check('a half-typed key', router.replace('gateway: 192.168.12.1', 'gate|'), ['gateway']);
check('a half-typed key between others', router.replace('protocol: TCP', 'pro|'), ['protocol']);
check('keys at the root', `${head}|`, ['spec']);
check('keys of a new list item', `${router}      - |\n`, [
  'port, protocol, destinationIP, targetPort',
  'port',
  'protocol',
  'destinationIP',
  'targetPort',
]);
check(
  'keys in the second document',
  `a: 1\n---\n${head}spec:\n  addresses:\n    - ip: 10.0.0.5/24\n      |`,
  ['gateway'],
);
check('keys with line ends of Windows', `${head}spec:\n  redirect:\n    |\n`.replaceAll('\n', '\r\n'), [
  'redirectRules',
  'fallbackIP',
]);
check(
  'keys in JSON',
  '{"apiVersion": "network.operator.openshift.io/v1", "kind": "EgressRouter", "spec": {"addresses": [], "|"}}',
  ['redirect', 'mode', 'networkInterface'],
);
check('keys in a flow mapping', `${head}spec:\n  addresses:\n    - {|}`, ['ip', 'gateway']);
checkTaken(
  'a key is followed by its value',
  `${head}spec:\n  redirect:\n    redirectRules:\n      - port: 1\n        targ|`,
  'targetPort',
  `${head}spec:\n  redirect:\n    redirectRules:\n      - port: 1\n        targetPort: `,
);

checkTaken(
  'a key brings what belongs below it',
  `${head}spec:\n  addr|`,
  'addresses',
  // Editors add the blanks that the line begins with.
  `${head}spec:\n  addresses:\n  - ip: \${1:192.168.12.99/24}\n    gateway: \${2:192.168.12.1}`,
);
checkTaken(
  'below a dash, lines stand behind it',
  `${router}      - |\n`,
  'port, protocol, destinationIP, targetPort',
  `${router}      - port: \${1:8080}\n  protocol: \${2|TCP,UDP,SCTP|}\n  destinationIP: \${3:203.0.113.25}\n  targetPort: \${4:80}\n`,
);
check('an entry of an empty list', `${head}spec:\n  addresses:\n    |\n`, ['ip, gateway']);
checkTaken(
  'an entry of an empty list brings its dash',
  `${head}spec:\n  addresses:\n    |\n`,
  'ip, gateway',
  `${head}spec:\n  addresses:\n    - ip: \${1:192.168.12.99/24}\n  gateway: \${2:192.168.12.1}\n`,
);
checkTaken(
  'a key in JSON brings its value',
  '{"apiVersion": "network.operator.openshift.io/v1", "kind": "EgressRouter", "spec": {"addr|"}}',
  'addresses',
  '{"apiVersion": "network.operator.openshift.io/v1", "kind": "EgressRouter", "spec": {"addresses": [{"ip": "${1:192.168.12.99/24}", "gateway": "${2:192.168.12.1}"}]}}',
);
checkTaken(
  'a key that has a value only changes its name',
  router.replace('gateway:', 'gat|:'),
  'gateway',
  router,
);
check('another entry of a list', `${router}      |`, ['port, protocol, destinationIP, targetPort']);
check('an entry that has all its keys', router.replace('  redirect:', '      |\n  redirect:'), []);
check('another entry before what follows the list', router.replace('  redirect:', '    |\n  redirect:'), [
  'ip, gateway',
]);
check(
  'an entry of a list in JSON',
  '{"apiVersion": "network.operator.openshift.io/v1", "kind": "EgressRouter", "spec": {"addresses": [|]}}',
  ['ip, gateway'],
);
const list = `apiVersion: v1\nkind: List\nitems:\n  - ${router.trimEnd().replaceAll('\n', '\n    ')}\n`;
check('keys of a router in a List', `${list}      |`, ['mode', 'networkInterface']);
check('values of a router in a List', list.replace('TCP', '|'), ['TCP', 'UDP', 'SCTP']);

// Values.
check('the gateway of the subnet that was typed', router.replace('gateway: 192.168.12.1', 'gateway: |'), [
  '192.168.12.1',
  '192.168.12.254',
]);
check(
  'the gateway of the network that another address goes through comes first',
  router
    .replace('gateway: 192.168.12.1', 'gateway: 192.168.12.9')
    .replace('  redirect:', '    - ip: 192.168.12.98/24\n      gateway: |\n  redirect:'),
  ['192.168.12.9', '192.168.12.1', '192.168.12.254'],
);
check(
  'a gateway is never the address itself',
  router.replace('.12.99/24', '.12.1/24').replace('gateway: 192.168.12.1', 'gateway: |'),
  ['192.168.12.254'],
);
check(
  'the gateway of a small subnet',
  router.replace('.12.99/24', '.12.98/31').replace('gateway: 192.168.12.1', 'gateway: |'),
  ['192.168.12.99'],
);
check(
  'the gateway of an IPv6 subnet',
  router.replace('192.168.12.99/24', 'fd12::99/64').replace('gateway: 192.168.12.1', 'gateway: |'),
  ['fd12::1'],
);
check(
  'no gateway for an address that cannot be read',
  router.replace('.99/24', '').replace('gateway: 192.168.12.1', 'gateway: |'),
  [],
);
check('an address', `${head}spec:\n  addresses:\n    - ip: |`, ['192.168.12.99/24', 'fd12::99/64']);
check('an address of the family that lacks', `${router.replace('  redirect:', '    - ip: |\n  redirect:')}`, [
  'fd12::99/64',
  '192.168.12.100/24',
]);
check('protocols', router.replace('protocol: TCP', 'protocol: |'), ['TCP', 'UDP', 'SCTP']);
check('a half-typed protocol', router.replace('protocol: TCP', 'protocol: T|'), ['TCP']);
// Editors take the first offer at Enter.
check('a port as it is meant', router.replace('port: 8080', 'port: 90|'), []);
check('a network as it is meant', router.replace('192.168.12.99/24', '192.168.12.99/2|'), []);
check('an address as it is meant', `${router}    fallbackIP: 203.0.113.2|`, []);
check('the first figures of an address', `${router}    fallbackIP: 203|`, ['203.0.113.25']);
check('an address that is begun', `${router}    fallbackIP: 203.0.|`, ['203.0.113.25']);
check('an address that lacks its prefix length', router.replace('12.99/24', '12.99|'), ['192.168.12.99/24']);
check('a word as it is meant', router.replace('protocol: TCP', 'protocol: TCP|'), []);
check('macvlan modes', `${router}  networkInterface:\n    macvlan:\n      mode: |`, [
  'Bridge',
  'Private',
  'VEPA',
  'Passthru',
]);
check('destinations in use come first', `${router}    fallbackIP: |`, ['203.0.113.25']);
check('destinations', `${head}spec:\n  addresses:\n    - ip: fd12::99/64\n  redirect:\n    fallbackIP: |`, [
  '2001:db8::25',
]);
check(
  'values in JSON',
  '{"apiVersion": "network.operator.openshift.io/v1", "kind": "EgressRouter", "spec": {"mode": |}}',
  ['Redirect'],
);
checkTaken(
  'a value in JSON is put in quotes',
  '{"apiVersion": "network.operator.openshift.io/v1", "kind": "EgressRouter", "spec": {"mode": |}}',
  'Redirect',
  '{"apiVersion": "network.operator.openshift.io/v1", "kind": "EgressRouter", "spec": {"mode": "Redirect"}}',
);
checkTaken(
  'the value typed so far gives way',
  router.replace('TCP', 'U|'),
  'UDP',
  router.replace('TCP', 'UDP'),
);
checkTaken(
  'an address is a skeleton',
  `${head}spec:\n  addresses:\n    - ip: |`,
  '192.168.12.99/24',
  `${head}spec:\n  addresses:\n    - ip: \${1:192.168.12.99}/\${2:24}`,
);

const twoPorts = router.concat('      - port: |\n        protocol: TCP\n');
check('ports that no rule has', twoPorts, ['8081', '8443', '80', '443', '22', '25', '53', ...databases()]);
check('another protocol may have the same port', twoPorts.replace(/TCP\n$/, 'UDP\n'), [
  '8080',
  '8443',
  ...wellKnown(),
  ...databases(),
]);
check(
  'the protocol with which the port is free comes first',
  router.concat('      - port: 8080\n        protocol: |\n'),
  ['UDP', 'SCTP', 'TCP'],
);
check('remote ports but the one that is the default', router.replace('targetPort: 80', 'targetPort: |'), [
  '8443',
  ...wellKnown(),
  ...databases(),
]);
check('a number in quotes is no port', router.replace('8080', '"|"'), []);

function wellKnown(): readonly string[] {
  return ['80', '443', '22', '25', '53'];
}

function databases(): readonly string[] {
  return ['389', '636', '1433', '1521', '3306', '5432', '6379', '9092'];
}

// What is known around the document.
const cluster = parseClusterFacts({
  context: 'lab',
  networks: [
    { name: 'pod', cidr: '10.128.0.0/14' },
    { name: 'machine', cidr: '192.168.12.0/24' },
  ],
  nics: [
    { node: 'a', name: 'enp1s0', addresses: ['192.168.12.10/24', 'fe80::1/64'] },
    { node: 'b', name: 'enp1s0', addresses: ['192.168.12.11/24'] },
    { node: 'b', name: 'enp2s0', addresses: ['10.9.0.4/29'] },
    { node: 'a', name: 'br-ex', addresses: ['10.128.0.1/23'] },
  ],
  routers: [
    {
      namespace: 'shop',
      name: 'payments',
      addresses: ['192.168.12.12'],
      rules: [{ port: 1, protocol: 'TCP', destination: '198.51.100.7', targetPort: 1 }],
      state: 'Available',
    },
  ],
  usedAddresses: [{ ip: '192.168.12.14', by: 'printer' }],
});
const legacy = `apiVersion: v1
kind: Pod
metadata:
  name: old
  annotations:
    pod.network.openshift.io/assign-macvlan: "true"
spec:
  initContainers:
    - name: egress-router
      image: registry.redhat.io/openshift3/ose-egress-router
      env:
        - name: EGRESS_SOURCE
          value: 192.168.12.99
        - name: EGRESS_GATEWAY
          value: 192.168.12.1
        - name: EGRESS_DESTINATION
          value: 203.0.113.25
`;

function factsOf(text: string): Surroundings['facts'] {
  return readYamlFile(text).slices.flatMap(({ content }) => (content?.objects ?? []).map(toFacts));
}

const around: Surroundings = {
  facts: [
    {
      kind: 'service',
      name: 'orders',
      namespace: 'web',
      isHeadless: false,
      selector: { app: 'egress-router-cni' },
      ports: [],
      isWhole: true,
    },
    { kind: 'configMap', name: 'other', namespace: 'on', keys: [], texts: {} },
  ],
  cluster,
};
check(
  'an address that nothing known has, in each network of the nodes',
  `${head}spec:\n  addresses:\n    - ip: |`,
  ['192.168.12.15/24', '10.9.0.5/29', '192.168.12.99/24', 'fd12::99/64'],
  around,
);
check(
  'no sample address that another router has',
  `${head}spec:\n  addresses:\n    - ip: |`,
  ['192.168.12.100/24', 'fd12::99/64'],
  { facts: factsOf(router.replace('partner-api', 'other')) },
);
check(
  'no sample address that an old router has',
  `${head}spec:
  addresses:
    - ip: |`,
  ['192.168.12.100/24', 'fd12::99/64'],
  { facts: factsOf(legacy) },
);
check(
  'no sample address that a router of the cluster has',
  `${head}spec:\n  addresses:\n    - ip: |`,
  ['192.168.12.100/24', 'fd12::99/64'],
  { facts: [], cluster: parseClusterFacts({ usedAddresses: [{ ip: '192.168.12.99', by: 'printer' }] }) },
);
check(
  'NICs, first that of the address',
  `${router}  networkInterface:\n    macvlan:\n      master: |`,
  ['enp1s0', 'enp2s0', 'br-ex'],
  around,
);
check(
  'NICs, first that of the address, though fewer nodes have it',
  `${router.replace('192.168.12.99/24', '10.9.0.5/29')}  networkInterface:\n    macvlan:\n      master: |`,
  ['enp2s0', 'enp1s0', 'br-ex'],
  around,
);
check('destinations of the cluster', `${router}    fallbackIP: |`, ['203.0.113.25', '198.51.100.7'], around);
check('no name that a router has', router.replace('partner-api', '|'), [], {
  ...around,
  facts: [...around.facts, ...factsOf(router.replace('partner-api', 'orders'))],
});
check('namespaces', router.replace('namespace: web', 'namespace: |'), ['web', 'on', 'shop'], around);
check(
  'the name by which a Service waits for a router',
  router.replace('partner-api', '|'),
  ['orders'],
  around,
);
checkTaken(
  'a namespace that YAML takes for something else is put in quotes',
  router.replace('namespace: web', 'namespace: |'),
  'on',
  router.replace('namespace: web', 'namespace: "on"'),
  around,
);

// Whole manifests, and their beginnings.
const manifests = ['egress-router', 'egress-router-dual-stack', 'egress-router-service', 'egress-router-nad'];
check('an empty file', '|', manifests);
check('the beginning of a word in an empty file', 'egr|', manifests);
check('a document with comments only', '# routers\n---\n# of the web team\n|', manifests);
check('an empty document after another', 'a: 1\n---\n|', manifests);
check('a kind to be', 'apiVersion: network.operator.openshift.io/v1\nkind: |', ['EgressRouter']);
check('a kind half typed', 'apiVersion: network.operator.openshift.io/v1\nkind: Egr|', ['EgressRouter']);
check('a version to be', 'kind: EgressRouter\napiVersion: |', ['network.operator.openshift.io/v1']);

// Silence.
check('another kind', 'apiVersion: v1\nkind: |', []);
check(
  'another kind of the group',
  'apiVersion: network.operator.openshift.io/v1\nkind: OperatorPKI\nspec:\n  |',
  [],
);
check('a document that is none of ours', 'a: 1\n|', []);
check('a list', '- |', []);
check('another document of the file', `a: |\n---\n${router}`, []);
check('a comment', router.replace('TCP', 'TCP # |'), []);
check('a template', router.replace('TCP', '{{ .Values.p|rotocol }}'), []);

// One more blank line took twice the time: forty of them, hours.
check('on a blank line above a manifest', `|${'\n'.repeat(40)}${head}`, ['spec']);

// Annotations of this project.
const annotated = (line: string): string => `${head}  annotations:\n    ${line}\nspec:\n  addresses: []\n`;
const options = ['node-selector', 'tolerations', 'priority-class', 'spread', 'requests', 'limits', 'expose'];
check(
  'annotations of this project',
  annotated('|'),
  options.map((name) => `egress-router-tools/${name}`),
);
check(
  'those that are there already are not offered',
  annotated('egress-router-tools/spread: none\n    egress-router-tools/e|'),
  options.filter((name) => name !== 'spread').map((name) => `egress-router-tools/${name}`),
);
check('nor where the platform makes the router', `# egressRouter.reconciler: cno\n${annotated('|')}`, []);
check('values of an annotation', annotated('egress-router-tools/spread: |'), [
  'preferred',
  'required',
  'none',
]);
checkTaken(
  'the value of an annotation is text',
  annotated('egress-router-tools/expose: |'),
  'true',
  annotated('egress-router-tools/expose: "true"'),
);
checkTaken(
  'a key with a domain gives way as one word',
  annotated('egress-router-tools/ex|'),
  'egress-router-tools/expose',
  annotated('egress-router-tools/expose: '),
);
