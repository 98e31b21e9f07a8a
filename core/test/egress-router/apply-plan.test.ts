import { expect, test } from 'vitest';
import { type ApplyPlanItem, type LiveState, planApply } from '#core/egress-router/apply-plan.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';

function router(spec: unknown, metadata: object = {}): KubernetesObject {
  return {
    apiVersion: 'network.operator.openshift.io/v1',
    kind: 'EgressRouter',
    metadata: { name: 'a', namespace: 'demo', ...metadata },
    spec,
  };
}

const wanted = router({ addresses: [{ ip: '192.168.12.99/24' }] });

function check(state: LiveState, item: object) {
  const expected: readonly ApplyPlanItem[] = planApply([{ object: wanted, state }]).items;
  expect(expected).toEqual([{ ...item, wanted }]);
}

const written = { uid: 'u', resourceVersion: '7', generation: 3, creationTimestamp: 't' };
const result = { kind: 'object', object: router(wanted['spec'], written) } as const;

test('not there', () => check({ result }, { kind: 'create' }));
test('what only the API server writes is no change', () =>
  check(
    { live: { ...router(wanted['spec'], { uid: 'u' }), status: { x: 1 } }, result },
    { kind: 'unchanged' },
  ));
test('every field that differs', () =>
  check(
    {
      live: router(
        { addresses: [{ ip: '192.168.12.98/24' }, { ip: 'fd12::9/64' }] },
        { labels: { team: 'x' } },
      ),
      result,
    },
    {
      kind: 'change',
      before: router(
        { addresses: [{ ip: '192.168.12.98/24' }, { ip: 'fd12::9/64' }] },
        { labels: { team: 'x' } },
      ),
      after: wanted,
      changes: [
        { path: ['spec', 'addresses', 0, 'ip'], before: '192.168.12.98/24', after: '192.168.12.99/24' },
        { path: ['spec', 'addresses', 1], before: { ip: 'fd12::9/64' } },
        { path: ['metadata', 'labels'], before: { team: 'x' } },
      ],
    },
  ));
test('ports and rules by what they are called, wherever they stand', () => {
  const [http, dns] = [
    { port: 8080, protocol: 'TCP', destinationIP: '203.0.113.25' },
    { port: 53, protocol: 'UDP', destinationIP: '203.0.113.26' },
  ];
  const live = router({
    ports: [{ name: 'tcp-8080', port: 80 }, { port: 53, protocol: 'UDP' }, { port: 22 }],
    redirectRules: [http, dns],
  });
  const after = router({
    ports: [
      { port: 53, protocol: 'UDP', nodePort: 1 },
      { name: 'tcp-8080', port: 8080 },
    ],
    redirectRules: [dns, { ...http, targetPort: 80 }],
  });
  check(
    { live, result: { kind: 'object', object: after } },
    {
      kind: 'change',
      before: live,
      after,
      changes: [
        { path: ['spec', 'ports[tcp-8080]', 'port'], before: 80, after: 8080 },
        { path: ['spec', 'ports[53/UDP]', 'nodePort'], after: 1 },
        { path: ['spec', 'ports[22/TCP]'], before: { port: 22 } },
        { path: ['spec', 'redirectRules[8080/TCP]', 'targetPort'], after: 80 },
      ],
    },
  );
});
test('a port and a rule of another number, by what they were called', () => {
  const live = router({ ports: [{ name: 'tcp-22', port: 22 }], redirectRules: [{ port: 22 }, { port: 23 }] });
  const after = router({
    ports: [{ name: 'tcp-24', port: 24 }],
    redirectRules: [{ port: 23 }, { port: 24 }],
  });
  check(
    { live, result: { kind: 'object', object: after } },
    {
      kind: 'change',
      before: live,
      after,
      changes: [
        { path: ['spec', 'ports[tcp-22]', 'name'], before: 'tcp-22', after: 'tcp-24' },
        { path: ['spec', 'ports[tcp-22]', 'port'], before: 22, after: 24 },
        { path: ['spec', 'redirectRules[22/TCP]', 'port'], before: 22, after: 24 },
      ],
    },
  );
});
test('ports of one name, and ports in another order, by their place', () => {
  const [a, b] = [
    { name: 'a', port: 1 },
    { name: 'a', port: 2 },
  ];
  const [before, after] = [router({ ports: [a] }), router({ ports: [a, b] })];
  check(
    { live: before, result: { kind: 'object', object: after } },
    { kind: 'change', before, after, changes: [{ path: ['spec', 'ports', 1], after: b }] },
  );
  const [one, other] = [
    router({ ports: [{ port: 1 }, { port: 2 }] }),
    router({ ports: [{ port: 2 }, { port: 1 }] }),
  ];
  check(
    { live: one, result: { kind: 'object', object: other } },
    {
      kind: 'change',
      before: one,
      after: other,
      changes: [
        { path: ['spec', 'ports', 0, 'port'], before: 1, after: 2 },
        { path: ['spec', 'ports', 1, 'port'], before: 2, after: 1 },
      ],
    },
  );
});
test('a field that bears the name of something every object has', () =>
  check(
    {
      live: router(wanted['spec'], { labels: {} }),
      result: { kind: 'object', object: router(wanted['spec'], { labels: { constructor: 'x' } }) },
    },
    {
      kind: 'change',
      before: router(wanted['spec'], { labels: {} }),
      after: router(wanted['spec'], { labels: { constructor: 'x' } }),
      changes: [{ path: ['metadata', 'labels', 'constructor'], after: 'x' }],
    },
  ));
test('fields of another manager', () => {
  const conflicts = [{ manager: 'kubectl', field: '.spec.mode' }];
  check({ live: wanted, result: { kind: 'conflict', conflicts } }, { kind: 'conflict', conflicts });
  const forced = router(wanted['spec'], { labels: { team: 'x' } });
  check(
    { live: wanted, result: { kind: 'conflict', conflicts, forced } },
    {
      kind: 'conflict',
      conflicts,
      taken: {
        before: wanted,
        after: forced,
        changes: [{ path: ['metadata', 'labels'], after: { team: 'x' } }],
      },
    },
  );
});
