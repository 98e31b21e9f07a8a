import { expect, test } from 'vitest';
import type { Reconciler } from '#core/egress-router/reconciler.ts';
import { checkRelations } from '#core/relations/checks.ts';
import { parseClusterFacts } from '#core/relations/cluster-facts.ts';
import type { Facts } from '#core/relations/facts.ts';
import { RelationIndex } from '#core/relations/relation-index.ts';
import { legacyFacts, routerFacts, serviceFacts } from './objects.ts';

interface World {
  readonly reconciler?: Reconciler;
  readonly cluster?: object;
}

/** Documents `file#number`; the problems as `document code path severity`. */
function check(
  documents: Readonly<Record<string, Facts>>,
  wanted: readonly string[],
  world: World = {},
): void {
  const index = new RelationIndex({
    fileOf: (document) => document.split('#')[0] ?? '',
    unitOf: (document) => document.split('#')[0]?.split('/')[0] ?? '',
    compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  });
  for (const [document, facts] of Object.entries(documents)) index.set(document, [{ root: [], facts }]);
  const context = {
    reconciler: world.reconciler ?? 'agent',
    ...(world.cluster === undefined ? {} : { cluster: parseClusterFacts(world.cluster) }),
  } as const;
  const found = Object.keys(documents).flatMap((document) =>
    index.in(document).flatMap((known) =>
      checkRelations(known, index, context).map((problem) => {
        expect(problem.message).toMatch(/^.{20,260}\.$/);
        return `${document} ${problem.code} ${problem.path.join('.')} ${problem.severity}`;
      }),
    ),
  );
  expect(found).toEqual(wanted);
}

test('an address belongs to one router', () => {
  const web = routerFacts({ name: 'a', namespace: 'web' });
  const shop = routerFacts({ name: 'b', namespace: 'shop' });
  check({ a: web, b: shop }, [
    'a address-in-use spec.addresses.0.ip warning',
    'b address-in-use spec.addresses.0.ip warning',
  ]);
  check({ a: web, b: routerFacts({ name: 'a', namespace: 'shop' }) }, [
    'a address-in-use spec.addresses.0.ip warning',
    'b address-in-use spec.addresses.0.ip warning',
  ]);
  check({ a: web, b: routerFacts({ name: 'b', namespace: 'shop', ip: '192.168.12.98/24' }) }, []);
});

test('other renditions of a router have its address', () => {
  check({ a: routerFacts({ namespace: 'web' }), b: routerFacts({ namespace: 'web' }) }, []);
  check({ base: routerFacts(), overlay: routerFacts({ namespace: 'web' }) }, []);
});

test('without namespaces, other names are likely other routers', () => {
  check({ a: routerFacts({ name: 'a' }), b: routerFacts({ name: 'b' }) }, [
    'a address-in-use spec.addresses.0.ip information',
    'b address-in-use spec.addresses.0.ip information',
  ]);
  check({ 'a#1': routerFacts({ name: 'a' }), 'a#2': routerFacts({ name: 'b' }) }, [
    'a#1 address-in-use spec.addresses.0.ip warning',
    'a#2 address-in-use spec.addresses.0.ip warning',
  ]);
});

const cluster = {
  context: 'lab',
  networks: [
    { name: 'pod', cidr: '10.128.0.0/14' },
    { name: 'service', cidr: '172.30.0.0/16' },
    { name: 'machine', cidr: '192.168.12.0/24' },
  ],
  nics: [{ node: 'worker-0', name: 'enp1s0', addresses: ['192.168.12.10/24'] }],
  routers: [
    {
      namespace: 'web',
      name: 'partner-api',
      addresses: ['192.168.12.99'],
      rules: [{ port: 8080, protocol: 'TCP', destination: '203.0.113.25', targetPort: 80 }],
      state: 'Available',
    },
  ],
  usedAddresses: [
    { ip: '192.168.12.1', by: 'the gateway' },
    { ip: '192.168.12.99', by: 'the pod web/egress-router-cni-deployment' },
  ],
};

test('an address that something in the cluster has', () => {
  check({ a: routerFacts({ namespace: 'web' }) }, [], { cluster });
  check({ a: routerFacts() }, [], { cluster });
  const taken = ['a address-in-use spec.addresses.0.ip warning'];
  check({ a: routerFacts({ namespace: 'shop' }) }, taken, { cluster });
  check({ a: routerFacts({ name: 'other' }) }, taken, { cluster });
  check({ a: routerFacts({ ip: '192.168.12.10/24' }) }, taken, { cluster });
  check({ a: routerFacts({ ip: '192.168.12.1/24' }) }, taken, { cluster });
  check({ a: routerFacts({ ip: '192.168.12.7/24' }) }, [], { cluster });
});

test("addresses of the cluster's own networks", () => {
  check(
    { a: routerFacts({ ip: '10.128.4.9/23' }) },
    ['a address-in-cluster-network spec.addresses.0.ip warning'],
    { cluster },
  );
  check(
    { a: routerFacts({ rules: ['80 TCP 172.30.0.1'], fallbackIP: '10.129.0.3' }) },
    [
      'a destination-in-cluster spec.redirect.redirectRules.0.destinationIP warning',
      'a destination-in-cluster spec.redirect.fallbackIP warning',
    ],
    { cluster },
  );
});

test('rules that need a new pod', () => {
  const edited = routerFacts({ namespace: 'web', rules: ['8081 TCP 203.0.113.25 80'] });
  const found = 'a rule-edit-needs-new-pod spec.redirect.redirectRules';
  check({ a: edited }, [`${found} warning`], { cluster, reconciler: 'cno' });
  check({ a: edited }, [`${found} warning`], {
    cluster: { ...cluster, reconciler: 'cno' },
    reconciler: 'unknown',
  });
  check({ a: edited }, [`${found} information`], { cluster, reconciler: 'unknown' });
  check({ a: edited }, [], { cluster, reconciler: 'agent' });
  check({ a: routerFacts({ namespace: 'web' }) }, [], { cluster, reconciler: 'cno' });
  // Without a namespace, one of its name may be meant if there is no other.
  const untold = routerFacts({ rules: ['8081 TCP 203.0.113.25 80'] });
  check({ a: untold }, [`${found} warning`], { cluster, reconciler: 'cno' });
  const routers = [...cluster.routers, ...cluster.routers.map((live) => ({ ...live, namespace: 'shop' }))];
  check({ a: untold }, [], { cluster: { ...cluster, routers }, reconciler: 'cno' });
  check({ a: routerFacts() }, [], { cluster, reconciler: 'cno' });
});

test('a namespace has room for one router', () => {
  const two = {
    'a#1': routerFacts({ name: 'a', namespace: 'web' }),
    b: routerFacts({ name: 'b', namespace: 'web', ip: '192.168.12.98/24' }),
  };
  check(two, ['b second-router metadata.name warning'], { reconciler: 'cno' });
  check(two, ['b second-router metadata.name information'], { reconciler: 'unknown' });
  check(two, []);
  const agents = { ...two, 'a#1': { ...two['a#1'], isForAgent: true } as const };
  check(agents, [], { reconciler: 'unknown' });
  check(
    { ...agents, c: routerFacts({ name: 'c', namespace: 'web', ip: '192.168.12.97/24' }) },
    ['c second-router metadata.name warning'],
    {
      reconciler: 'cno',
    },
  );
  const untold = (name: string) => routerFacts({ name, ip: `192.168.12.${name.length}/24` });
  check({ 'a#1': untold('a'), 'a#2': untold('bb') }, ['a#2 second-router metadata.name warning'], {
    reconciler: 'cno',
  });
  check({ a: untold('a'), b: untold('bb') }, [], { reconciler: 'cno' });
  check({ 'a#1': untold('a'), 'a#2': routerFacts({ name: 'b', namespace: 'web' }) }, [], {
    reconciler: 'cno',
  });
});

test('a name stands once in a file', () => {
  const web = routerFacts({ namespace: 'web' });
  check({ 'a#1': web, 'a#2': web }, ['a#2 same-name metadata.name warning']);
  check({ a: web, b: web }, []);
  check({ 'a#1': web, 'a#2': routerFacts() }, []);
});

const rules = ['8080 TCP 203.0.113.25 80', '8053 UDP 203.0.113.26 53'];
const tcp = { port: 8080, targetPort: 8080, protocol: 'TCP' };
const udp = { port: 8053, protocol: 'UDP' };
const withService = (...service: Parameters<typeof serviceFacts>) => ({
  'a#1': routerFacts({ rules }),
  'a#2': serviceFacts(...service),
});

test('a Service has a port for each rule', () => {
  check(withService([tcp, udp]), []);
  check(withService([tcp]), ['a#1 rule-without-service-port spec.redirect.redirectRules.1.port information']);
  check(withService([tcp], { clusterIP: 'None' }), []);
  // It leads to a name, whatever its selector says.
  check(withService([{ port: 9090 }], { type: 'ExternalName', externalName: 'a.example.com' }), [
    'a#2 service-fields-conflict spec.type warning',
  ]);
  const outside = (port: object) =>
    serviceFacts([port], { name: 'dns', type: 'ExternalName', externalName: 'a.example.com' });
  check({ ...withService([tcp]), 'a#3': outside(udp) }, ['a#3 service-fields-conflict spec.type warning']);
  check({ ...withService([tcp]), 'a#3': outside(tcp) }, [
    'a#1 rule-without-service-port spec.redirect.redirectRules.1.port information',
    'a#3 service-fields-conflict spec.type warning',
  ]);
  check({ ...withService([tcp]), 'a#3': serviceFacts([udp], { name: 'dns' }) }, []);
  const dns = routerFacts({ rules: ['53 TCP 203.0.113.26', '53 UDP 203.0.113.26'] });
  check({ 'a#1': dns, 'a#2': serviceFacts([{ port: 53 }]) }, [
    'a#1 rule-without-service-port spec.redirect.redirectRules.1.port information',
  ]);
  // Of two rules for one port, which is told elsewhere, the first stands for both.
  const twice = routerFacts({ rules: [...rules, '8053 UDP 203.0.113.27 53'] });
  check({ 'a#1': twice, 'a#2': serviceFacts([tcp]) }, [
    'a#1 rule-without-service-port spec.redirect.redirectRules.1.port information',
  ]);
  const swapped = routerFacts({ rules: ['80 TCP 203.0.113.25', '8080 TCP 203.0.113.26'] });
  check({ 'a#1': swapped, 'a#2': serviceFacts([{ port: 80, targetPort: 8080 }]) }, [
    'a#1 rule-without-service-port spec.redirect.redirectRules.0.port information',
  ]);
});

test('a port of a Service has a rule', () => {
  check(withService([tcp, udp, { port: 9090 }]), ['a#2 service-port-without-rule spec.ports.2.port warning']);
  check(withService([tcp, udp, { port: 9090, targetPort: 9091 }]), [
    'a#2 service-port-without-rule spec.ports.2.targetPort warning',
  ]);
  check(withService([tcp, udp, { port: 53, targetPort: 8053, protocol: 'UDP' }]), []);
  check({ 'a#1': routerFacts({ fallbackIP: '203.0.113.9' }), 'a#2': serviceFacts([tcp, { port: 9 }]) }, []);
});

test('a port of a Service has the protocol of its rule', () => {
  check(withService([tcp, { port: 8053 }]), ['a#2 service-protocol spec.ports.1.port warning']);
  check(withService([{ ...tcp, protocol: 'SCTP' }, udp]), [
    'a#2 service-protocol spec.ports.0.protocol warning',
  ]);
});

test('targetPort is the port of a rule', () => {
  const found = ['a#2 service-target-port spec.ports.0.targetPort warning'];
  check(withService([{ port: 8080, targetPort: 80 }, udp]), found);
  check(withService([{ port: 80, targetPort: 'http' }, { ...tcp, port: 1 }, udp]), found);
  // An API server refuses it.
  const asText = 'a#2 service-target-port spec.ports.0.targetPort error';
  check(withService([{ port: 80, targetPort: '8080' }, udp]), [asText]);
});

test('a Service selects the pod of its router', () => {
  const selecting = (selector: object, name = 'app') => withService([tcp, udp], { selector, name });
  check(selecting({ app: 'egress-router' }), ['a#2 service-selects-nothing spec.selector.app warning']);
  check(selecting({ app: 'egress-router-cnj' }), ['a#2 service-selects-nothing spec.selector.app warning']);
  check(selecting({ name: 'egress-router-cni' }), ['a#2 service-selects-nothing spec.selector warning']);
  check(selecting({ app: 'egress-router-cni', tier: 'x' }), [
    'a#2 service-selects-nothing spec.selector warning',
  ]);
  check(selecting({ app: 'web' }, 'partner-api'), ['a#2 service-selects-nothing spec.selector.app warning']);
  check(selecting({ app: 'web' }), []);
  check(withService([{ port: 9999 }], { selector: { app: 'web' } }), []);
  check(withService([tcp], { selector: undefined }), []);
});

test('a Service selects by the labels that the reconciler sets', () => {
  const selecting = (selector: object) => withService([tcp, udp], { selector, name: 'app' });
  const nothing = (path: string) => [`a#2 service-selects-nothing spec.selector${path} warning`];
  const byName = selecting({ 'egress-router-tools/router': 'partner-api' });
  const byApp = selecting({ app: 'egress-router-cni-partner-api-deployment' });
  const byOther = selecting({ 'egress-router-tools/router': 'b' });
  check(byName, nothing(''), { reconciler: 'cno' });
  check(byApp, nothing('.app'), { reconciler: 'cno' });
  check(selecting({ app: 'egress-router-cni-b' }), nothing('.app'), { reconciler: 'cno' });
  check(byOther, nothing(''), { reconciler: 'cno' });
  check(byName, nothing(''), { reconciler: 'unknown', cluster: { reconciler: 'cno' } });
  check(selecting({ app: 'egress-router-cni' }), [], { reconciler: 'cno' });
  for (const reconciler of ['agent', 'unknown'] as const) {
    check(byName, [], { reconciler });
    check(byApp, [], { reconciler });
  }
});

test('where several routers share a namespace, a Service selects by the label of its own', () => {
  const web = { namespace: 'web' };
  const other = routerFacts({ ...web, name: 'other', ip: '192.168.12.98/24' });
  const one = (selector: object, name = 'partner-api') => ({
    'a#1': routerFacts({ ...web, rules }),
    'a#2': serviceFacts([tcp, udp], { ...web, name, selector }),
  });
  const documented = { app: 'egress-router-cni' };
  const found = ['a#2 service-shared-selector spec.selector.app warning'];
  check({ ...one(documented), b: other }, found);
  check(one(documented), []);
  check({ ...one({ 'egress-router-tools/router': 'partner-api' }), b: other }, []);
  check({ ...one({ app: 'egress-router-cni-partner-api-deployment' }), b: other }, []);
  check({ ...one({ app: 'web' }), b: other }, ['a#2 service-selects-nothing spec.selector.app warning']);
  // As another one of its namespace runs in the cluster.
  const running = (name: string, namespace: string) => ({
    cluster: { reconciler: 'agent', routers: [{ name, namespace, addresses: [], rules: [], state: '' }] },
    reconciler: 'unknown' as const,
  });
  check(one(documented), found, running('other', 'web'));
  check(one(documented), [], running('other', 'shop'));
  check(one(documented), [], running('partner-api', 'web'));
});

test('a Service of another or an untold namespace says nothing of a router', () => {
  check({ a: routerFacts({ namespace: 'web' }), b: serviceFacts([{ port: 1 }]) }, []);
  check({ a: routerFacts({ namespace: 'web' }), b: serviceFacts([{ port: 1 }], { namespace: 'shop' }) }, []);
  check({ a: routerFacts(), b: serviceFacts([{ port: 1 }]) }, []);
  check({ a: routerFacts({ namespace: 'web' }), b: serviceFacts([tcp, udp], { namespace: 'web' }) }, [
    'b service-port-without-rule spec.ports.1.port warning',
  ]);
});

test('an untold namespace is likely the only one that is written in the file', () => {
  const web = routerFacts({ namespace: 'web' });
  const untold = serviceFacts([tcp, { port: 1 }]);
  const found = ['a#2 service-port-without-rule spec.ports.1.port warning'];
  check({ 'a#1': web, 'a#2': untold }, found);
  check({ 'a#1': routerFacts(), 'a#2': serviceFacts([tcp, { port: 1 }], { namespace: 'web' }) }, found);
  check({ 'a#1': routerFacts({ namespace: 'web', rules }), 'a#2': serviceFacts([tcp]) }, [
    'a#1 rule-without-service-port spec.redirect.redirectRules.1.port information',
  ]);
  // Another namespace in the file, or a router without one.
  check({ 'a#1': web, 'a#2': untold, 'a#3': serviceFacts([], { name: 'x', namespace: 'shop' }) }, []);
  const near = routerFacts({ name: 'near', ip: '192.168.12.98/24', rules: ['1 TCP 203.0.113.25'] });
  check({ 'a#1': web, 'a#2': serviceFacts([{ port: 1 }]), 'a#3': near }, []);
  // Beside one in its namespace, the one of its file may be meant, if not the name tells.
  const inWeb = (name: string) => serviceFacts([{ port: 1 }, { port: 5 }], { name, namespace: 'web' });
  check({ 'a#1': near, 'a#2': inWeb('app'), b: web }, []);
  check({ 'a#1': near, 'a#2': inWeb('near'), b: web }, [
    'a#2 service-port-without-rule spec.ports.1.port warning',
  ]);
  // Nothing is told of other files.
  check({ a: web, 'b#1': untold, 'b#2': serviceFacts([tcp], { name: 'x', namespace: 'web' }) }, []);
});

test('files that are applied as one are in one namespace', () => {
  const lone = serviceFacts([tcp, { port: 1 }]);
  const found = ['k/b service-port-without-rule spec.ports.1.port warning'];
  check({ 'k/a': routerFacts(), 'k/b': lone }, found);
  check({ 'k/a': routerFacts({ namespace: 'web' }), 'k/b': lone }, found);
  check({ 'k/a': routerFacts(), 'l/b': lone }, []);
  // Kustomize refuses these by itself.
  check({ 'k/a': routerFacts(), 'k/b': routerFacts() }, []);
  check({ 'k/a#1': routerFacts(), 'k/a#2': routerFacts(), 'k/b': routerFacts() }, [
    'k/a#2 same-name metadata.name warning',
  ]);
});

test('where there are several routers, a Service is for the one of its name', () => {
  const other = routerFacts({ name: 'other', ip: '192.168.12.98/24', rules: ['9090 TCP 203.0.113.25'] });
  const selector = { 'egress-router-tools/router': 'partner-api' };
  check({ ...withService([tcp, udp, { port: 1 }], { selector }), 'a#3': other }, [
    'a#2 service-port-without-rule spec.ports.2.port warning',
  ]);
  check({ ...withService([tcp, udp, { port: 1 }], { name: 'app' }), 'a#3': other }, []);
});

test('a Service selects the pod of a legacy router', () => {
  const pair = (selector: object, name: string, legacy = legacyFacts()) => ({
    'a#1': legacy,
    'a#2': serviceFacts([tcp], { name, selector }),
  });
  check(pair({ name: 'egress-partner' }, 'egress-partner'), []);
  check(pair({ name: 'egress-partnr' }, 'app'), ['a#2 legacy-service-selector spec.selector.name warning']);
  check(pair({ app: 'egress-partner' }, 'app'), ['a#2 legacy-service-selector spec.selector warning']);
  check(pair({ app: 'x' }, 'egress-partner'), ['a#2 legacy-service-selector spec.selector warning']);
  check(pair({ app: 'x' }, 'egress-partner', legacyFacts({ labels: {} })), [
    'a#2 legacy-service-selector spec.selector warning',
  ]);
  check(pair({ app: 'web' }, 'app'), []);
  check(pair({ app: 'egress-router-cni' }, 'egress-partner'), []);
});

test('the ConfigMap of a legacy router has the key', () => {
  const path = ['spec', 'ref'];
  const reference = (namespace?: string) =>
    legacyFacts({
      ...(namespace === undefined ? {} : { namespace }),
      configMaps: [{ name: 'rules', key: 'destination', path }],
    });
  const map = (keys: readonly string[], namespace?: string): Facts => ({
    kind: 'configMap',
    name: 'rules',
    keys,
    texts: {},
    ...(namespace === undefined ? {} : { namespace }),
  });
  check({ 'a#1': reference(), 'a#2': map(['destination']) }, []);
  check({ 'a#1': reference(), 'a#2': map(['destinations']) }, ['a#1 config-map-key spec.ref.key warning']);
  check({ a: reference(), b: map(['destinations']) }, []);
  check({ a: reference('web'), b: map(['x'], 'web') }, ['a config-map-key spec.ref.key warning']);
  check({ a: reference('web'), b: map(['destination'], 'shop') }, [
    'a config-map-missing spec.ref.name warning',
  ]);
  check({ a: reference('web'), b: map(['destination']) }, []);
  check({ a: reference('web') }, []);
});
