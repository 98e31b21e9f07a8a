import { expect, test } from 'vitest';
import type { ConnectionView } from '#client/cluster/connection.ts';
import { milestoneTeller } from '#client/milestones.ts';
import type { RouterView } from '#cluster/view.ts';

const router: RouterView = {
  namespace: 'demo',
  name: 'a',
  state: { kind: 'progressing', message: '' },
  addresses: [],
  rules: [],
  pods: [],
  services: [],
  warnings: [],
  objects: [],
};
const service = { name: 'a', type: 'ClusterIP', ports: [] };

function open(...routers: readonly RouterView[]): ConnectionView {
  const snapshot = {
    context: 'c',
    scope: { kind: 'cluster' },
    connection: { kind: 'live' },
    routers,
  } as const;
  return { kind: 'open', namespace: 'demo', snapshot };
}

test('each step of the walkthrough is told when it is reached, and when it no longer holds', () => {
  const told: string[] = [];
  const tell = milestoneTeller((key, value) => told.push(`${key.replace('egressRouter.', '')} ${value}`));
  const check = (view: ConnectionView, ...expected: readonly string[]) => {
    told.length = 0;
    tell(view);
    expect(told).toEqual(expected);
  };
  check({ kind: 'closed' }, 'isConnected false', 'hasRouters false', 'isUp false', 'isExposed false');
  check(open(), 'isConnected true');
  check(open(router), 'hasRouters true');
  check(open({ ...router, state: { kind: 'simulated', message: 'not root' } }), 'isUp true');
  check(open({ ...router, state: { kind: 'ready' }, services: [service] }), 'isExposed true');
  check(open(), 'hasRouters false', 'isUp false', 'isExposed false');
});
