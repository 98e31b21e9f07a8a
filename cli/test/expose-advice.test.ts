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

async function check(
  own: Own,
  planned: Partial<ExposePlan> | Failure['reason'],
  expected: string | undefined,
) {
  const outOfStep = ['It has no port for 80/TCP: add it there.'];
  const view: RouterView = {
    namespace: 'demo',
    name: 'bank',
    state: { kind: 'ready' },
    addresses: [],
    rules: [],
    pods: [],
    services: [{ name: 'bank', type: 'ClusterIP', ports: [], outOfStep, ...own }],
    warnings: [],
    objects: [],
  };
  const planExpose = (router: ExposePlan['router']): Promise<ExposePlan> =>
    typeof planned === 'string'
      ? Promise.reject(new ClusterError({ reason: planned, message: 'No.' }))
      : Promise.resolve({ router, items: [], warnings: [], ...planned });
  const { signal } = new AbortController();
  expect(await exposeAdvice({ planExpose }, view, { program: 'egress-router', signal })).toBe(expected);
}

const plain = 'To bring it in step: egress-router expose bank -n demo';
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
    `To bring it in step, and take ${port}.targetPort, .spec.type over from "kubectl-edit", and .spec.type over from "gitops": egress-router expose bank -n demo --force`,
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
