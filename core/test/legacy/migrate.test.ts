import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkRouter } from '#core/egress-router/checks/checks.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { legacyRoutersIn } from '#core/legacy/detect.ts';
import { type Migration, type MigrationOptions, planMigration } from '#core/legacy/migrate/migrate.ts';
import { surroundingsOf } from '#core/legacy/migrate/surroundings.ts';
import { readLegacyRouter } from '#core/legacy/parse.ts';
import { pathText } from '#core/path-text.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import {
  annotationKey,
  deploymentOf,
  legacyPod,
  podWith,
  routerContainer,
  waitContainer,
} from './legacy-objects.ts';

/** What becomes of the first legacy router of the first document, with all documents given. */
function migrate(documents: readonly unknown[], options?: MigrationOptions): Migration {
  const [document] = documents;
  const [place] = legacyRoutersIn(document);
  if (place === undefined) throw new Error('There is no legacy router');
  return planMigration(readLegacyRouter(document, place), surroundingsOf(documents), options);
}

function migrated(documents: readonly unknown[], options?: MigrationOptions) {
  const migration = migrate(documents, options);
  if (migration.kind === 'refused') throw new Error(migration.reason);
  return migration;
}

/** The reason is searched for each of the texts. */
function checkRefused(documents: readonly unknown[], ...texts: string[]): void {
  const migration = migrate(documents);
  expect(migration.kind).toBe('refused');
  for (const text of texts) expect(migration.kind === 'refused' && migration.reason).toContain(text);
}

const service = (name: string, spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'web', ...metadata },
  spec: { selector: { name: 'egress-1' }, ports: [{ name: 'web', port: 8080 }], ...spec },
});

const router = {
  apiVersion: 'network.operator.openshift.io/v1',
  kind: 'EgressRouter',
  metadata: { name: 'egress-1', namespace: 'web' },
  spec: {
    addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }],
    mode: 'Redirect',
    redirect: {
      redirectRules: [{ port: 8080, protocol: 'TCP', destinationIP: '203.0.113.25', targetPort: 80 }],
    },
    networkInterface: { macvlan: { mode: 'Private' } },
  },
};

test('a sound pod with its Service', () => {
  expect(migrated([legacyPod(), service('partner')])).toEqual({
    kind: 'migrated',
    reconciler: 'unknown',
    objects: [router, service('partner', { selector: { app: 'egress-router-cni' } })],
    comments: [],
    losses: [
      {
        path: ['metadata', 'labels'],
        message:
          'The labels of the pods (name=egress-1) become app=egress-router-cni: change what else selects pods by them, such as a NetworkPolicy.',
      },
      {
        path: ['metadata', 'annotations', annotationKey],
        message:
          'Where the Cluster Network Operator makes the router, the macvlan mode "Private" is ignored.',
      },
    ],
    questions: [],
    steps: [
      'Delete Pod "egress-1" before you apply the EgressRouter: both would own 192.168.12.99.',
      'See that its namespace has no other EgressRouter: under the Cluster Network Operator there is room for one.',
    ],
  });
});

test('keys stand in the order in which people write them', () => {
  const [object] = migrated([legacyPod()]).objects;
  expect(JSON.stringify(object)).toBe(JSON.stringify(router));
});

/** The `spec` of the EgressRouter, below which the expected value stands. */
function checkSpec(document: unknown, expected: JsonObject): void {
  expect(migrated([document]).objects[0]?.['spec']).toMatchObject(expected);
}

test('all that OpenShift SDN read has its place', () => {
  checkSpec(legacyPod({}, { annotations: { [annotationKey]: 'ens4' } }), {
    networkInterface: { macvlan: { mode: 'Private', master: 'ens4' } },
  });
  checkSpec(legacyPod({}, { annotations: { [annotationKey]: true } }), {
    networkInterface: { macvlan: { mode: 'Private' } },
  });
  checkSpec(podWith({ EGRESS_DESTINATION: '203.0.113.26' }), { redirect: { fallbackIP: '203.0.113.26' } });
  checkSpec(podWith({ EGRESS_DESTINATION: '80 tcp 203.0.113.25\n81 udp 203.0.113.25 81\n203.0.113.26' }), {
    redirect: {
      redirectRules: [
        { port: 80, protocol: 'TCP', destinationIP: '203.0.113.25' },
        { port: 81, protocol: 'UDP', destinationIP: '203.0.113.25' },
      ],
      fallbackIP: '203.0.113.26',
    },
  });
});

/** The rules as text, and how many things were asked. */
function checkDestination(text: string, rules: readonly string[], questions: readonly RegExp[] = []): void {
  const plan = migrated([podWith({ EGRESS_DESTINATION: text })]);
  const [object] = plan.objects;
  const reading = parseRouter(object).reading;
  expect([
    ...reading.rules.map(
      (rule) => rule && `${rule.port} ${rule.protocol} ${rule.destination} ${rule.targetPort}`,
    ),
    ...(reading.fallback === undefined ? [] : [reading.fallback]),
  ]).toEqual(rules);
  expect(plan.questions.map(({ message }) => message)).toEqual(
    questions.map((question) => expect.stringMatching(question)),
  );
}

test('what OpenShift SDN refuses but people mean is understood, and said', () => {
  const rule = '80 TCP 203.0.113.25 80';
  checkDestination('80\tTCP 203.0.113.25', [rule], [/^Line 1 .* tab/, /^Line 1 .* lower case/]);
  checkDestination('80 sctp 203.0.113.25', ['80 SCTP 203.0.113.25 80'], [/SCTP/]);
  checkDestination('203.0.113.26\n80 tcp 203.0.113.25', [rule, '203.0.113.26'], [/^Line 2 .*follows/]);
  checkDestination('80 tcp 203.0.113.25\n80 tcp 203.0.113.25 80', [rule], [/^Line 2 .*repeats line 1/]);
  checkDestination(
    '80 tcp 203.0.113.25\n80 udp 203.0.113.25',
    [rule, '80 UDP 203.0.113.25 80'],
    [/^Line 2 .*another protocol/],
  );
});

test('what cannot be meant is refused', () => {
  const withText = (text: string) => [podWith({ EGRESS_DESTINATION: text })];
  checkRefused(withText('80 tcp example.com'), 'Line 1 of EGRESS_DESTINATION, "80 tcp example.com"', 'Names');
  checkRefused(withText('80 tcp 203.0.113.25\n80 tcp 203.0.113.26'), 'line 1 sends TCP port 80 elsewhere');
  checkRefused(withText('203.0.113.25\n203.0.113.26'), 'line 1 is the address for all other ports already');
  checkRefused(withText('# nothing'), 'has no rule');
  checkRefused(withText('80 tcp ${SERVER}'), 'holds "SERVER"');
  checkRefused(
    [podWith({ EGRESS_SOURCE: 'x', EGRESS_GATEWAY: 'y' })],
    'EGRESS_SOURCE "x"',
    'EGRESS_GATEWAY "y"',
  );
  checkRefused([podWith({ EGRESS_SOURCE: undefined })], 'It has no EGRESS_SOURCE.');
  checkRefused([podWith({ EGRESS_SOURCE: '${SOURCE}' })], 'EGRESS_SOURCE holds "SOURCE"', 'oc process');
  checkRefused([podWith({ EGRESS_SOURCE: 5 })], 'EGRESS_SOURCE is no text');
  checkRefused(
    [podWith({ EGRESS_SOURCE: { valueFrom: { secretKeyRef: { name: 's', key: 'k' } } } })],
    'comes from "secretKeyRef"',
  );
  checkRefused([podWith({ EGRESS_ROUTER_MODE: 'http-proxy' })], 'HTTP proxy', 'EgressIP');
  checkRefused([podWith({ EGRESS_ROUTER_MODE: 'dns-proxy' })], 'DNS proxy', 'redirect rule');
  checkRefused([legacyPod({ initContainers: [] })], 'None of its containers');
  checkRefused([legacyPod({}, { name: undefined, labels: {} })], 'no name');
  checkRefused([legacyPod({}, { name: 'Egress_1' })], 'would have errors', '"Egress_1" cannot be a name');
  checkRefused(
    [legacyPod({}, { ownerReferences: [{ kind: 'ReplicaSet', name: 'egress-1-abc', controller: true }] })],
    'ReplicaSet "egress-1-abc"',
  );
});

/** The address that is chosen, for a source and a gateway. */
function checkAddress(
  [source, gateway, prefixLength]: readonly [string, string, number?],
  ip: string,
  isAsked = true,
): void {
  const pod = podWith({ EGRESS_SOURCE: source, EGRESS_GATEWAY: gateway });
  const plan = migrated([pod], prefixLength === undefined ? {} : { prefixLength });
  expect(plan.objects[0]?.['spec']).toMatchObject({ addresses: [{ ip, gateway }] });
  expect(plan.questions.map(({ path }) => pathText(path))).toEqual(
    isAsked ? ['spec.initContainers[0].env[0].value'] : [],
  );
}

test('a source without a prefix length gets one, and it is said', () => {
  checkAddress(['192.168.12.99', '192.168.12.1'], '192.168.12.99/24');
  checkAddress(['192.168.12.99/32', '192.168.12.1'], '192.168.12.99/24');
  checkAddress(['10.1.2.3', '10.1.0.1'], '10.1.2.3/22');
  checkAddress(['10.1.2.255', '10.1.2.1'], '10.1.2.255/23');
  checkAddress(['192.168.12.99', '192.168.12.1', 20], '192.168.12.99/20', false);
  checkAddress(['192.168.12.99/25', '192.168.12.1', 20], '192.168.12.99/25', false);
  checkAddress(['192.168.12.99/28', '192.168.12.1', 24], '192.168.12.99/24', false);
  checkRefused(
    [podWith({ EGRESS_SOURCE: '10.1.2.3', EGRESS_GATEWAY: '192.168.12.1' })],
    'too far from it to tell their network',
  );
  checkRefused([podWith({ EGRESS_SOURCE: '192.168.12.99/28' })], 'Give the prefix length of that network.');
  checkRefused([podWith({ EGRESS_SOURCE: '192.168.12.1' })], "is the router's own address");
});

test('comments are kept before what they stood before', () => {
  const text = '# one\n#two\n80 tcp 203.0.113.25 # three\n# four\n203.0.113.26\n# five\n';
  expect(migrated([podWith({ EGRESS_DESTINATION: text })]).comments).toEqual([
    { path: ['spec', 'redirect', 'redirectRules', 0], lines: ['# one', '#two', '# three'] },
    { path: ['spec', 'redirect', 'fallbackIP'], lines: ['# four'] },
    { path: ['spec', 'networkInterface'], lines: ['# five'] },
  ]);
});

test('a destination may come from a ConfigMap', () => {
  const pod = podWith({
    EGRESS_DESTINATION: { valueFrom: { configMapKeyRef: { name: 'routes', key: 'd' } } },
  });
  const configMap = (data: JsonObject, namespace = 'web'): JsonObject => ({
    kind: 'ConfigMap',
    metadata: { name: 'routes', namespace },
    data,
  });
  const plan = migrated([pod, configMap({ d: '8080 tcp 203.0.113.25 80' })]);
  expect(plan.objects[0]).toEqual(router);
  expect(plan.steps).toContain(
    'ConfigMap "routes" is no longer read: a change of the rules is now one of the EgressRouter.',
  );
  checkRefused([pod], 'ConfigMap "routes", which was not found');
  checkRefused([pod, configMap({ d: '203.0.113.25' }, 'other')], 'which was not found');
  checkRefused([pod, configMap({ destination: '203.0.113.25' })], 'which has only "destination"');
  const whole = legacyPod({
    initContainers: [
      routerContainer({ EGRESS_DESTINATION: undefined }, { envFrom: [{ configMapRef: { name: 'routes' } }] }),
    ],
  });
  const all = configMap({ EGRESS_DESTINATION: '8080 tcp 203.0.113.25 80' });
  expect(migrated([whole, all]).objects[0]).toEqual(router);
});

test("a Template's parameters take their own values", () => {
  const parameters = [
    { name: 'NAME', value: 'egress-1' },
    { name: 'SOURCE', value: '192.168.12.99/24' },
    { name: 'REPLICAS', value: '1' },
    { name: 'OF_OTHERS', value: 'sap' },
  ];
  const objects = [
    deploymentOf(podWith({ EGRESS_SOURCE: '${SOURCE}' }), { replicas: '${{REPLICAS}}' }),
    service('${NAME}', { selector: { name: '${NAME}' } }),
  ];
  const plan = migrated([{ kind: 'Template', objects, parameters }]);
  expect(plan.objects).toEqual([router, service('egress-1', { selector: { app: 'egress-router-cni' } })]);
  expect(plan.questions.map(({ message }) => message)).toEqual([
    "The Template's parameters were filled with their own values: NAME=egress-1, SOURCE=192.168.12.99/24, REPLICAS=1.",
  ]);
  expect(plan.losses.filter(({ path }) => path.includes('replicas'))).toEqual([]);
  checkRefused(
    [{ kind: 'Template', objects, parameters: [{ name: 'SOURCE' }] }],
    'EGRESS_SOURCE holds "SOURCE"',
  );
});

test('a Service selects by the label of its own router where the operator of this project makes it', () => {
  const reconciler = 'agent';
  const selector = { 'egress-router-tools/router': 'egress-1' };
  const plan = migrated([legacyPod(), service('partner')], { reconciler });
  expect(plan.objects).toEqual([router, service('partner', { selector })]);
  expect([...plan.steps, ...plan.losses.map(({ message }) => message)].join()).not.toContain(
    'Cluster Network Operator',
  );
  expect(plan.losses[0]?.message).toContain('become egress-router-tools/router=egress-1');
  expect(migrated([legacyPod()], { reconciler }).objects[1]).toMatchObject({ spec: { selector } });
  const beside = { ...router, metadata: { name: 'other', namespace: 'web' } };
  const advice =
    'Where the operator of this project makes the routers, the selector app: egress-router-cni is that of one router of the namespace only: say that it does (reconciler agent) and migrate again, or let the Service select egress-router-tools/router: egress-1.';
  expect(migrated([legacyPod(), beside]).steps).toContain(advice);
  expect(migrated([legacyPod(), beside], { reconciler: 'cno' }).steps).not.toContain(advice);
  expect(migrated([legacyPod()]).steps).not.toContain(advice);
});

test("what the pod asks of its node becomes annotations of this project's operator", () => {
  const resources = { requests: { cpu: 1, memory: '64Mi' }, limits: { memory: '128Mi' } };
  const pod = legacyPod({
    initContainers: [routerContainer({}, { resources })],
    nodeSelector: { site: 'dmz', 'node-role.kubernetes.io/infra': '' },
    tolerations: [
      { key: 'infra', operator: 'Exists', effect: 'NoSchedule' },
      { key: 'dedicated', value: 'egress' },
      { operator: 'Exists', effect: 'NoExecute' },
      { key: 'node.kubernetes.io/not-ready', operator: 'Exists', tolerationSeconds: 300 },
    ],
    priorityClassName: 'system-cluster-critical',
    priority: 2000000000,
  });
  const plan = migrated([pod], { reconciler: 'agent' });
  expect(plan.objects[0]?.['metadata']).toEqual({
    name: 'egress-1',
    namespace: 'web',
    annotations: {
      'egress-router-tools/node-selector': 'site=dmz,node-role.kubernetes.io/infra=',
      'egress-router-tools/tolerations': 'infra:NoSchedule,dedicated=egress,*:NoExecute',
      'egress-router-tools/priority-class': 'system-cluster-critical',
      'egress-router-tools/requests': 'cpu=1,memory=64Mi',
      'egress-router-tools/limits': 'memory=128Mi',
    },
  });
  const lost = (options?: MigrationOptions) =>
    migrated([pod], options).losses.flatMap(({ path }) => path.slice(-1));
  expect(lost({ reconciler: 'agent' })).toEqual(['labels']);
  expect(lost()).toEqual(
    expect.arrayContaining(['nodeSelector', 'tolerations', 'priorityClassName', 'priority', 'resources']),
  );
});

test('what no annotation can say whole stays lost', () => {
  const pod = legacyPod({
    initContainers: [routerContainer({}, { resources: { limits: { 'ephemeral-storage': '1Gi' } } })],
    nodeSelector: { 'a b': 'c' },
    tolerations: [{ key: 'infra', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 }],
  });
  const plan = migrated([pod], { reconciler: 'agent' });
  expect(plan.objects[0]).toEqual(router);
  expect(plan.losses.flatMap(({ path }) => path.slice(-1))).toEqual([
    'nodeSelector',
    'tolerations',
    'resources',
    'labels',
  ]);
});

test('a Service keeps its name and gets the new pods', () => {
  const dumped = service(
    'partner',
    {
      type: 'LoadBalancer',
      clusterIP: '172.30.1.1',
      clusterIPs: ['172.30.1.1'],
      selector: { name: 'egress-1' },
      ports: [
        { port: 80, targetPort: 'web', nodePort: 30080 },
        { port: 81, targetPort: 8081 },
      ],
    },
    {
      uid: 'x',
      labels: { team: 'a' },
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    },
  );
  const pod = legacyPod({
    containers: [{ ...waitContainer, ports: [{ name: 'web', containerPort: 8080 }] }],
  });
  const plan = migrated([pod, { kind: 'List', items: [dumped] }]);
  expect(plan.objects[1]).toEqual({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'partner', namespace: 'web', labels: { team: 'a' } },
    spec: {
      type: 'LoadBalancer',
      selector: { app: 'egress-router-cni' },
      ports: [
        { port: 80, targetPort: 8080 },
        { port: 81, targetPort: 8081 },
      ],
    },
  });
  expect(plan.losses.map(({ message }) => message)).toContain(
    'Service "partner": no rule answers to its port 8081/TCP.',
  );
});

test('a Service with a port that has no number', () =>
  expect(
    migrated([legacyPod(), service('partner', { ports: [{ name: 'mail' }] })]).losses.map(
      ({ message }) => message,
    ),
  ).toContain('Service "partner": one of its ports has no number: the API refuses it.'));

test('a Service that selects nothing, or none at all', () => {
  const other = service('egress-1', { selector: { name: 'egress-2' } });
  const plan = migrated([legacyPod(), other]);
  expect(plan.objects[1]).toMatchObject({
    metadata: { name: 'egress-1' },
    spec: { ports: [{ name: 'web' }] },
  });
  expect(plan.questions[0]?.message).toContain('selects name=egress-2');
  const made = migrated([legacyPod(), service('partner', {}, { namespace: 'other' })]);
  expect(made.objects[1]).toMatchObject({
    metadata: { name: 'egress-1' },
    spec: { ports: [{ name: 'tcp-8080' }] },
  });
  expect(made.steps[0]).toContain('Service "egress-1" is new');
  const fallbackOnly = migrated([podWith({ EGRESS_DESTINATION: '203.0.113.26' })]);
  expect(fallbackOnly.objects).toHaveLength(1);
  expect(fallbackOnly.steps[0]).toContain('egress-router expose egress-1');
  const portless = migrated([legacyPod(), service('partner', { ports: undefined })]);
  expect(portless.objects[1]).toMatchObject({ spec: { ports: [{ name: 'tcp-8080', port: 8080 }] } });
});

test('every loss is told', () => {
  const pod = legacyPod(
    {
      initContainers: [routerContainer({}, { resources: { limits: { cpu: 1 } } })],
      containers: [waitContainer, { name: 'monitor', image: 'acme/monitor:1' }],
      nodeSelector: { site: 'springfield-1' },
      tolerations: [{ key: 'x' }],
      volumes: [],
    },
    { annotations: { [annotationKey]: 'ens4', 'acme.example/owner': 'a' } },
  );
  const plan = migrated([
    deploymentOf(pod, { replicas: 2 }),
    { ...router, metadata: { name: 'other', namespace: 'web' } },
    // The same one, open a second time.
    { ...router, metadata: { name: 'other', namespace: 'web' } },
  ]);
  const podSpec = 'spec.template.spec';
  expect(plan.losses.map(({ path, message }) => `${pathText(path)}: ${message}`)).toEqual([
    'spec.replicas: replicas: 2 becomes one pod, as the source address can be in one place only.',
    `${podSpec}.nodeSelector: nodeSelector (site=springfield-1): only this project's operator lets an EgressRouter choose its node, by the annotation egress-router-tools/node-selector. Every node that it may run on has to reach the gateway.`,
    `${podSpec}.tolerations: "tolerations" of the pod has no place in an EgressRouter.`,
    `${podSpec}.initContainers[0].resources: "resources" of the router's container has no place in an EgressRouter.`,
    `${podSpec}.containers[1]: The container "monitor" (acme/monitor:1) is not carried over.`,
    'spec.template.metadata.labels: The labels of the pods (name=egress-1) become app=egress-router-cni: change what else selects pods by them, such as a NetworkPolicy.',
    'spec.template.metadata.annotations: Annotations are not carried over: acme.example/owner.',
    `spec.template.metadata.annotations.${annotationKey}: Where the Cluster Network Operator makes the router, the macvlan mode "Private" and the network card "ens4" are ignored.`,
  ]);
  expect(plan.steps).toContain(
    'Where the Cluster Network Operator makes the routers, a namespace has room for one: move EgressRouter "other" or this router to another.',
  );
});

test('a pod on each node, and a fallback, are not what they were', () => {
  const env = { EGRESS_DESTINATION: '80 tcp 203.0.113.25\n203.0.113.26' };
  const pod = podWith(env);
  const { losses } = migrated([{ ...deploymentOf(pod), kind: 'DaemonSet' }]);
  expect(losses.map(({ message }) => message)).toEqual([
    'A DaemonSet has a pod on each node; an EgressRouter has one pod in all.',
    'The labels of the pods (name=egress-1) become app=egress-router-cni: change what else selects pods by them, such as a NetworkPolicy.',
    'Where the Cluster Network Operator makes the router, the macvlan mode "Private" is ignored.',
    'Where the Cluster Network Operator makes the router, fallbackIP 203.0.113.26 is ignored: write a rule for each port that clients use.',
  ]);
});

test('only routers of the same namespace need another one', () => {
  const second = (namespace?: string) => ({
    ...router,
    metadata: { name: 'other', ...(namespace === undefined ? {} : { namespace }) },
  });
  const { metadata, ...pod } = legacyPod();
  const untold = { ...pod, metadata: { ...(isJsonObject(metadata) ? metadata : {}), namespace: undefined } };
  const template = (name: string, ...objects: unknown[]) => ({
    kind: 'Template',
    metadata: { name },
    objects,
  });
  const room = (documents: readonly unknown[]) =>
    migrated(documents)
      .steps.filter((step) => step.includes('room for one'))
      .map((step) => step.split(' ')[0]);
  expect(room([untold, second()])).toEqual(['Where']);
  expect(room([untold, second('web')])).toEqual(['See']);
  expect(room([template('a', untold), second('web')])).toEqual(['See']);
  expect(room([template('a', untold), second()])).toEqual(['See']);
  expect(room([template('a', untold), template('b', second())])).toEqual(['See']);
  expect(room([template('a', untold, second())])).toEqual(['Where']);
});

test('what a cluster put into the pod is no loss', () => {
  const dumped = legacyPod({
    initContainers: [
      routerContainer({}, { volumeMounts: [{ name: 'kube-api-access-x', mountPath: '/var' }] }),
    ],
    volumes: [{ name: 'kube-api-access-x' }],
    tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists' }],
    serviceAccountName: 'default',
    securityContext: {},
    priority: 0,
  });
  expect(migrated([dumped]).losses).toEqual(migrated([legacyPod()]).losses);
});

const octet = fc.integer({ min: 0, max: 300 });
const ip = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'));
const near = fc.tuple(octet, octet).map(([a, b]) => `192.168.${a}.${b}`);
const line = fc.oneof(
  fc
    .tuple(fc.integer({ min: 0, max: 70000 }), fc.constantFrom('tcp', 'udp', 'TCP', 'sctp', 'x'), ip)
    .map((parts) => parts.join(' ')),
  ip,
  fc.constantFrom('', '# comment', '80 tcp 203.0.113.25 8080', '81\tudp 203.0.113.26', '203.0.113.26'),
  fc.string(),
);

test('an EgressRouter that comes of it has no errors', () => {
  const destination = fc.oneof(
    fc.array(fc.constantFrom('80 tcp 203.0.113.25', '81 UDP 203.0.113.26 53 # x', '203.0.113.9', '#')),
    fc.array(line, { maxLength: 4 }),
  );
  const source = fc
    .tuple(near, fc.constantFrom('', '/24', '/16', '/30', '/32', '/99'))
    .map((parts) => parts.join(''));
  const prefixLength = fc.option(fc.integer({ min: 1, max: 31 }), { nil: undefined });
  let many = 0;
  fc.assert(
    fc.property(source, near, destination, prefixLength, (EGRESS_SOURCE, EGRESS_GATEWAY, lines, length) => {
      const pod = podWith({ EGRESS_SOURCE, EGRESS_GATEWAY, EGRESS_DESTINATION: lines.join('\n') });
      const plan = migrate([pod], length === undefined ? {} : { prefixLength: length });
      if (plan.kind === 'refused') {
        expect(plan.reason).not.toBe('');
        return;
      }
      many += 1;
      const { problems, reading, router: read } = parseRouter(plan.objects[0]);
      expect(read).toBeDefined();
      expect([...problems, ...checkRouter(reading)].filter(({ severity }) => severity === 'error')).toEqual(
        [],
      );
    }),
    { numRuns: 500 },
  );
  expect(many).toBeGreaterThan(20);
});

test('no input throws', () => {
  const fields = fc.dictionary(
    fc.constantFrom('initContainers', 'containers', 'nodeSelector', 'replicas'),
    fc.jsonValue(),
  );
  const metadata = fc.dictionary(
    fc.constantFrom('name', 'labels', 'namespace', 'ownerReferences'),
    fc.jsonValue(),
  );
  const spec = fc.dictionary(fc.constantFrom('selector', 'ports', 'clusterIP'), fc.jsonValue());
  fc.assert(
    fc.property(fields, metadata, spec, (pod, meta, serviceSpec) => {
      const documents = [
        legacyPod(pod, meta),
        service('egress-1', serviceSpec),
        {
          kind: 'Template',
          objects: [deploymentOf(legacyPod(pod, meta))],
          parameters: [pod, { name: 'a', value: 'b' }],
        },
      ];
      for (const document of documents) {
        for (const place of legacyRoutersIn(document)) {
          planMigration(readLegacyRouter(document, place), surroundingsOf(documents));
        }
      }
    }),
  );
});
