import { expect, test } from 'vitest';
import type { ConnectionView } from '#client/cluster/connection.ts';
import { redrawn } from '#client/tree/redraw.ts';
import { type Layout, type Sidebar, SidebarMaker } from '#client/tree/sidebar.ts';
import type { TreeNode } from '#client/tree/tree-node.ts';
import type { ConnectionState, RoutersSnapshot, RouterView } from '#cluster/view.ts';

const router: RouterView = {
  namespace: 'demo',
  name: 'egress-a',
  state: { kind: 'ready' },
  addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }],
  rules: [{ port: 8080, protocol: 'TCP', destinationIP: '203.0.113.25', targetPort: 80 }],
  pods: [
    {
      name: 'egress-router-cni-deployment-x',
      node: 'node1',
      phase: 'Running',
      ready: true,
      podIP: '10.128.0.7',
      net1: { ips: ['192.168.12.99'], mac: '02:00:00:00:00:01' },
    },
  ],
  services: [
    {
      name: 'egress-a',
      type: 'ClusterIP',
      clusterIP: '172.30.0.9',
      ports: [{ name: 'tcp-8080', protocol: 'TCP', port: 8080 }],
    },
  ],
  warnings: [],
  objects: [
    {
      apiVersion: 'k8s.cni.cncf.io/v1',
      kind: 'NetworkAttachmentDefinition',
      namespace: 'demo',
      name: 'egress-router-cni-nad',
    },
  ],
};

const lost: ConnectionState = {
  kind: 'unreachable',
  since: '2026-11-22T10:00:00Z',
  reason: 'unreachable',
  message: 'Cannot reach https://127.0.0.1:6443. Start the cluster or switch the context.',
};

function toSidebar(
  view: ConnectionView,
  namespace: string | undefined,
  layout: Partial<Layout> = {},
): Sidebar {
  return new SidebarMaker().make(view, { namespace, grouping: 'flat', filter: '', ...layout });
}

/** The whole view as an indented text: `icon label | description`. */
function check(view: ConnectionView, namespace: string | undefined, expected: string): void {
  const { place, message, welcome, nodes } = toSidebar(view, namespace);
  const head = [
    `# ${place}`,
    // The clock time is the person's own.
    ...(message === undefined ? [] : [`! ${message.replace(/\d\d:\d\d:\d\d/, 'TIME')}`]),
    ...(welcome === undefined ? [] : [`? ${welcome}`]),
  ];
  const text = [...head, ...nodes.flatMap((node) => lines(node, ''))].join('\n');
  expect(`\n${text}\n`).toBe(expected);
}

function lines(
  { icon, label, description, children = () => [] }: TreeNode,
  indent: string,
): readonly string[] {
  const line = [`${indent}${icon ?? '-'} ${label}`, ...(description === undefined ? [] : [description])];
  return [line.join(' | '), ...children().flatMap((child) => lines(child, `${indent}  `))];
}

function open(connection: ConnectionState, ...routers: readonly RouterView[]): ConnectionView {
  const snapshot: RoutersSnapshot = { context: 'sandbox', scope: { kind: 'cluster' }, connection, routers };
  return { kind: 'open', namespace: 'demo', snapshot };
}

test('a router that is up and exposed', () => {
  check(
    open({ kind: 'live' }, router),
    undefined,
    `
# sandbox / all namespaces
context sandbox | live · all namespaces
ready egress-a | Ready · demo
  address 192.168.12.99/24 | 02:00:00:00:00:01 · gateway 192.168.12.1
  rules Rules | 1
    rule 8080/TCP | → 203.0.113.25:80
    rule Other ports | rejected
  pod Pod | ready on node1 · egress-router-cni-deployment-x
    interface eth0 | 10.128.0.7
    interface net1 | 192.168.12.99 · 02:00:00:00:00:01
  service Service egress-a | 172.30.0.9 · ClusterIP
    port egress-a.demo.svc:8080 | TCP
  object NAD | egress-router-cni-nad
`,
  );
});

test('where namespaces are not looked at, an empty list does not read as an empty cluster', () => {
  const scope = { kind: 'namespaces', namespaces: ['a', 'b'], more: 12 } as const;
  check(
    {
      kind: 'open',
      namespace: 'demo',
      snapshot: { context: 'sandbox', scope, connection: { kind: 'live' }, routers: [] },
    },
    undefined,
    `
# sandbox / 2 of 14 namespaces: Switch Namespace shows another one
context sandbox | live · 2 of 14 namespaces: Switch Namespace shows another one
namespace Switch Namespace…
`,
  );
});

test('a router that cannot come up says why, and one without Service what is missing', () => {
  const why = 'Pod pod-x: The node has no interface "nic9". Name one that it has.';
  const pod = { name: 'pod-x', phase: 'Pending', ready: false, problem: why };
  check(
    open(
      { kind: 'live' },
      {
        ...router,
        state: { kind: 'degraded', message: why },
        rules: [],
        fallbackIP: '2001:db8::25',
        pods: [pod],
        services: [],
        objects: [],
      },
    ),
    'demo',
    `
# sandbox / demo
context sandbox | live · demo
degraded egress-a | Degraded
  message The node has no interface "nic9".
  continued Name one that it has.
  address 192.168.12.99/24 | gateway 192.168.12.1
  rules Rules | all to 2001:db8::25
    rule All ports | → 2001:db8::25, same port (fallback)
  pod Pod | pending · pod-x
    interface net1 | not attached yet
  no-service No Service | clients have no address to call: Expose
`,
  );
});

test.each<[RouterView['state'], string]>([
  [{ kind: 'simulated', message: 'no root' }, 'simulated egress-a | Simulated · demo'],
  [{ kind: 'progressing', message: 'rolling out' }, 'progressing egress-a | Progressing · demo'],
  [{ kind: 'not-reconciled', message: 'no operator' }, 'not-reconciled egress-a | Not reconciled · demo'],
  [{ kind: 'stale-rules', message: 'old pod' }, 'stale-rules egress-a | Stale rules · demo'],
  [{ kind: 'address-conflict', message: 'taken' }, 'address-conflict egress-a | Address conflict · demo'],
  [{ kind: 'deleting', message: 'waiting' }, 'deleting egress-a | Deleting · demo'],
])('state $kind stands in the row as icon and as text', (state, expected) => {
  const [, node] = toSidebar(open({ kind: 'live' }, { ...router, state }), undefined).nodes;
  expect(node && lines(node, '')[0]).toBe(expected);
  expect(node?.children?.()[0]?.label).toBe('message' in state ? state.message : undefined);
});

test('another namespace is filtered out', () => {
  check(
    open({ kind: 'live' }, router),
    'other',
    `
# sandbox / other
! No egress router yet in namespace other, and no other one is looked at.
context sandbox | live · other
new New Router…
namespace Switch Namespace…
`,
  );
});

test.each([
  [['web'], 'No egress router yet in namespace web, and no other one is looked at.'],
  [['a', 'b'], 'No egress router yet in the namespaces that are looked at: a, b.'],
])('whoever may see %j alone is told what was looked at', (namespaces, message) => {
  const scope = { kind: 'namespaces', namespaces } as const;
  const snapshot: RoutersSnapshot = {
    context: 'sandbox',
    scope,
    connection: { kind: 'live' },
    routers: [],
  };
  const where = namespaces.join(', ');
  check(
    { kind: 'open', namespace: 'demo', snapshot },
    undefined,
    `
# sandbox / ${where}
! ${message}
context sandbox | live · ${where}
new New Router…
namespace Switch Namespace…
`,
  );
});

test('an empty cluster has a welcome text', () => {
  check(open({ kind: 'live' }), undefined, '\n# sandbox / all namespaces\n? empty\n');
});

test('before anything is known', () => {
  check({ kind: 'opening' }, undefined, '\n# connecting…\nprogressing Connecting to the cluster…\n');
  check(
    open({ kind: 'connecting' }),
    undefined,
    '\n# sandbox / all namespaces\nprogressing sandbox | connecting… · all namespaces\n',
  );
});

test('a lost connection is drawn, with what was last seen', () => {
  const { nodes, message } = toSidebar(open(lost, router), undefined);
  // With the day: a cluster may be away for a weekend.
  expect(message).toMatch(
    /^Unreachable since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\. The routers below are as they were then\. Cannot reach/,
  );
  expect(nodes.map(({ label }) => label)).toEqual([
    'sandbox',
    'Try Again',
    'Switch Context…',
    'Show Log',
    'egress-a',
  ]);
});

test('no permission any more: the routers stay, and another namespace is offered first', () => {
  const shown = toSidebar(open({ ...lost, reason: 'forbidden', message: 'You lack it.' }, router), undefined);
  expect(shown.message).toMatch(
    /^Not permitted since .* The routers below are as they were then\. You lack it\.$/,
  );
  expect(shown.nodes.map(({ label }) => label)).toEqual([
    'sandbox',
    'Switch Namespace…',
    'Switch Context…',
    'Try Again',
    'Show Log',
    'egress-a',
  ]);
});

test('states with a welcome text of their own', () => {
  const noFile = { reason: 'no-kubeconfig', message: 'No kubeconfig.' } as const;
  check({ kind: 'failed', ...noFile }, undefined, '\n# no kubeconfig\n? noKubeconfig\n');
  check(open({ ...lost, reason: 'crd-missing' }), undefined, '\n# sandbox / all namespaces\n? noCrd\n');
  check(open({ ...lost, reason: 'forbidden' }), undefined, '\n# sandbox / all namespaces\n? forbidden\n');
});

test('a kubeconfig that cannot be used says so above the steps', () => {
  check(
    { kind: 'failed', reason: 'no-context', message: 'The kubeconfig has no context "x".' },
    undefined,
    `
# cannot connect
! The kubeconfig has no context "x".
retry Try Again
context Switch Context…
log Show Log
`,
  );
});

test('a login program that a workspace must be trusted for', () => {
  check(
    { kind: 'failed', reason: 'plugin-forbidden', message: 'User "u" logs in by running a program.' },
    undefined,
    `
# cannot connect
! User "u" logs in by running a program.
trust Manage Workspace Trust…
context Switch Context…
log Show Log
`,
  );
});

const degraded: RouterView['state'] = { kind: 'degraded', message: 'No NIC. Name another.' };

/** Rows of the first level, without the connection's. */
function rowsOf(
  routers: readonly RouterView[],
  layout: Partial<Layout>,
  maker = new SidebarMaker(),
): readonly TreeNode[] {
  const options: Layout = { grouping: 'flat', filter: '', ...layout };
  return maker.make(open({ kind: 'live' }, ...routers), options).nodes.slice(1);
}

function named(namespace: string, name: string, state: RouterView['state'] = { kind: 'ready' }): RouterView {
  return { ...router, namespace, name, state };
}

test('the worst stand first, then by namespace and name; where many are listed, each says why', () => {
  const routers = [
    named('a', 'up'),
    named('b', 'broken', degraded),
    named('b', 'pretended', { kind: 'simulated', message: 'no root' }),
    named('c', 'going', { kind: 'deleting', message: 'waiting' }),
    named('c', 'stale', { kind: 'stale-rules', message: 'Older than its rules.' }),
    named('d', 'broken', degraded),
    named('d', 'taken', { kind: 'address-conflict', message: 'Held by node1.' }),
    named('e', 'alone', { kind: 'not-reconciled', message: 'Nobody acts.' }),
    named('e', 'coming', { kind: 'progressing', message: 'Waiting for the pod.' }),
  ];
  expect(rowsOf(routers, {}).map(({ label, description }) => `${label} | ${description}`)).toEqual([
    'broken | Degraded · b · No NIC.',
    'broken | Degraded · d · No NIC.',
    'taken | Address conflict · d · Held by node1.',
    'stale | Stale rules · c · Older than its rules.',
    'alone | Not reconciled · e · Nobody acts.',
    'coming | Progressing · e · Waiting for the pod.',
    'going | Deleting · c',
    'pretended | Simulated · b',
    'up | Ready · a',
  ]);
});

test('grouped by namespace, each says how its routers fare, and the one with the worst stands first', () => {
  const routers = [named('a', 'one'), named('b', 'one', degraded), named('b', 'three'), named('b', 'two')];
  const rows = rowsOf(routers, { grouping: 'namespace' });
  expect(rows.map(({ icon, label, description }) => [icon, label, description].join(' | '))).toEqual([
    'degraded | b | 1 degraded · 2 ready',
    'ready | a | 1 ready',
  ]);
  expect(rows.map(({ spoken }) => spoken)).toEqual([
    'Namespace b, 1 degraded, 2 ready',
    'Namespace a, 1 ready',
  ]);
  expect(rows[0]?.children?.().map(({ label, description }) => `${label} | ${description}`)).toEqual([
    'one | Degraded · No NIC.',
    'three | Ready',
    'two | Ready',
  ]);
});

test('one namespace has no groups, and nothing to choose', () => {
  const maker = new SidebarMaker();
  const view = open({ kind: 'live' }, router);
  const both = [undefined, 'demo'].map((namespace) =>
    maker.make(view, { namespace, grouping: 'namespace', filter: '' }),
  );
  expect(both.map(({ grouping, nodes }) => [grouping, nodes[1]?.id])).toEqual([
    ['namespace', 'demo/'],
    [undefined, 'demo/egress-a'],
  ]);
});

test.each([
  ['egress-a', 1],
  ['DEMO', 1],
  ['192.168.12', 1],
  ['203.0.113.25', 1],
  ['ready', 1],
  ['8080/tcp demo', 1],
  ['demo degraded', 0],
  ['demoready', 0],
  [' ', 1],
])('the filter %j leaves %i', (filter, count) => {
  const nodes = rowsOf([router], { filter });
  expect(nodes.filter((node) => node.router !== undefined)).toHaveLength(count);
});

test('a filter says what it leaves out, and offers to be cleared where that is all', () => {
  const view = open({ kind: 'live' }, router, { ...router, name: 'egress-b' });
  expect(toSidebar(view, undefined, { filter: 'egress-b' }).message).toBe(
    'Filter "egress-b": 1 of 2 routers.',
  );
  const { message, welcome, nodes } = toSidebar(view, undefined, { filter: 'x' });
  expect([message, welcome]).toEqual(['Filter "x": 0 of 2 routers.', undefined]);
  expect(nodes.map(({ label }) => label)).toEqual(['sandbox', 'Clear Filter']);
  const { message: both } = toSidebar(open(lost, router), undefined, { filter: 'egress' });
  expect(both).toMatch(/^Unreachable since .* Filter "egress": 1 of 1 router\.$/);
});

test('of very many routers some are drawn, and more when they are asked for', () => {
  const maker = new SidebarMaker();
  const routers = Array.from({ length: 600 }, (_, index) => named('demo', `r${1000 + index}`));
  const labels = (wanted?: string) =>
    rowsOf(routers, wanted === undefined ? {} : { wanted: { namespace: 'demo', name: wanted } }, maker).map(
      ({ label, description }) => `${label} | ${description}`,
    );
  expect(labels()).toHaveLength(251);
  expect(labels().at(-1)).toBe('Show 250 More | 350 routers are not shown');
  maker.showMore('');
  expect(labels().at(-1)).toBe('Show 100 More | 100 routers are not shown');
  expect(labels('r1599')).toContain('r1599 | Ready · demo');
});

test('a router that has not changed keeps its row, and so does a namespace without a change', () => {
  const maker = new SidebarMaker();
  const other = named('other', 'egress-a');
  const rows = (own: RouterView, layout: Partial<Layout>) => rowsOf([own, other], layout, maker);
  const changed = { ...router, state: degraded };
  for (const layout of [{}, { grouping: 'namespace' }] as const) {
    const before = rows(router, layout);
    expect(redrawn(before, rows(router, layout))).toBe('nothing');
    const after = rows(changed, layout);
    expect(redrawn(before, after)).toEqual([after[0]]);
    expect(redrawn(after, rows(changed, { ...layout, filter: 'other' }))).toBe('all');
  }
});

test('clients are not sent to a Service that leads to another router', () => {
  const tooltipOf = (more: object) => {
    const services = router.services.map((service) => ({ ...service, outOfStep: ['Select x.'], ...more }));
    const [node] = rowsOf([{ ...router, services }], {});
    return (node?.children?.() ?? []).find(({ object }) => object?.kind === 'Service')?.tooltip;
  };
  expect(tooltipOf({})).toBe('Select x.\n\nThe Service stands at egress-a.demo.svc:8080 (TCP).');
  expect(tooltipOf({ outOfStep: [] })).toBe('Clients call egress-a.demo.svc:8080 (TCP).');
  expect(tooltipOf({ leadsElsewhere: true })).toBe('Select x.');
});

test('the row of a router that is up says whose clients leave elsewhere', () => {
  const services = router.services.map((service) => ({
    ...service,
    outOfStep: ['Select x.'],
    leadsElsewhere: true as const,
  }));
  const others = ['b', 'c', 'd', 'e'].map((name) => ({ ...router, name }));
  const node = rowsOf([{ ...router, services }, ...others], {}).find(({ label }) => label === router.name);
  expect(node?.description).toBe('Ready · demo · Service egress-a leads elsewhere');
  expect(node?.tooltip).toContain('Select x.');
  expect(node?.spoken).toContain('Service egress-a leads elsewhere');
  expect(node?.icon).toBe('ready-out-of-step');
});

test.each([
  ['closed, with the words', 4, 'Ready · demo · Service egress-a out of step'],
  ['open, where its Service says so', 0, 'Ready · demo'],
])(
  'the row of a router that is up is marked where its Service is out of step: %s',
  (_, more, description) => {
    const services = router.services.map((service) => ({ ...service, outOfStep: ['Select x.'] }));
    const others = ['b', 'c', 'd', 'e'].slice(0, more).map((name) => ({ ...router, name }));
    const view = open({ kind: 'live' }, { ...router, services }, ...others);
    const { nodes, troubled } = toSidebar(view, undefined);
    expect(nodes.find(({ label }) => label === router.name)).toMatchObject({
      icon: 'ready-out-of-step',
      description,
      spoken: 'egress-a, Ready, namespace demo, Service egress-a out of step',
      tooltip: 'demo/egress-a: Ready\n\nSelect x.',
    });
    expect(troubled).toBe(1);
  },
);

test('a router that is not up keeps the icon of its state whatever its Service says', () => {
  const services = router.services.map((service) => ({ ...service, outOfStep: ['Select x.'] }));
  const [, node] = toSidebar(
    open({ kind: 'live' }, { ...router, state: degraded, services }),
    undefined,
  ).nodes;
  expect(node?.icon).toBe('degraded');
});

test('what does not fit a Service stands below it, and what the cluster warned of in a group', () => {
  const [node] = rowsOf(
    [
      {
        ...router,
        services: router.services.map((service) => ({
          ...service,
          outOfStep: ['It has no port 8081. Expose it.'],
        })),
        warnings: [
          {
            about: 'Pod pod-x',
            reason: 'FailedMount',
            message: 'No volume.',
            count: 5,
            lastSeen: '2026-11-22T10:00:00Z',
          },
          { about: 'Pod pod-x', reason: 'BackOff', message: 'Restarting.', count: 1 },
        ],
      },
    ],
    {},
  );
  const text = (node?.children?.() ?? []).flatMap((child) => lines(child, '')).join('\n');
  expect(`\n${text.slice(text.indexOf('out-of-step')).replace(/\d\d:\d\d:\d\d/, 'TIME')}\n`).toBe(`
out-of-step Service egress-a | out of step · 172.30.0.9 · ClusterIP
  message It has no port 8081.
  continued Expose it.
  port egress-a.demo.svc:8080 | TCP
object NAD | egress-router-cni-nad
warnings Warnings | 2
  warning FailedMount | ×5 · TIME · Pod pod-x
    message No volume.
  warning BackOff | Pod pod-x
    message Restarting.
`);
});

test('ids are unique over the whole tree', () => {
  const both = open({ kind: 'live' }, router, { ...router, namespace: 'other' });
  const ids = toSidebar(both, undefined).nodes.flatMap(allIds);
  expect(new Set(ids).size).toBe(ids.length);
});

function allIds({ id, children = () => [] }: TreeNode): readonly string[] {
  return [id, ...children().flatMap(allIds)];
}
