import { expect, test } from 'vitest';
import { exposeAdvice } from '#cli/expose-advice.ts';
import type { ExposePlan } from '#cluster/api.ts';
import { ClusterError, type Failure } from '#cluster/errors.ts';
import type { RouterView } from '#cluster/view.ts';
import type { ApplyPlanItem } from '#core/egress-router/apply-plan.ts';

const wanted = { apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'demo', name: 'bank' } };
const changed: ApplyPlanItem = { kind: 'change', wanted, changes: [], before: wanted, after: wanted };
const port = '.spec.ports[port=8080,protocol="TCP"]';

function conflict(...fields: readonly (readonly [manager: string, field: string])[]): Partial<ExposePlan> {
  const conflicts = fields.map(([manager, field]) => ({ manager, field }));
  return { items: [{ kind: 'conflict', wanted, conflicts }] };
}

type Own = Partial<RouterView['services'][number]>;

function viewOf(namespace: string, own: Own): RouterView {
  const outOfStep = ['It has no port for 80/TCP: add it there.'];
  return {
    namespace,
    name: 'bank',
    state: { kind: 'ready' },
    addresses: [],
    rules: [],
    pods: [],
    services: [{ name: 'bank', type: 'ClusterIP', ports: [], outOfStep, ...own }],
    warnings: [],
    objects: [],
  };
}

async function check(
  own: Own,
  planned: Partial<ExposePlan> | Failure['reason'],
  expected: string | undefined,
) {
  const view = viewOf('demo', own);
  const planExpose = (router: ExposePlan['router']): Promise<ExposePlan> =>
    typeof planned === 'string'
      ? Promise.reject(new ClusterError({ reason: planned, message: 'No.' }))
      : Promise.resolve({ router, items: [], warnings: [], ...planned });
  const { signal } = new AbortController();
  const called = { context: 'prod', signal };
  expect((await exposeAdvice({ planExpose }, [view], called)).get(view)).toBe(expected);
}

const plain = 'To bring it in step: egress-router expose bank -n demo --context=prod';
const refused = 'EgressRouter demo/bank has no rules, so it has no ports to expose.';
const elsewhere: Own = { leadsElsewhere: true };

test.each<[string, Own, Partial<ExposePlan> | Failure['reason'], string | undefined]>([
  ['nobody else has written what it changes', {}, { items: [changed] }, plain],
  [
    'somebody else has written what it changes',
    {},
    conflict(
      ['kubectl-edit', `${port}.targetPort`],
      ['kubectl-edit', '.spec.type'],
      ['gitops', '.spec.type'],
    ),
    `To bring it in step, and take ${port}.targetPort, .spec.type over from "kubectl-edit", and .spec.type over from "gitops": egress-router expose bank -n demo --force --context=prod`,
  ],
  ['it changes nothing', {}, { items: [{ kind: 'unchanged', wanted }] }, undefined],
  ['it is refused', {}, { refused }, `Expose does not bring it in step: ${refused}`],
  ['this person may not try it', {}, 'forbidden', plain],
  ['the Service is another one', { name: 'shared' }, { items: [changed] }, undefined],
  ['somebody else has written what is wrong', { isLeftByExpose: true }, { items: [changed] }, undefined],
  ['the Service leads elsewhere and is the router’s', elsewhere, { items: [changed] }, plain],
  ['the Service leads elsewhere and is of others', elsewhere, { refused }, undefined],
  ['the Service leads elsewhere, and this person may not try it', elsewhere, 'forbidden', undefined],
])('what brings a Service in step where %s', (_, own, planned, expected) => check(own, planned, expected));

test('a command that is canceled says nothing more', () =>
  expect(check({}, 'canceled', undefined)).rejects.toMatchObject({ reason: 'canceled' }));

test('of many namesakes a few are tried, one after the other', async () => {
  let [running, most] = [0, 0];
  const tried: string[] = [];
  const planExpose = async (router: ExposePlan['router']): Promise<ExposePlan> => {
    tried.push(router.namespace);
    running += 1;
    most = Math.max(most, running);
    await new Promise(setImmediate);
    running -= 1;
    return { router, items: [{ kind: 'unchanged', wanted }], warnings: [] };
  };
  // Those that are not tried in any case do not count.
  const left = [1, 2, 3, 4, 5].map((n) => viewOf(`left-${n}`, { isLeftByExpose: true }));
  const late = [1, 2, 3, 4, 5, 6].map((n) => viewOf(`late-${n}`, {}));
  const foreign = viewOf('foreign', elsewhere);
  const { signal } = new AbortController();
  const advice = await exposeAdvice({ planExpose }, [...left, ...late, foreign], { signal });
  expect(tried).toEqual(['late-1', 'late-2', 'late-3', 'late-4', 'late-5']);
  expect(most).toBe(1);
  expect([...advice].map(([{ namespace }, text]) => [namespace, text])).toEqual([
    ['late-6', 'To bring it in step: egress-router expose bank -n late-6'],
  ]);
});
