// Of a spec that the operator refuses nothing is in force: its last good one is, which the NAD keeps.
import { expect, test } from 'vitest';
import { toRouterViews } from '#cluster/router-view.ts';
import { RouterViews } from '#cluster/router-views.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { namesOfFurther } from '#core/manifest/router-names.ts';
import {
  conditions,
  deployment,
  nad,
  ofCno,
  router,
  service,
  storeOf,
  watchedAs,
} from './objects-of-a-router.ts';

const message = 'The gateway is outside.';
const stays = 'This spec is refused: the last good objects stay as they are.';
const told = conditions({
  Degraded: ['True', 'InvalidSpec', message],
  Progressing: ['False', 'InvalidSpec', stays],
});

function specOf(
  ip: string,
  { master, gateway }: { readonly master?: string; readonly gateway?: string } = {},
) {
  const addresses = [gateway === undefined ? { ip } : { ip, gateway }];
  const macvlan = { mode: 'Bridge', ...(master === undefined ? {} : { master }) };
  return { ...router().spec, addresses, networkInterface: { macvlan } };
}

/** Its last good spec has 192.168.12.99, as `nad()` has. */
const outside = specOf('192.168.12.98/24', { master: 'ens2', gateway: '10.0.0.1' });
const refused = router({ ...told, spec: outside });
const untold = router({ spec: outside });
const good = (master: string) => nad(router({ spec: specOf('192.168.12.99/24', { master }) }));
const other = (ip: string, master?: string) =>
  router(
    { spec: specOf(`${ip}/24`, master === undefined ? {} : { master }) },
    { namespace: 'shop', name: 'b', uid: 'u-b' },
  );

function rivalText(called: string, ip: string): string {
  return `EgressRouter ${called} reserves ${ip} too: two pods with one address take each other's connections. Give one of them another address, or tear it down.`;
}

const conflict = { kind: 'address-conflict', message: rivalText('demo/egress-a', '192.168.12.99') } as const;
const free = { kind: 'not-reconciled' } as const;
const alone = { kind: 'degraded', message: `${message} ${stays}` } as const;
const both = {
  kind: 'degraded',
  message: `${message} ${stays} ${rivalText('shop/b', '192.168.12.99')}`,
} as const;

test.each<[string, readonly KubernetesObject[], object, object]>([
  ['its own address is nobody’s yet', [refused, nad(), deployment(), other('192.168.12.98')], alone, free],
  [
    'the last good one has its address',
    [refused, nad(), deployment(), other('192.168.12.99')],
    both,
    conflict,
  ],
  ['nobody sees the last good one', [refused, deployment(), other('192.168.12.99')], alone, free],
  ['nor is its own address taken then', [refused, deployment(), other('192.168.12.98')], alone, free],
  ['there never was a good one', [refused, other('192.168.12.98')], { kind: 'degraded' }, free],
  [
    'the last good one has its NIC',
    [refused, good('ens1'), deployment(), other('192.168.12.99', 'ens1')],
    both,
    conflict,
  ],
  [
    'and not the one that it names now',
    [refused, good('ens1'), deployment(), other('192.168.12.99', 'ens2')],
    alone,
    free,
  ],
  [
    'the operator has yet to say so',
    [untold, nad(), deployment(), other('192.168.12.98')],
    { kind: 'progressing' },
    free,
  ],
  [
    'the Cluster Network Operator takes it',
    [untold, ...ofCno('2026-01-01T00:00:00Z'), other('192.168.12.98')],
    { kind: 'address-conflict' },
    { kind: 'address-conflict' },
  ],
])('while a spec is refused, %s', (_, objects, own, others) => {
  const states = toRouterViews(storeOf(objects)).map(({ state }) => state);
  expect(states).toEqual([expect.objectContaining(own), expect.objectContaining(others)]);
});

test('the NAD tells what is in force to who may not see the Deployment', () => {
  const hidden = ['deployment', 'furtherDeployment'] as const;
  const [view] = toRouterViews(storeOf([refused, nad(), other('192.168.12.99')], hidden));
  expect(view).toMatchObject({
    state: { message: expect.stringContaining(rivalText('shop/b', '192.168.12.99')) },
    addresses: [{ ip: '192.168.12.99/24' }],
  });
});

/** By the names of a router that is not the first of its namespace. */
function further(object: KubernetesObject): KubernetesObject {
  const names = namesOfFurther('egress-a');
  const isNad = object.kind === 'NetworkAttachmentDefinition';
  const labels = { app: names.app };
  return {
    ...object,
    metadata: { ...object.metadata, name: isNad ? names.nad : names.deployment, labels },
  };
}

const first = [nad(), deployment()] as const;
const second = [further(nad()), further(deployment())] as const;

test.each<[string, readonly KubernetesObject[], 0 | 1, 'removed' | 'hidden' | 'listed']>([
  ['a NAD that goes', first, 0, 'removed'],
  ['a NAD that may not be seen any more', first, 0, 'hidden'],
  ['a Deployment that goes', first, 1, 'removed'],
  ['a Deployment that a list anew does not have', first, 1, 'listed'],
  ['a NAD of a further router', second, 0, 'removed'],
  ['a Deployment of a further router', second, 1, 'removed'],
])('%s takes the conflict along, in both namespaces, and brings it back', (_, made, index, kind) => {
  const object = made[index] ?? nad();
  const of = watchedAs(object);
  const store = storeOf([untold, ...made, other('192.168.12.99')]);
  const views = new RouterViews(store);
  const inConflict = (changed: Iterable<string>): readonly boolean[] => {
    for (const namespace of changed) views.update(namespace, true);
    return views.all.map(({ state }) => state.kind === 'address-conflict');
  };
  expect(inConflict(['demo', 'shop'])).toEqual([true, true]);
  const events = {
    removed: { kind: 'removed', object },
    hidden: { kind: 'hidden' },
    listed: { kind: 'listed', objects: [] },
  } as const;
  const gone = store.apply(of, events[kind], 'demo');
  expect([...gone].toSorted()).toEqual(['demo', 'shop']);
  expect(inConflict(gone)).toEqual([false, false]);
  const back = store.apply(of, { kind: 'listed', objects: [object] }, 'demo');
  expect([...back].toSorted()).toEqual(['demo', 'shop']);
  expect(inConflict(back)).toEqual([true, true]);
});

function withPort(port: number): KubernetesObject {
  const one = service({ app: 'shop' });
  return {
    ...one,
    spec: { type: 'ClusterIP', selector: { app: 'shop' }, ports: [{ protocol: 'TCP', port }] },
  };
}

const rule = { destinationIP: '203.0.113.25', port: 8095, protocol: 'TCP' };
const twice = {
  ...router().spec,
  redirect: { redirectRules: [rule, { ...rule, destinationIP: '203.0.113.26' }] },
};

test.each<[string, readonly KubernetesObject[], number, boolean]>([
  ['that of a rule in force', [nad(), deployment()], 8080, true],
  ['that of a refused rule', [nad(), deployment()], 8095, false],
  ['any, where nobody sees the rules in force', [deployment()], 8095, false],
])(
  'a Service of the router’s name that leads nowhere is meant for it by its port: %s',
  (_, made, port, isMeant) => {
    const objects = [router({ ...told, spec: twice }), ...made, withPort(port)];
    const [view] = toRouterViews(storeOf(objects));
    expect(view?.services.map(({ name }) => name)).toEqual(isMeant ? ['egress-a'] : []);
  },
);

test('what a Service is meant for follows the rules in force', () => {
  const store = storeOf([router({ ...told, spec: twice }), nad(), deployment(), withPort(8080)]);
  const views = new RouterViews(store);
  const services = (): number => {
    views.update('demo', true);
    return views.all[0]?.services.length ?? 0;
  };
  expect(services()).toBe(1);
  store.apply('nad', { kind: 'removed', object: nad() });
  expect(services()).toBe(0);
});
