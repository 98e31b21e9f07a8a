import { expect, test } from 'vitest';
import type { ConnectionView } from '#client/cluster/connection.ts';
import { toSidebar } from '#client/tree/sidebar.ts';
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

function lines({ icon, label, description, children = [] }: TreeNode, indent: string): readonly string[] {
  const line = [`${indent}${icon ?? '-'} ${label}`, ...(description === undefined ? [] : [description])];
  return [line.join(' | '), ...children.flatMap((child) => lines(child, `${indent}  `))];
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
context sandbox | all namespaces · live
ready egress-a | demo · Ready
  address 192.168.12.99/24 | gateway 192.168.12.1
  rules Rules | 1
    rule 8080/TCP | → 203.0.113.25:80
    rule Other ports | rejected
  pod Pod | ready on node1 · egress-router-cni-deployment-x
    interface eth0 | 10.128.0.7
    interface net1 | 192.168.12.99 · 02:00:00:00:00:01
  service Service egress-a | ClusterIP 172.30.0.9
    port egress-a.demo.svc:8080 | TCP
  object NAD | egress-router-cni-nad
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
context sandbox | demo · live
degraded egress-a | demo · Degraded
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
  [{ kind: 'simulated', message: 'no root' }, 'simulated egress-a | demo · Simulated'],
  [{ kind: 'progressing', message: 'rolling out' }, 'progressing egress-a | demo · Progressing'],
  [{ kind: 'not-reconciled', message: 'no operator' }, 'not-reconciled egress-a | demo · Not reconciled'],
  [{ kind: 'deleting', message: 'waiting' }, 'deleting egress-a | demo · Deleting'],
])('state $kind stands in the row as icon and as text', (state, expected) => {
  const [, node] = toSidebar(open({ kind: 'live' }, { ...router, state }), undefined).nodes;
  expect(node && lines(node, '')[0]).toBe(expected);
  expect(node?.children?.[0]?.label).toBe('message' in state ? state.message : undefined);
});

test('another namespace is filtered out', () => {
  check(open({ kind: 'live' }, router), 'other', '\n# sandbox / other\n? empty\n');
});

test('before anything is known', () => {
  check({ kind: 'opening' }, undefined, '\n# connecting…\nprogressing Connecting to the cluster…\n');
  check(
    open({ kind: 'connecting' }),
    undefined,
    '\n# sandbox / all namespaces\nprogressing sandbox | all namespaces · connecting…\n',
  );
});

test('a lost connection is drawn, with what was last seen', () => {
  const { nodes, message } = toSidebar(open(lost, router), undefined);
  expect(message).toMatch(/^Unreachable since .* The routers below are as they were then\. Cannot reach/);
  expect(nodes.map(({ label }) => label)).toEqual([
    'sandbox',
    'Try Again',
    'Switch Context…',
    'Show Log',
    'egress-a',
  ]);
});

test('no permission offers another namespace first', () => {
  check(
    open({ ...lost, reason: 'forbidden', message: 'You lack "list egressrouters".' }),
    undefined,
    `
# sandbox / all namespaces
! Not permitted since TIME. You lack "list egressrouters".
context sandbox | all namespaces · not permitted
namespace Switch Namespace…
context Switch Context…
retry Try Again
log Show Log
`,
  );
});

test('states with a welcome text of their own', () => {
  const noFile = { reason: 'no-kubeconfig', message: 'No kubeconfig.' } as const;
  check({ kind: 'failed', ...noFile }, undefined, '\n# no kubeconfig\n? noKubeconfig\n');
  check(open({ ...lost, reason: 'crd-missing' }), undefined, '\n# sandbox / all namespaces\n? noCrd\n');
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

test('ids are unique over the whole tree', () => {
  const both = open({ kind: 'live' }, router, { ...router, namespace: 'other' });
  const ids = toSidebar(both, undefined).nodes.flatMap(allIds);
  expect(new Set(ids).size).toBe(ids.length);
});

function allIds({ id, children = [] }: TreeNode): readonly string[] {
  return [id, ...children.flatMap(allIds)];
}
