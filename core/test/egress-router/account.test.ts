import { expect, test } from 'vitest';
import { type Account, accountOf, withAccount, withoutAccount } from '#core/egress-router/account.ts';
import { type Fault, type PodState, toConditions } from '#core/egress-router/conditions.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';

interface Asked {
  readonly generation?: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

function routerOf(metadata: Asked, conditions: readonly object[] = []): KubernetesObject {
  return {
    apiVersion: 'network.operator.openshift.io/v1',
    kind: 'EgressRouter',
    metadata: { name: 'a', namespace: 'demo', ...metadata },
    status: { conditions },
  };
}

const pod: PodState = { kind: 'ready', message: 'Pod p redirects.' };
const limits = { 'egress-router-tools/limits': 'memory=64Mi' };

test.each<readonly [string, Asked, Asked, Account]>([
  ['what is stored', { generation: 7 }, { generation: 7 }, 'current'],
  ['an edited spec', { generation: 7 }, { generation: 8 }, 'behind'],
  ['a router made anew', { generation: 7 }, { generation: 1 }, 'behind'],
  ['a generation that begins alike', { generation: 1 }, { generation: 11 }, 'behind'],
  ['one that ends alike', { generation: 1 }, { generation: 21 }, 'behind'],
  ['an annotation that came', { generation: 7 }, { generation: 7, annotations: limits }, 'behind'],
  ['one that went', { generation: 7, annotations: limits }, { generation: 7 }, 'behind'],
  [
    'another value of one',
    { generation: 7, annotations: limits },
    { generation: 7, annotations: { 'egress-router-tools/limits': 'memory=65Mi' } },
    'behind',
  ],
  [
    'annotations in another order',
    { generation: 7, annotations: { ...limits, 'egress-router-tools/expose': 'true' } },
    { generation: 7, annotations: { 'egress-router-tools/expose': 'true', ...limits } },
    'current',
  ],
  [
    "somebody else's annotation",
    { generation: 7, annotations: limits },
    { generation: 7, annotations: { ...limits, 'example.com/note': 'x' } },
    'current',
  ],
  ['an API server that counts no generations', {}, {}, 'untold'],
])('an account given before %s', (_what, before, after, wanted) => {
  const conditions = withAccount(toConditions({ pod }, [], 't'), routerOf(before));
  expect(accountOf(routerOf(after, conditions))).toBe(wanted);
});

test.each<readonly [string, readonly object[]]>([
  ['no conditions', []],
  ['those of an operator of an earlier version', toConditions({ pod }, [], 't')],
  ['a generation in the middle', [{ type: 'Progressing', message: 'Seen at generation 7. Really.' }]],
  ['a generation in another condition', [{ type: 'Degraded', message: 'Seen at generation 7.' }]],
])('%s tell of nothing', (_what, conditions) =>
  expect(accountOf(routerOf({ generation: 7 }, conditions))).toBe('untold'),
);

const faults: readonly (Fault | undefined)[] = [
  undefined,
  { reason: 'InvalidSpec', message: 'The gateway is outside.' },
  { reason: 'Contested', message: 'Somebody sets it otherwise.' },
  { reason: 'ApplyRefused', message: 'Seen at generation 3.' },
];
const pods: readonly PodState[] = [
  { kind: 'none' },
  { kind: 'starting', message: 'Pod p is starting.' },
  { kind: 'starting', message: 'Seen at generation 3.' },
  { kind: 'failing', reason: 'PodRefused', message: 'Quota.' },
  pod,
  { ...pod, rules: 'pending' },
  { ...pod, rules: 'unknown' },
];

test('whatever conditions say, they give account, and say the same without it', () => {
  for (const fault of faults) {
    for (const one of pods) {
      const seen = fault === undefined ? { pod: one } : { pod: one, fault };
      const bare = toConditions(seen, [], 't');
      const router = routerOf({ generation: 7, annotations: limits });
      const conditions = withAccount(bare, router);
      expect(accountOf({ ...router, status: { conditions } })).toBe('current');
      expect(conditions.filter(({ type }) => type !== 'Progressing')).toEqual(
        bare.filter(({ type }) => type !== 'Progressing'),
      );
      expect(conditions.map(({ message = '' }) => withoutAccount(message))).toContain(bare[1]?.message);
    }
  }
});

test('the words of the account, which clients of other versions read', () => {
  const of = (asked: Asked) => withAccount(toConditions({ pod }, [], 't'), routerOf(asked))[1]?.message;
  expect(of({ generation: 7 })).toBe('The pod carries the present spec. Seen at generation 7.');
  expect(of({ generation: 7, annotations: limits })).toBe(
    'The pod carries the present spec. Seen at generation 7, annotations 12eb8299.',
  );
});
