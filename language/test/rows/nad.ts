import { changed as changedIn } from './changed.ts';
import type { CheckRow } from './check-row.ts';

/** A sound NAD as a person writes one. Each row is about another part of its JSON. */
const nad = `apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata:
  name: egress-router-cni-nad
  namespace: web
spec:
  config: |
    {
      "cniVersion": "0.4.0",
      "type": "egress-router",
      "name": "egress-router-cni-nad",
      "ip": {
        "addresses": ["192.168.12.99/24"],
        "gateway": "192.168.12.1",
        "destinations": ["8080 TCP 203.0.113.25 80"]
      },
      "log_level": "debug"
    }
`;

function changed(from: string, to: string): string {
  return changedIn(from, to, nad);
}

const address = '["192.168.12.99/24"]';
const gateway = '"192.168.12.1"';
const rule = '"8080 TCP 203.0.113.25 80"';
const level = '"log_level": "debug"';
const ipv4 = `"addresses": ${address},\n        "gateway": ${gateway},\n        "destinations": [${rule}]`;
const onlyAPerson = (what: string) => ({ none: `Only a person knows ${what}.` });

export const nadRows: readonly CheckRow[] = [
  {
    code: 'unknown-field',
    raises: changed('  namespace: web\n', '  namespace: web\n  «lables»: {team: web}\n'),
    quiet: nad,
    fixed: changed('  namespace: web\n', '  namespace: web\n  labels: {team: web}\n'),
  },
  {
    code: 'invalid-name',
    raises: changed('namespace: web', 'namespace: «Web»'),
    quiet: nad,
    fixed: nad,
  },
  {
    code: 'missing-field',
    raises: changed('metadata:\n  name: egress-router-cni-nad\n', '«metadata»:\n'),
    quiet: nad,
    fixed: onlyAPerson('the name'),
  },
  {
    code: 'nad-config-not-json',
    raises: changed('"debug"', '"debug"«,»'),
    quiet: nad,
    fixed: nad,
  },
  {
    code: 'nad-config-not-text',
    raises: nad.slice(0, nad.indexOf('config')).concat('«config»: {"type": "egress-router"}\n'),
    quiet: nad.slice(0, nad.indexOf('config')).concat("config: ''\n"),
    fixed: { none: 'The string is another text than the object, with comments that JSON cannot have.' },
  },
  {
    code: 'nad-type-wrong',
    raises: changed('"egress-router",', '«"macvlan"»,'),
    quiet: changed('name: egress-router-cni-nad', 'name: lan').replace('"egress-router",', '"macvlan",'),
    fixed: nad,
  },
  row('netconf-unknown-key', '"gateway"', '«"gatway"»', '"gateway"', changed(level, '"dns": {}')),
  row(
    'netconf-fallback-ignored',
    '"destinations": ["8080 TCP 203.0.113.25 80"]',
    '«"fallbackIP"»: "203.0.113.26"',
    '"destinations": ["203.0.113.26"]',
  ),
  row('netconf-address-ignored', address, '["192.168.12.99/24", «"192.168.12.98/24"»]', address),
  row('netconf-key-ignored', level, '«"log_level"»: "error",\n      "dns": {}', '"dns": {}'),
  row('netconf-key-ignored', level, '«"localPorts"»: ["9410 TCP"],\n      "dns": {}', '"dns": {}'),
  row(
    'netconf-ipv6-unsupported',
    ipv4,
    '"addresses": [«"fd12::99/64"»],\n        "gateway": "fd12::1",\n        "destinations": ["80 TCP 2001:db8::25"]',
    onlyAPerson('an IPv4 address that is reserved'),
  ),
  row(
    'netconf-ipv6-unsupported',
    ipv4,
    `"addresses": ["192.168.12.99/24", "fd12::99/64"],\n        "gateway": ${gateway},\n        "destinations": [${rule}, «"80 TCP 2001:db8::25"»]`,
    `"addresses": ["192.168.12.99/24", "fd12::99/64"],\n        "gateway": ${gateway},\n        "destinations": [${rule}]`,
  ),
  row('netconf-cni-version-unserved', '"0.4.0"', '«"1.0.0"»', '"0.4.0"', changed('"0.4.0"', '"0.3.1"')),
  row(
    'netconf-gateway-needed',
    `"ip": {\n        "addresses": ${address},\n        "gateway": ${gateway},`,
    `«"ip"»: {\n        "addresses": ${address},`,
    onlyAPerson('the gateway of the network'),
  ),
  row(
    'netconf-rule-shadowed',
    rule,
    `"203.0.113.26", «${rule}»`,
    `${rule}, "203.0.113.26"`,
    changed(rule, `${rule}, "203.0.113.26"`),
  ),
  row('netconf-spelling-unread', rule, '«"8080 TCP 203.0.113.25/32 80"»', rule),
  row('netconf-spelling-unread', rule, '«" 8080 TCP  203.0.113.25 80"»', rule),
  row('netconf-spelling-unread', rule, '«"203.0.113.25/32"»', '"203.0.113.25"'),
  row('netconf-spelling-unread', `"gateway": ${gateway}`, `«"gateway"»: [${gateway}]`, {
    none: 'Edits put text in place of text, not in place of a list.',
  }),
  row(
    'netconf-spelling-unread',
    level,
    '"interfaceArgs": {"mtu": «1400»}',
    '"interfaceArgs": {"mtu": "1400"}',
  ),
  row(
    'netconf-spelling-unread',
    level,
    '"interfaceArgs": {"mode": «"VEPA"»}',
    '"interfaceArgs": {"mode": "vepa"}',
  ),
  {
    code: 'netconf-not-an-object',
    raises: nad.slice(0, nad.indexOf('config')).concat('«config»: |\n    []\n'),
    quiet: nad,
    fixed: onlyAPerson('which configuration was meant'),
  },
  row('netconf-cni-version-invalid', '"0.4.0"', '«"v1"»', '"0.4.0"', changed('"0.4.0"', '"1.0.0"')),
  row(
    'netconf-name-invalid',
    '"name": "egress-router-cni-nad"',
    '"name": «"../router"»',
    '"name": "router"',
    changed('      "name": "egress-router-cni-nad",\n', ''),
  ),
  row('netconf-value-invalid', address, '«"192.168.12.99/24"»', onlyAPerson('what the list is to hold')),
  row(
    'netconf-no-addresses',
    `"ip": {\n        "addresses": ${address},\n        "gateway": ${gateway},`,
    '«"ip"»: {\n        "addresses": [],\n        "gateway": "",',
    onlyAPerson('which address is reserved for the router'),
  ),
  row('netconf-address-invalid', address, '[«"192.168.12.99"»]', address),
  row(
    'netconf-address-duplicate',
    address,
    '["192.168.12.99/24", «"192.168.12.99/25"»]',
    address,
    changed(address, '["192.168.12.99/24", "192.168.12.98/24"]'),
  ),
  row('netconf-gateway-invalid', gateway, '«"192.168.12.1/24"»', gateway, changed(gateway, '""')),
  row(
    'netconf-gateway-unmatched',
    gateway,
    '«"fd12::1"»',
    gateway,
    changed(address, '["192.168.12.99/24", "fd12::99/64"]').replace(gateway, '["192.168.12.1", "fd12::1"]'),
  ),
  row('netconf-gateway-outside-subnet', gateway, '«"192.168.13.1"»', gateway),
  row(
    'netconf-gateway-is-address',
    `        "gateway": ${gateway},\n`,
    '        "gateway": «"192.168.12.99"»,\n',
    '',
    changed(gateway, '"192.168.12.98"'),
  ),
  row(
    'netconf-destination-invalid',
    rule,
    '«"8080 203.0.113.25"»',
    onlyAPerson('the protocol'),
    changed(rule, '"203.0.113.25"'),
  ),
  row(
    'netconf-destination-port-invalid',
    rule,
    '«"08080 TCP 203.0.113.25 80"»',
    rule,
    changed(rule, '"65535 TCP 203.0.113.25"'),
  ),
  row(
    'netconf-destination-protocol-invalid',
    rule,
    '«"8080 TCPP 203.0.113.25 80"»',
    rule,
    changed(rule, '"8080 tcp 203.0.113.25 80"'),
  ),
  row('netconf-destination-ip-invalid', rule, '«"8080 TCP api.example.com 80"»', {
    none: 'What the name stands for is to be looked up, and the entry holds more than the name.',
  }),
  row(
    'netconf-destination-ip-invalid',
    rule,
    '«"8080 TCP 192.168.12.255 80"»',
    '',
    changed(rule, '"8080 TCP 192.168.12.254 80"'),
  ),
  row(
    'netconf-destination-prefix',
    rule,
    '«"8080 TCP 203.0.113.25/24 80"»',
    rule,
    changed(rule, '"8080 TCP 203.0.113.25/32 80"'),
  ),
  row(
    'netconf-destination-duplicate',
    rule,
    '"8080 TCP 203.0.113.25 80", «"8080 TCP 203.0.113.26"»',
    rule,
    changed(rule, '"8080 TCP 203.0.113.25 80", "8080 UDP 203.0.113.26"'),
  ),
  row(
    'netconf-fallback-duplicate',
    rule,
    '"203.0.113.25", «"203.0.113.26"»',
    '"203.0.113.25"',
    changed(rule, '"8080 TCP 203.0.113.25 80", "203.0.113.26"'),
  ),
  row(
    'netconf-family-not-served',
    `"addresses": ${address},\n        "gateway": ${gateway},\n        "destinations": [${rule}]`,
    `«"addresses"»: ${address},\n        "gateway": ${gateway},\n        "destinations": ["80 TCP 2001:db8::25"]`,
    onlyAPerson('which address is reserved for the router'),
  ),
  row(
    'netconf-nothing-redirected',
    `"ip": {\n        "addresses": ${address},\n        "gateway": ${gateway},\n        "destinations": [${rule}]`,
    `«"ip"»: {\n        "addresses": ${address},\n        "gateway": ${gateway},\n        "destinations": []`,
    onlyAPerson('where connections go'),
  ),
  row('netconf-interface-unsupported', level, '"interfaceType": «"ipvlan"»', '"interfaceType": "macvlan"'),
  row(
    'netconf-mode-invalid',
    level,
    '"interfaceArgs": {"mode": «"brigde"»}',
    '"interfaceArgs": {"mode": "bridge"}',
    changed(level, '"interfaceArgs": {"mode": "VEPA"}'),
  ),
  row(
    'netconf-master-invalid',
    level,
    '"interfaceArgs": {"master": «"a/b"», "mode": "bridge"}',
    '"interfaceArgs": {"mode": "bridge"}',
    changed(level, '"interfaceArgs": {"master": "enp1s0.100"}'),
  ),
  row(
    'netconf-mtu-invalid',
    level,
    '"interfaceArgs": {"mtu": «"67"», "mode": "bridge"}',
    '"interfaceArgs": {"mode": "bridge"}',
    changed(level, '"interfaceArgs": {"mtu": "68"}'),
  ),
  row(
    'netconf-mac-invalid',
    level,
    '"mac": «"02-42-C0-A8-0C-63"»',
    '"mac": "02:42:c0:a8:0c:63"',
    changed(level, '"mac": "02:42:c0:a8:0c:63"'),
  ),
  row(
    'netconf-dad-invalid',
    level,
    '"dad": {"timeoutMs": «-1»}',
    '"dad": {}',
    changed(level, '"dad": {"timeoutMs": 0}'),
  ),
  row(
    'netconf-local-port-invalid',
    level,
    '"localPorts": [«"9410"»]',
    '"localPorts": ["9410 TCP"]',
    changed(level, '"localPorts": ["9410 tcp"]'),
  ),
  row(
    'netconf-log-invalid',
    level,
    '"log_file": «"/etc/log"»',
    '"log_file": "/tmp/egress-router-log"',
    changed(level, '"log_file": "/var/log/egress-router"'),
  ),
];

/** One part of the JSON put in other ways: at fault, and mended. */
function row(
  code: CheckRow['code'],
  part: string,
  wrong: string,
  mended: string | { readonly none: string },
  quiet: string = nad,
): CheckRow {
  const fixed = typeof mended === 'string' ? changed(part, mended) : mended;
  return { code, raises: changed(part, wrong), quiet, fixed };
}
