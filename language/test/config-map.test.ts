import { expect, test } from 'vitest';
import { readYamlFile } from '#language/document.ts';
import { Workspace } from '#language/workspace.ts';

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: egress-partner
  annotations: {pod.network.openshift.io/assign-macvlan: "true"}
spec:
  initContainers:
    - name: egress-router
      image: registry.redhat.io/openshift4/ose-egress-router
      securityContext: {privileged: true}
      env: [{name: EGRESS_ROUTER_MODE, value: init}]
      envFrom:
        - configMapRef:
            name: egress-settings
  containers:
    - name: wait
      image: registry.redhat.io/openshift4/ose-pod
      envFrom: [{configMapRef: {name: egress-settings}}]
`;
const configMap = `apiVersion: v1
kind: ConfigMap
metadata:
  name: egress-settings
data:
  EGRESS_SOURCE: 192.168.12.99/24
  EGRESS_GATEWAY: 192.168.12.1
  EGRESS_DESTINATION: |
    8080 tcp 203.0.113.25 80
    # the rest
    203.0.113.26
`;

/** Each as `file code what is marked <- what is marked in the pod`, but that it is one of OpenShift SDN. */
function found(files: Readonly<Record<string, string>>): readonly string[] {
  const workspace = new Workspace();
  for (const [uri, text] of Object.entries(files)) workspace.setFile(uri, readYamlFile(text));
  return Object.keys(files).flatMap((uri) =>
    workspace
      .diagnosticsOf(uri)
      .filter(({ diagnostic: { code } }) => code !== 'legacy-router')
      .map(({ slice, diagnostic: { code, span }, related }) => {
        const marked = slice.text.slice(span.start, span.end);
        const there = related.map((one) => files[one.uri]?.slice(one.span.start, one.span.end));
        return [uri, code, marked, '<-', ...there].join(' ');
      }),
  );
}

function check(
  replace: readonly [string, string],
  wanted: readonly string[],
  files: Record<string, string> = {},
) {
  const changed = configMap.replace(...replace);
  const of = wanted.map((one) => `${one} <- configMapRef`);
  expect(found({ 'p.yaml': pod, ...files, 'c.yaml': changed })).toEqual(of.map((one) => `c.yaml ${one}`));
  expect(found({ 'a.yaml': `${pod}---\n${changed}`, ...files })).toEqual(of.map((one) => `a.yaml ${one}`));
}

test('what a router takes over from a whole ConfigMap is checked there, wherever that is', () => {
  check(['', ''], []);
  check(['8080 tcp', '8080 TCP'], ['legacy-destination-invalid TCP']);
  check(['203.0.113.26', '203.0.113'], ['legacy-destination-invalid 203.0.113']);
  check(['    203.0.113.26', '    8080 udp 203.0.113.26'], ['legacy-destination-duplicate 8080']);
  check(['    # the', '    203.0.113.27\n    # the'], ['legacy-fallback-misplaced 203.0.113.26']);
  check(['192.168.12.99/24', '192.168.12.999/24'], ['legacy-source-invalid 192.168.12.999/24']);
  check(['192.168.12.99/24', '192.168.12.99'], ['legacy-source-without-prefix 192.168.12.99']);
  check(['192.168.12.1\n', '192.168.13.1\n'], ['legacy-gateway-outside-subnet 192.168.13.1']);
});

test('so it is where one of the two does not say its namespace, and not where both name another', () => {
  const wrong = configMap.replace('tcp', 'TCP');
  const placed = (text: string, namespace: string) =>
    text.replace('\nmetadata:', `\nmetadata:\n  namespace: ${namespace}`);
  const told = ['c.yaml legacy-destination-invalid TCP <- configMapRef'];
  expect(found({ 'p.yaml': placed(pod, 'web'), 'c.yaml': wrong })).toEqual(told);
  expect(found({ 'p.yaml': pod, 'c.yaml': placed(wrong, 'web') })).toEqual(told);
  expect(found({ 'p.yaml': placed(pod, 'web'), 'c.yaml': placed(wrong, 'web') })).toEqual(told);
  expect(found({ 'p.yaml': placed(pod, 'shop'), 'c.yaml': placed(wrong, 'web') })).toEqual([
    'p.yaml config-map-missing egress-settings <- egress-settings',
  ]);
});

test('a key by its name is checked in another file, too', () => {
  const env = `env: [{name: EGRESS_DESTINATION, valueFrom: {configMapKeyRef: {name: egress-settings, key: rules}}}]`;
  const byKey = pod.replace('env: [{name: EGRESS_ROUTER_MODE, value: init}]', env);
  const wrong = configMap.replace('EGRESS_DESTINATION', 'rules').replace('tcp', 'TCP');
  expect(found({ 'p.yaml': byKey, 'c.yaml': wrong }).filter((one) => one.startsWith('c'))).toEqual([
    'c.yaml legacy-destination-invalid TCP <- configMapKeyRef',
  ]);
});

test('of several ConfigMaps, a prefix and other keys, only what the router is given is checked', () => {
  const wrong = configMap.replace('tcp', 'TCP');
  const first = '- configMapRef:\n            name: egress-settings\n';
  const several = pod.replace(first, `${first}        - configMapRef: {name: other}\n`);
  const told = ['c.yaml legacy-destination-invalid TCP <- configMapRef'];
  expect(found({ 'p.yaml': several, 'c.yaml': wrong })).toEqual(told);
  const prefixed = pod.replace(
    first,
    `- prefix: EGRESS_\n          configMapRef:\n            name: egress-settings\n`,
  );
  const short = wrong.replaceAll('EGRESS_', '');
  expect(found({ 'p.yaml': prefixed, 'c.yaml': short })).toEqual(told);
  expect(found({ 'p.yaml': pod, 'c.yaml': short.replace('metadata', '# egress\nmetadata') })).toEqual([]);
  const own = pod.replace('value: init}', 'value: init}, {name: EGRESS_DESTINATION, value: 203.0.113.25}');
  expect(found({ 'p.yaml': own, 'c.yaml': wrong })).toEqual([]);
});

test('a ConfigMap beside the router that lacks what the router needs is told of', () => {
  const lacking = configMap.replace('EGRESS_DESTINATION', 'EGRESS_DESTINATIONS');
  expect(found({ 'a.yaml': `${pod}---\n${lacking}` })).toEqual([
    'a.yaml config-map-key egress-settings <- egress-settings',
  ]);
});
