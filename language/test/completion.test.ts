import { expect, test } from 'vitest';
import { createBaseService } from '#language/base-service.ts';
import { readYamlFile } from '#language/document.ts';
import { completionsAt } from '#language/features/completion.ts';
import { cursorIn, head, router } from './cursor.ts';

const base = createBaseService();

/** `wanted`: the labels, in order. */
function check(title: string, source: string, wanted: readonly string[]): void {
  test(title, async () => {
    const { text, offset } = cursorIn(source);
    const found = await completionsAt(readYamlFile(text), offset, base);
    expect(found.map(({ label }) => label)).toEqual(wanted);
    for (const { documentation } of found) expect(documentation).not.toBe('');
  });
}

/** What the text is once the item has been taken, placeholders as the snippet syntax writes them. */
function checkTaken(title: string, source: string, label: string, wanted: string): void {
  test(title, async () => {
    const { text, offset } = cursorIn(source);
    const item = (await completionsAt(readYamlFile(text), offset, base)).find((one) => one.label === label);
    if (item === undefined) throw new Error(`${label} is not offered`);
    expect(text.slice(0, item.span.start) + item.snippet + text.slice(item.span.end)).toBe(wanted);
  });
}

// Keys.
check('keys of spec', `${head}spec:\n  |\n`, ['mode', 'networkInterface', 'addresses', 'redirect']);
check(
  'keys that are there already are not offered',
  `${head}spec:\n  mode: Redirect\n  addresses: []\n  |\n`,
  ['networkInterface', 'redirect'],
);
check('a half-typed key', router.replace('gateway: 192.168.12.1', 'gate|'), ['gateway']);
check('a half-typed key between others', router.replace('protocol: TCP', 'pro|'), ['protocol']);
check('keys at the root', `${head}|`, ['spec']);
check('keys of a new list item', `${router}      - |\n`, ['destinationIP', 'port', 'protocol', 'targetPort']);
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
  ['mode', 'networkInterface', 'redirect'],
);
check('keys in a flow mapping', `${head}spec:\n  addresses:\n    - {|}`, ['ip', 'gateway']);
checkTaken(
  'a key is followed by its value',
  `${head}spec:\n  redirect:\n    redirectRules:\n      - port: 1\n        targ|`,
  'targetPort',
  `${head}spec:\n  redirect:\n    redirectRules:\n      - port: 1\n        targetPort: `,
);

// Values.
check('the gateway of the subnet that was typed', router.replace('gateway: 192.168.12.1', 'gateway: |'), [
  '192.168.12.1',
  '192.168.12.254',
]);
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
  '192.168.12.99/24',
]);
check('protocols', router.replace('protocol: TCP', 'protocol: |'), ['TCP', 'UDP', 'SCTP']);
check('a half-typed protocol', router.replace('protocol: TCP', 'protocol: T|'), ['TCP', 'UDP', 'SCTP']);
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
  router.replace('TCP', 'T|'),
  'UDP',
  router.replace('TCP', 'UDP'),
);
checkTaken(
  'an address is a skeleton',
  `${head}spec:\n  addresses:\n    - ip: |`,
  '192.168.12.99/24',
  `${head}spec:\n  addresses:\n    - ip: \${1:192.168.12.99}/\${2:24}`,
);

// Whole manifests, and their beginnings.
check('an empty file', '|', ['EgressRouter']);
check('the beginning of a word in an empty file', 'egr|', ['EgressRouter']);
check('a document with comments only', '# routers\n---\n# of the web team\n|', ['EgressRouter']);
check('an empty document after another', 'a: 1\n---\n|', ['EgressRouter']);
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
