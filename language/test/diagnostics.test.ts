import { expect, test } from 'vitest';
import { readYamlFile } from '#language/document.ts';
import { routersOf } from '#language/features/routers.ts';
import { head, router } from './cursor.ts';

/** `wanted`: the code and the marked text of each diagnostic of the file, in order. */
function check(title: string, text: string, wanted: readonly [code: string, marked: string][]): void {
  test(title, () => {
    const found = routersOf(readYamlFile(text)).flatMap((one) =>
      one.diagnostics.map(({ code, span }) => [code, text.slice(span.start, span.end)]),
    );
    expect(found).toEqual(wanted);
  });
}

const changed = (from: string, to: string): string => {
  if (!router.includes(from)) throw new Error(`The sample router has no ${from}`);
  return router.replace(from, to);
};

check('a sound router', router, []);
check('line ends of Windows', changed('.12.1\n', '.13.1\n').replaceAll('\n', '\r\n'), [
  ['gateway-outside-subnet', '192.168.13.1'],
]);
check('the value at fault is marked', changed('gateway: 192.168.12.1', 'gateway: 192.168.13.1 # c'), [
  ['gateway-outside-subnet', '192.168.13.1'],
]);
check('a quoted value is marked with its quotes', changed('192.168.12.99/24', '"192.168.12.99"'), [
  ['address-without-prefix', '"192.168.12.99"'],
]);
check('an unknown key is marked, not its value', changed('gateway:', 'gatway:'), [
  ['unknown-field', 'gatway'],
]);
check('a missing key is shown at the key of the object', head, [['missing-field', 'kind']]);
check('a missing key of a list item is shown at its first key', changed('        protocol: TCP\n', ''), [
  ['missing-field', 'port'],
]);
check('an empty value is shown at its key', changed('protocol: TCP', 'protocol:'), [
  ['wrong-type', 'protocol'],
]);
check('one problem of each kind, by place', changed('.12.1\n', '.12.99\n').replace('8080', '80800'), [
  ['gateway-is-address', '192.168.12.99'],
  ['out-of-range', '80800'],
]);
test.each([
  ['80800', '"port" must be from 1 to 65535, not 80800.'],
  ['100000000000000000000', '"port" must be from 1 to 65535, not a number as large as this.'],
  ['1e400', '"port" must be a whole number, not a number as large as this.'],
])('what is told of the port %s', (written, message) => {
  const [found] = routersOf(readYamlFile(changed('8080', written)));
  expect(found?.diagnostics.map((one) => one.message)).toEqual([message]);
});
check('a wrong version', changed('io/v1', 'io/v2'), [['not-in-enum', 'network.operator.openshift.io/v2']]);
check(
  'the second of two equal rules',
  `${router}      - {port: 8080, protocol: TCP, destinationIP: 203.0.113.26}\n`,
  [['duplicate-rule', '8080']],
);

// Several documents.
const wrongGateway = changed('.12.1\n', '.13.1\n');
check('other documents of the file are left alone', `a: [\n---\n${wrongGateway}---\nkind: x\nkind: y\n`, [
  ['gateway-outside-subnet', '192.168.13.1'],
]);
check('every router of the file', `${wrongGateway}---\n${wrongGateway}...\n${router}`, [
  ['gateway-outside-subnet', '192.168.13.1'],
  ['gateway-outside-subnet', '192.168.13.1'],
]);
check(
  'JSON',
  `${JSON.stringify({ apiVersion: 'network.operator.openshift.io/v1', kind: 'EgressRouter', metadata: { name: 'A' }, spec: { addresses: [{ ip: '10.0.0.5/24', gateway: '10.0.0.1' }], redirect: { redirectRules: [{ port: 8080, protocol: 'TCP', destinationIP: '203.0.113.25' }] } } }, null, '\t')}\n`,
  [['invalid-name', '"A"']],
);

// Broken YAML.
check('an open quote', changed('TCP', '"TCP'), [['yaml-syntax', '"TCP']]);
check(
  'a list where an address is due',
  changed('    - ip: 192.168.12.99/24\n      gateway: 192.168.12.1\n', '    ip: 192.168.12.99/24\n'),
  [['wrong-type', 'addresses']],
);
check(
  'no addresses',
  changed('  addresses:\n    - ip: 192.168.12.99/24\n      gateway: 192.168.12.1\n', '  addresses: []\n'),
  [['no-address', 'addresses']],
);
check('an open quote at the end', `${router}    fallbackIP: '203`, [['yaml-syntax', "'203"]]);
check('an open bracket', `${router}    x: [1, 2`, [['yaml-syntax', '[1,']]);
check('an open bracket around closed ones', `${router}    x: [[1], [2]\n`, [['yaml-syntax', '[[1],']]);
check('a word alone', changed('        protocol: TCP', '        proto'), [['yaml-syntax', 'proto']]);
check('a key too far to the left', changed('        protocol', '       protocol'), [
  ['yaml-syntax', 'protocol'],
]);
check('a tab for indentation', changed('        protocol', '\tprotocol'), [['yaml-syntax', 'protocol']]);

// Before the fault, what one value tells is certain.
const lower = changed('protocol: TCP', 'protocol: tcp');
check('a value above the fault', `${lower}    fallbackIP: '203`, [
  ['protocol-lower-case', 'tcp'],
  ['yaml-syntax', "'203"],
]);
check('a value in the line of the fault', changed('protocol: TCP', 'protocol: "tcp" x'), [
  ['yaml-syntax', 'x'],
]);
check('a value behind the fault', lower.replace('- port: 8080', '- port: "8080'), [['yaml-syntax', '"8080']]);
check('a value in an open list', lower.replace('redirectRules:\n', 'redirectRules: [\n'), [
  ['yaml-syntax', '8080'],
]);
check('a value of several lines', changed('TCP\n', 'tcp\n          and: more\n'), [['yaml-syntax', 'tcp']]);
check('two values that do not fit', `${changed('12.1\n', '13.1\n')}  x: [`, [['yaml-syntax', '[']]);
check('a field that may still come', `${changed('        protocol: TCP\n', '')}  x: [`, [
  ['yaml-syntax', '['],
]);
check('a key twice before the fault', `${lower}        protocol: UDP\n  x: [`, [['yaml-syntax', '[']]);

function checkWords(line: string, message: string): void {
  test(`in words: ${line}`, () => {
    const [found] = routersOf(readYamlFile(`${router}${line}\n`)).flatMap((one) => one.diagnostics);
    expect(found?.message).toContain(message);
  });
}
checkWords('x: [unclosed', 'This list is opened with [ and never closed: add ], or indent');
checkWords('x: {a: 1', 'This object is opened with { and never closed: add }, or indent');
checkWords('x: "a', 'This text is opened with " and never closed: add ".');
checkWords("x: 'a", "This text is opened with ' and never closed: add '.");
checkWords('x: [1]]', 'This bracket closes nothing');
checkWords('\tx: 1', 'YAML is indented with spaces only');
checkWords(' x: 1', 'put as many spaces before it');
checkWords('x: a: b', 'There is a second ": " here.');
checkWords('x: @a', 'No value may begin with this character');
checkWords('x: "\\q"', 'begins an escape sequence');
checkWords('x', 'A key needs a ":" and a value after it.');
checkWords('x: - a', 'A list begins on the line below its key');
checkWords('x: "a" b', 'The value has ended before this');
checkWords('x: &a &b 1', 'The YAML cannot be read here: A node can have at most one anchor.');

check(
  'two rules of one port, of which one is text',
  `${router}      - {port: "8080", protocol: TCP, destinationIP: 203.0.113.26}\n`,
  [
    ['wrong-type', '"8080"'],
    ['duplicate-rule', 'port'],
  ],
);
check(
  'a key twice behind a variable in braces',
  `${router.slice(0, router.indexOf('  redirect:'))}  redirect: {redirectRules: [{port: \${P}, protocol: TCP, destinationIP: 203.0.113.25}, {port: 81, protocol: TCP, destinationIP: 203.0.113.25, port: 83}]}\n`,
  [['duplicate-key', 'port']],
);
check('a key twice', `${router}spec: {}\n`, [['duplicate-key', 'spec']]);
check('an alias without an anchor', changed('TCP', '*nothing'), [['yaml-syntax', '*nothing']]);
check(
  'an anchor and its alias',
  `${changed('203.0.113.25\n', '&server 203.0.113.25\n')}      - {port: 53, protocol: UDP, destinationIP: *server}\n`,
  [],
);
check(
  'faults behind an alias are told where it stands',
  `apiVersion: v1\nkind: List\nx-spec: &spec\n  addresses: [{ip: 192.168.12.255/24, gateway: 192.168.12.1}]\n  redirect: {fallbackIP: 192.168.12.255}\nitems:\n  - ${head.trimEnd().replaceAll('\n', '\n    ')}\n    spec: *spec\n`,
  [
    ['address-is-broadcast', 'spec'],
    ['destination-is-own-address', 'spec'],
    ['cno-ignores-fallback', 'spec'],
    ['anchor-in-identity', '*spec'],
  ],
);
check(
  'a merge key',
  changed('redirectRules:\n      - port', 'redirectRules:\n      - <<: {protocol: UDP}\n        port'),
  [],
);
check('a number that YAML 1.1 reads as octal', changed('8080', '010'), [['leading-zero', '010']]);
check('zeros that change nothing', changed('8080', '07'), []);

// Templates.
check('a template in a value', changed('192.168.12.1\n', '{{ .Values.gateway }}\n'), []);
check('a template in quotes', changed('192.168.12.99/24', '"{{ .Values.ip }}/24"'), []);
check('a template in a number', changed('8080', '{{ .Values.port }}'), []);
check(
  'a template on its own line may bring the missing key',
  changed('        protocol: TCP\n', '        {{- include "protocol" . | nindent 8 }}\n'),
  [],
);
check('a template elsewhere hides nothing', `${wrongGateway}    fallbackIP: {{ .Values.fallback }}\n`, [
  ['gateway-outside-subnet', '192.168.13.1'],
]);
check(
  'control lines',
  changed('      - port', '      {{- range .Values.rules }}\n      - port').concat('      {{- end }}\n'),
  [],
);
check(
  'a statement of Jinja within a list',
  changed('      - port', '      {% for rule in rules %}\n      - port').concat('      {% endfor %}\n'),
  [],
);
check('a statement of Jinja within a line', changed('8080', '{% if tls %}8443{% else %}8080{% endif %}'), []);
check('a comment of Jinja', changed('spec:\n', '{# where: it goes #}\n{% set a = 1 %}\nspec:\n'), []);
check('a statement of Jinja without an end', changed('192.168.12.1\n', '{% if tls\n'), []);
check('an expression without an end', changed('192.168.12.1\n', '{{ .Values\n'), []);

// Variables that something fills in before the cluster reads it, as envsubst and Flux do.
check(
  'nothing is said of a value that is still to be filled in',
  changed('name: partner-api', 'name: ${NAME}')
    .replace('192.168.12.99/24', '${IP}/24')
    .replace('port: 8080', 'port: ${PORT}'),
  [],
);
check(
  'all is said of the others',
  changed('192.168.12.1\n', '192.168.13.1\n').replace('TCP', '${PROTOCOL}'),
  [['gateway-outside-subnet', '192.168.13.1']],
);
const inFlow = changed(
  /- port: 8080[^]*/.exec(router)?.[0] ?? '',
  '- {port: ${PORT}, protocol: TCP, destinationIP: ${IP:-203.0.113.25}, ${KEY}: 80, targetPort: "${TO}"}\n',
).replace(
  'metadata:\n  name: partner-api\n  namespace: web\n',
  'metadata: {name: ${NAME}-${ZONE}, namespace: web}\n',
);
check('variables within braces', inFlow, []);
check('all is said of the others there', inFlow.replace('TCP', 'tcp').replace('192.168.12.99/24', '${IP}'), [
  ['protocol-lower-case', 'tcp'],
]);
check('a brace that is none of a variable', inFlow.replace('"}', '"'), [['yaml-syntax', '{port']]);
check(
  'variables without braces',
  `${changed('name: partner-api', 'name: $NAME')
    .replace('192.168.12.99/24', '$IP')
    .replace('192.168.12.1\n', '$GW_2\n')
    .replace('port: 8080', 'port: "$PORT"')
    .replace(
      'TCP',
      '$_PROTOCOL',
    )}    fallbackIP: $FALLBACK\n  networkInterface: {macvlan: {mode: $MODE, master: $NIC}}\n`,
  [],
);
for (const text of ['$ip', '$IPs', '$IP/24', '$IP $GW', '$', '$1', '"$IP "']) {
  check(`no variable: ${text}`, changed('192.168.12.99/24', text), [['address-not-cidr', text]]);
}
check('aliases without end', `${router}  x: &x [${'*x, '.repeat(3001)}1]\n`, [['yaml-syntax', '*x,']]);
check(
  'of a thousand faults and more, a thousand are told',
  router.replace(
    'spec:\n',
    `spec:\n${Array.from({ length: 1200 }, (_, index) => `  k${index}: 1\n`).join('')}`,
  ),
  Array.from({ length: 1000 }, (_, index) => ['unknown-field', `k${index}`] as [string, string]),
);
