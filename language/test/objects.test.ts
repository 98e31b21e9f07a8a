import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readYamlFile } from '#language/document.ts';
import { lensesOf } from '#language/features/lenses.ts';
import { routersOf } from '#language/features/routers.ts';
import { mayConcernEgressRouters } from '#language/is-egress-router.ts';
import { objectAt, objectsIn, toFacts } from '#language/objects.ts';
import { readContent } from '#language/slice-content.ts';
import { parseSlice } from '#language/yaml/parsed.ts';
import { roughText, router } from './cursor.ts';

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: egress-1
  annotations:
    pod.network.openshift.io/assign-macvlan: "true"
spec:
  containers:
    - name: router
      image: openshift/origin-egress-router
`;
const service = `apiVersion: v1
kind: Service
metadata:
  name: partner-egress
spec:
  selector:
    app: egress-router-cni
  ports:
    - port: 8080
`;
const configMap =
  'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: rules\ndata:\n  a: |\n    80 tcp 203.0.113.1\n';

function listOf(kind: string, field: string, items: readonly string[], rest = ''): string {
  const entries = items.map((item) => `  - ${item.trimEnd().replaceAll('\n', '\n    ')}\n`).join('');
  return `apiVersion: v1\nkind: ${kind}\n${rest}${field}:\n${entries}`;
}

/** `wanted`: the objects of a document, each with where it stands. */
function check(title: string, text: string, wanted: readonly string[]): void {
  test(title, () => {
    const { objects = [] } = readContent(text, { reconciler: 'unknown' }) ?? {};
    expect(objects.map(({ kind, root }) => [kind, ...root].join(' '))).toEqual(wanted);
    for (const object of objects) {
      toFacts(object);
      expect(objectAt(objects, [...object.root, 'spec'])).toEqual({ object, path: ['spec'] });
    }
  });
}

check('a router', router, ['router']);
check('a Service', service, ['service']);
check('a ConfigMap with rules', configMap, ['config-map']);
check('a pod of OpenShift SDN', pod, ['legacy']);
check('a List', listOf('List', 'items', [router, service, pod]), [
  'router items 0',
  'service items 1',
  'legacy items 2',
]);
check('a list of its own kind', listOf('EgressRouterList', 'items', [router]), ['router items 0']);
check('a list of Services', listOf('ServiceList', 'items', [service, 'a: 1', service]), [
  'service items 0',
  'service items 2',
]);
check('a Template', listOf('Template', 'objects', [configMap, pod, router]), [
  'config-map objects 0',
  'legacy objects 1',
  'router objects 2',
]);
check('a List in a List', listOf('List', 'items', [listOf('PodList', 'items', [pod])]), [
  'legacy items 0 items 0',
]);
check('another workload', 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: egress}\n', []);
check('another List', listOf('List', 'items', ['kind: Ingress # EGRESS_', 'a: 1']), []);
check('no list', 'kind: List # EGRESS_\nitems: 3\n', []);

/** Documents of others are told by their text. */
function checkScan(text: string, wanted: boolean): void {
  test(`${wanted ? 'looked at' : 'passed over'}: ${JSON.stringify(text.slice(0, 60))}`, () => {
    expect(mayConcernEgressRouters(text)).toBe(wanted);
  });
}

checkScan(router, true);
checkScan(pod, true);
checkScan(pod.replace(/^.*annotations[\s\S]*?"true"\n/m, ''), true);
checkScan(service, true);
checkScan(configMap, true);
checkScan('{"kind": "Service", "metadata": {"name": "egress"}}', true);
checkScan('kind: ConfigMap\ndata: {EGRESS_SOURCE: 192.168.12.99}', true);
checkScan('kind: Service\nmetadata:\n  name: web\n', true);
checkScan('kind: ServiceAccount\nmetadata:\n  name: web\n', false);
checkScan('kind: ConfigMap\ndata:\n  port: 80\n', false);
checkScan('kind: NetworkPolicy\nspec:\n  egress: []\n  policyTypes: [Egress]\n', false);
checkScan('kind: NetworkAttachmentDefinition\nspec:\n  config: \'{"type": "macvlan"}\'\n', false);
checkScan('kind: EgressIP\n', false);

const template = listOf(
  'Template',
  'objects',
  [router.replace('192.168.12.99/24', '${SOURCE}').replace('192.168.12.1\n', '10.0.0.1\n')],
  'parameters:\n  - name: SOURCE\n    value: 192.168.12.99/24\n',
);

function codesOf(text: string): readonly string[] {
  return readYamlFile(text).slices.flatMap(({ content }) =>
    (content?.diagnostics ?? []).map(({ code }) => code),
  );
}

test('of what a parameter says nothing is said, of the rest it is', () => {
  expect(codesOf(template)).toEqual(['gateway-outside-subnet']);
  expect(codesOf(template.replace('10.0.0.1', '${GATEWAY}'))).toEqual([]);
  expect(codesOf(template.replace('8080', '${PORT}'))).not.toContain('wrong-type');
});

test('a router of OpenShift SDN is given no variable without braces', () => {
  const pod = (gateway: string): string =>
    listOf(
      'Template',
      'objects',
      [
        `apiVersion: v1
kind: Pod
metadata:
  name: \${NAME}
  annotations: {pod.network.openshift.io/assign-macvlan: "true"}
spec:
  initContainers:
    - name: egress-router
      image: registry.redhat.io/openshift4/ose-egress-router
      securityContext: {privileged: true}
      env:
        - {name: EGRESS_SOURCE, value: 192.168.12.99/24}
        - {name: EGRESS_GATEWAY, value: "${gateway}"}
        - {name: EGRESS_DESTINATION, value: 203.0.113.25}
        - {name: EGRESS_ROUTER_MODE, value: init}
  containers:
    - {name: wait, image: registry.redhat.io/openshift4/ose-pod}
`,
      ],
      'parameters:\n  - name: NAME\n',
    );
  expect(codesOf(pod('${GW}'))).toEqual(['legacy-router']);
  expect(codesOf(pod('$GW'))).toContain('legacy-gateway-invalid');
});

test('a router with parameters cannot be taken as it stands', () => {
  const [object] = objectsIn(parseSlice(template).value);
  expect(object?.hasParameters).toBe(true);
  expect(object?.kind === 'router' && object.router).toBe(undefined);
  expect(routersOf(readYamlFile(template)).map((one) => one.object)).toEqual([undefined]);
  expect(lensesOf(readYamlFile(template))).toEqual([]);
  expect(object?.kind === 'router' && object.reading.addresses[0]?.address).toBe('192.168.12.99/24');
});

test('documents that only stand beside routers have no diagnostics of ours', () => {
  expect(codesOf(`${service}    - port: 010\n`)).toEqual([]);
  expect(codesOf(`${service}  type: [`)).toEqual([]);
});

test('no text makes it throw', () => {
  const kinds = ['Pod', 'Service', 'ConfigMap', 'List', 'Template', 'EgressRouter', 'PodList', '3', '[]'];
  const spec = [
    '{}',
    '[]',
    '3',
    '&a [*a]',
    '{containers: {}}',
    '{selector: [1]}',
    '{ports: {}}',
    '[{}, null]',
  ];
  const document = fc
    .tuple(fc.constantFrom(...kinds), fc.constantFrom(...spec), fc.constantFrom(...spec), roughText)
    .map(
      ([kind, one, two, rough]) =>
        `apiVersion: v1\nkind: ${kind} # EGRESS_ egress\nspec: ${one}\ndata: ${two}\nitems: [${one}, {kind: ${kind}, spec: ${two}}]\nobjects: ${two}\nmetadata: ${one}\n${rough}`,
    );
  fc.assert(
    fc.property(document, (text) => {
      for (const object of readContent(text, { reconciler: 'unknown' })?.objects ?? []) toFacts(object);
    }),
    { numRuns: 300 },
  );
});
