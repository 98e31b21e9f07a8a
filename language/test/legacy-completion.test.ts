import { expect, test } from 'vitest';
import { nothingAround, type Surroundings } from '#core/egress-router/candidates/candidate.ts';
import { parseClusterFacts } from '#core/relations/cluster-facts.ts';
import { readYamlFile } from '#language/document.ts';
import { completionsAt } from '#language/features/completion/completion.ts';
import { toFacts } from '#language/objects.ts';

/** The `@` stands where the cursor is: a `|` begins a block here. */
function found(source: string, surroundings: Surroundings) {
  const offset = source.indexOf('@');
  const text = source.slice(0, offset) + source.slice(offset + 1);
  return { text, items: completionsAt(readYamlFile(text), offset, surroundings) };
}

/** `wanted`: the first labels, in order; none where nothing may be offered. */
function check(
  title: string,
  source: string,
  wanted: readonly string[],
  surroundings: Surroundings = nothingAround,
): void {
  test(title, () => {
    const { items } = found(source, surroundings);
    const labels = items.map(({ label }) => label);
    expect(wanted.length === 0 ? labels : labels.slice(0, wanted.length)).toEqual(wanted);
    for (const { documentation } of items) expect(documentation).not.toBe('');
  });
}

/** All of them. */
function checkAll(title: string, source: string, wanted: readonly string[]): void {
  test(title, () => {
    expect(found(source, nothingAround).items.map(({ label }) => label)).toEqual(wanted);
  });
}

/** What stands in the place of `label`'s line once the item has been taken. */
function checkTaken(title: string, source: string, label: string, wanted: string): void {
  test(title, () => {
    const { text, items } = found(source, nothingAround);
    const item = items.find((one) => one.label === label);
    if (item === undefined) throw new Error(`${label} is not offered`);
    const start = text.lastIndexOf('\n', item.span.start - 1) + 1;
    const end = text.indexOf('\n', item.span.end);
    const taken = text.slice(start, item.span.start) + item.snippet + text.slice(item.span.end, end);
    expect(taken).toBe(wanted);
  });
}

const above = `apiVersion: v1
kind: Pod
metadata:
  name: egress-partner
  namespace: web
  annotations:
    pod.network.openshift.io/assign-macvlan: "true"
spec:
  initContainers:
    - name: egress-router
      image: openshift/origin-egress-router
`;
const below = `  containers:
    - name: wait
      image: openshift/origin-pod
`;
/** A pod whose router has this environment. */
const pod = (env: string): string => `${above}      env:\n${env.replace(/^(?=.)/gm, '        ')}${below}`;
const variable = (name: string, value: string): string => `- name: ${name}\n  value: ${value}\n`;
const address = variable('EGRESS_SOURCE', '192.168.12.99/24');
const rules = (lines: string): string =>
  pod(`${address}- name: EGRESS_DESTINATION\n  value: |\n${lines.replace(/^(?=.)/gm, '    ')}`);

// Names.
const all = ['EGRESS_SOURCE', 'EGRESS_GATEWAY', 'EGRESS_DESTINATION', 'EGRESS_ROUTER_MODE'];
checkAll('names of variables', pod('- name: @\n'), all);
checkAll('a name that is there already is not offered', pod(`${address}- name: E@\n`), all.slice(1));
checkAll('its own name is', pod(address.replace('SOURCE', 'SOU@RCE')), ['EGRESS_SOURCE']);
checkAll('whole entries, then keys', pod(`${address}- @\n`), [
  ...all.slice(1).map((name) => `name: ${name}`),
  'name',
  'value',
  'valueFrom',
]);
checkAll(
  'the first entry',
  pod('@\n'),
  all.map((name) => `name: ${name}`),
);
checkAll(
  'the next entry',
  pod(`${address}@\n`),
  all.slice(1).map((name) => `name: ${name}`),
);
checkAll('keys of an entry', pod('- name: EGRESS_GATEWAY\n  @\n'), ['value', 'valueFrom']);
checkAll('a value leaves no room for another', pod(`- value: "1"\n  @\n`), ['name']);
checkTaken(
  'an entry brings its value',
  pod(`- @\n`),
  'name: EGRESS_SOURCE',
  // Editors add the blanks that the line begins with.
  '        - name: EGRESS_SOURCE\n  value: ${1:192.168.12.99/24}',
);
checkTaken(
  'that of a gateway is on the network of the address',
  pod(`${address.replace('.12.', '.44.')}@\n`),
  'name: EGRESS_GATEWAY',
  '        - name: EGRESS_GATEWAY\n  value: ${1:192.168.44.1}',
);
checkTaken(
  'destinations are a block',
  pod('@\n'),
  'name: EGRESS_DESTINATION',
  '        - name: EGRESS_DESTINATION\n  value: |\n    ${1:8080} ${2:tcp} ${3:203.0.113.25} ${4:80}',
);
check('nothing in a container that only waits', `${pod(address)}      env:\n        - name: @\n`, []);
check(
  'nor in one of another pod',
  pod('- name: @\n')
    .replace('origin-egress-router', 'x')
    .replace(/ {2}annotations:\n.*\n/, ''),
  [],
);
checkAll(
  'a renamed image',
  pod('- name: @\n').replace('openshift/origin-egress-router', 'mirror.example.com/router'),
  all,
);
checkAll(
  'a router that makes way for a proxy has no destinations',
  pod(`- name: @\n${variable('EGRESS_ROUTER_MODE', 'http-proxy')}`),
  ['EGRESS_SOURCE', 'EGRESS_GATEWAY'],
);
checkAll(
  'the proxy has its own',
  `${pod(address).replace('origin-pod', 'origin-egress-http-proxy')}      env:\n        - name: @\n`,
  ['EGRESS_HTTP_PROXY_DESTINATION'],
);

// Values.
checkAll('modes of an init container', pod('- name: EGRESS_ROUTER_MODE\n  value: @\n'), [
  'init',
  'http-proxy',
  'dns-proxy',
]);
checkAll(
  'the mode of a container that stays',
  pod('- name: EGRESS_ROUTER_MODE\n  value: @\n').replace('initContainers', 'containers').replace(below, ''),
  ['legacy'],
);
checkAll('gateways', pod(`${address}- name: EGRESS_GATEWAY\n  value: @\n`), [
  '192.168.12.1',
  '192.168.12.254',
]);
checkAll(
  'gateways of an address without a prefix length',
  pod(`${variable('EGRESS_SOURCE', '192.168.44.9')}- name: EGRESS_GATEWAY\n  value: 192@\n`),
  ['192.168.44.1', '192.168.44.254'],
);
check('gateways of no address', pod('- name: EGRESS_GATEWAY\n  value: @\n'), []);
checkAll('addresses', pod('- name: EGRESS_SOURCE\n  value: @\n'), ['192.168.12.99/24']);
check('values of other variables', pod('- name: TZ\n  value: @\n'), []);
checkAll('the annotation', pod(address).replace('assign-macvlan: "true"', 'assign-macvlan: "@"'), ['true']);
checkTaken(
  'the annotation is text',
  pod(address).replace('"true"', '@'),
  'true',
  '    pod.network.openshift.io/assign-macvlan: "true"',
);
const macvlan = 'pod.network.openshift.io/assign-macvlan';
checkTaken(
  'the key of the annotation',
  pod(address).replace(`${macvlan}: "true"`, 'contact: x\n    po@'),
  macvlan,
  `    ${macvlan}: "true"`,
);
check('there is one such annotation', pod(address).replace('"true"\n', '"true"\n    @\n'), []);
checkTaken(
  'annotations bring it',
  pod(address).replace(/ {2}annotations:\n.*\n/, '  @\n'),
  'annotations',
  `  annotations:\n  ${macvlan}: "true"`,
);
const cluster = parseClusterFacts({
  context: 'lab',
  nics: [{ node: 'a', name: 'enp2s0', addresses: ['192.168.12.5/24'] }],
});
check('the annotation may name a NIC', pod(address).replace('"true"', '@'), ['true', 'enp2s0'], {
  facts: [],
  ...(cluster === undefined ? {} : { cluster }),
});

// Destinations, line by line.
const line = '8080 tcp 203.0.113.25 80';
check('the first line', rules('@\n'), [line, '8080', '8443']);
check('the next line', rules(`${line}\n@\n`), ['8081 tcp 203.0.113.25 80', '8081', '8443']);
check(
  'the next line, before another variable',
  rules(`${line}\n@\n`).replace(below, `        - name: TZ\n${below}`),
  ['8081 tcp 203.0.113.25 80'],
);
check('a line above', rules(`@\n${line}\n`), ['8081 tcp 203.0.113.25 80', '8081']);
check('a port is taken for both protocols', rules(`8080 udp 203.0.113.25\n80@\n`), [
  '8081 tcp 203.0.113.25 80',
  '8081',
]);
checkAll('the protocol', rules('8080 @\n'), ['tcp', 'udp']);
checkAll('the protocol, half typed', rules('8080 u@ 203.0.113.25\n'), ['udp']);
check('the server', rules(`${line}\n8081 tcp @\n`), ['203.0.113.25']);
checkTaken(
  'the word under the cursor gives way',
  rules('8080 t@p 203.0.113.25\n'),
  'tcp',
  '            8080 tcp 203.0.113.25',
);
check('the port of the server', rules('8080 tcp 203.0.113.25 @\n'), ['8443', '80']);
check('a line ends there', rules('8080 tcp 203.0.113.25 80 @\n'), []);
check('no line below the fallback', rules('203.0.113.26\n@\n'), []);
checkAll('a whole port', rules('443@ tcp 203.0.113.25\n'), []);
check('comments are for people', rules('# 8080 @\n'), []);
test('the fallback is the last line', () => {
  const labels = (source: string) => found(source, nothingAround).items.map(({ label }) => label);
  expect(labels(rules('@\n'))).toContain('203.0.113.25');
  expect(labels(rules(`@\n${line}\n`))).not.toContain('203.0.113.25');
});
for (const header of ['@|', '@ |-', '@>', '|@'])
  for (const end of ['\n', '\r\n'])
    check(
      `nothing in front of the header of a block: ${JSON.stringify(header + end)}`,
      rules(`${line}\n`).replace(/\|\n/, `${header}${end}`),
      [],
    );
check('on one line', pod('- name: EGRESS_DESTINATION\n  value: 8080 @\n'), ['tcp', 'udp']);
check('in quotes', pod('- name: EGRESS_DESTINATION\n  value: "8080 tcp 203.0.113.25\\n8081 @"\n'), [
  'tcp',
  'udp',
]);
check('not where lines are joined', rules('8080 @\n').replace('|', '>'), []);
checkTaken(
  'a value that has yet to begin is a block',
  pod('- name: EGRESS_DESTINATION\n  value: @\n'),
  line,
  '          value: |\n  ${1:8080} ${2:tcp} ${3:203.0.113.25} ${4:80}',
);
check('the routers around tell of servers', rules('8080 tcp @\n'), ['198.51.100.7'], {
  facts: [...factsOf(rules('80 tcp 198.51.100.9\n').replace('@', '')), ...routerTo('198.51.100.7')],
});

// A ConfigMap.
const configMap = `apiVersion: v1
kind: ConfigMap
metadata:
  name: egress-settings
data:
`;
const fed = `${above}      envFrom: [{configMapRef: {name: egress-settings}}]
      env: [{name: EGRESS_ROUTER_MODE, value: init}]
${below}`;
const beside = { facts: factsOf(fed) };
check(
  'keys that a router reads',
  `${configMap}  @\n`,
  ['EGRESS_SOURCE', 'EGRESS_GATEWAY', 'EGRESS_DESTINATION'],
  beside,
);
check(
  'addresses in it',
  `${configMap}  EGRESS_SOURCE: 10.0.0.9/24\n  EGRESS_GATEWAY: @\n`,
  ['10.0.0.1'],
  beside,
);
check(
  'lines in it',
  `${configMap}  EGRESS_DESTINATION: |\n    ${line}\n    @\n`,
  ['8081 tcp 203.0.113.25 80'],
  beside,
);
check('a router of the same file', `${fed}---\n${configMap}  EGRESS_DESTINATION: |\n    8080 @\n`, [
  'tcp',
  'udp',
]);
check('nothing in one that no router reads', `${configMap}  EGRESS_DESTINATION: |\n    8080 @\n`, []);
check(
  'nor in one of another namespace',
  `${configMap.replace('data', '  namespace: shop\ndata')}  EGRESS_DESTINATION: |\n    8080 @\n`,
  [],
  beside,
);

// Where a router stands.
const nested = (text: string, depth: number): string => text.replace(/^(?=.)/gm, ' '.repeat(depth));
const template = (env: string): string =>
  `kind: Template\napiVersion: template.openshift.io/v1\nobjects:\n- ${nested(pod(env), 2).slice(2)}`;
checkAll('in a Template', template('- name: @\n'), all);
check('lines in a List', `kind: List\napiVersion: v1\nitems:\n- ${nested(rules('8080 @\n'), 2).slice(2)}`, [
  'tcp',
  'udp',
]);
const deployment = pod('- name: @\n')
  .replace('kind: Pod', 'kind: Deployment')
  .replace(/metadata:[^]*/, (rest) => `spec:\n  template:\n${nested(rest, 4)}`);
checkAll('in a Deployment', deployment, all);
const json = `{"apiVersion": "v1", "kind": "Pod", "metadata": {"annotations": {"${macvlan}": "true"}}, "spec": {"initContainers": [{"name": "a", "image": "ose-egress-router", "env": [{"name": "@"}]}]}}`;
checkAll('in JSON', json, all);

function factsOf(text: string) {
  return readYamlFile(text).slices.flatMap(({ content }) => (content?.objects ?? []).map(toFacts));
}

function routerTo(destination: string) {
  return factsOf(`apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata: {name: other}
spec:
  addresses: [{ip: 192.168.12.7/24}]
  redirect: {redirectRules: [{port: 80, protocol: TCP, destinationIP: ${destination}}]}
`);
}
