// What follows a deploy: the offer that is taken is carried out on the router that it was made for.
import { expect, test } from 'vitest';
import { tellOutcomes } from '#client/commands/deploy-outcome.ts';
import type { Desk } from '#client/commands/desk.ts';
import type { ClusterSession, DeployResult, ExposePlan, RestartResult } from '#cluster/api.ts';
import { kinds } from '#cluster/kinds.ts';

const object = { ...kinds.egressRouter, namespace: 'web', name: 'egress-a' };
const message = 'Pod x: older than its rules. It takes up none of that: restart the router.';
const stale: DeployResult = { routers: [{ object, outcome: { kind: 'stale-rules', message } }] };

test('the restart that is offered for changed rules is done when it is taken and agreed to', async () => {
  const { desk, session, said, restarted } = setUp({ chosen: 'Restart', agrees: true });
  await tellOutcomes(desk, session, stale);
  await settled(desk);
  expect(restarted).toEqual([{ namespace: 'web', name: 'egress-a' }]);
  expect(said).toEqual([
    `web/egress-a is deployed, but keeps its old rules. ${message} [Restart]`,
    'Restart egress-a in context prod, namespace web? [Restart]',
    'web/egress-a is ready, with a new pod.',
  ]);
});

test('a restart whose end the view shows is not told of once more', async () => {
  const { desk, session, said } = setUp({ chosen: 'Restart', agrees: true, isVisible: true });
  await tellOutcomes(desk, session, stale);
  await settled(desk);
  expect(said).toHaveLength(2);
});

test.each([
  { title: 'closed', chosen: undefined, agrees: true, questions: 1 },
  { title: 'taken and then not agreed to', chosen: 'Restart', agrees: false, questions: 2 },
])('nothing is restarted where the offer is $title', async ({ chosen, agrees, questions }) => {
  const { desk, session, said, restarted } = setUp({ chosen, agrees });
  await tellOutcomes(desk, session, stale);
  await settled(desk);
  expect(restarted).toEqual([]);
  expect(said).toHaveLength(questions);
});

test('a router that is deployed and may not be looked at is no failure', async () => {
  const { desk, session, said, failures } = setUp({ chosen: undefined, agrees: true });
  const outcome = { kind: 'unfollowed', message: 'Cannot list egressrouters: 403.' } as const;
  await tellOutcomes(desk, session, { routers: [{ object, outcome }] });
  await settled(desk);
  expect(said).toEqual(['web/egress-a is deployed, but cannot be followed. Cannot list egressrouters: 403.']);
  expect(failures).toEqual([]);
});

test('a restart that fails is told with its reason', async () => {
  const failure = {
    kind: 'failed',
    reason: 'timed-out',
    message: 'After 180 s the old pod x is there.',
  } as const;
  const { desk, session, failures } = setUp({ chosen: 'Restart', agrees: true, outcome: failure });
  await tellOutcomes(desk, session, stale);
  await settled(desk);
  expect(failures).toEqual([failure.message]);
});

const calls = 'egress-a.web.svc:8080 (TCP), egress-a.web.svc:8053 (UDP), egress-a.web.svc:9000 (SCTP)';

test.each<[string, 'create' | 'unchanged' | 'change', ExposePlan['annotation'], string]>([
  ['is offered', 'create', undefined, `is ready. Expose it, and clients call ${calls}. [Expose]`],
  ['that is there', 'unchanged', undefined, `is ready. Clients call ${calls}. [Copy Address]`],
  [
    'of the rules before',
    'change',
    undefined,
    `is ready, and its Service does not follow the rules. Expose it again, and clients call ${calls}. [Expose]`,
  ],
  [
    'of the operator',
    'unchanged',
    'kept-by-operator',
    `is ready. The operator makes its Service: clients call ${calls}. [Copy Address]`,
  ],
  [
    'that the annotation asks for in vain',
    'create',
    'ignored-by-cno',
    `is ready. The Cluster Network Operator ignores the annotation egress-router-tools/expose. Expose it, and clients call ${calls}. [Expose]`,
  ],
  [
    'that the annotation asks for in vain and is there',
    'unchanged',
    'ignored-by-cno',
    `is ready. Clients call ${calls}. [Copy Address]`,
  ],
])('a Service %s: each address with its protocol', async (_, kind, annotation, expected) => {
  const { desk, session, said } = setUp({ chosen: undefined, agrees: true });
  const spec = {
    ports: [{ port: 8080 }, { port: 8053, protocol: 'UDP' }, { port: 9000, protocol: 'SCTP' }],
  };
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'egress-a', namespace: 'web' },
    spec,
  };
  const plan = {
    router: { namespace: 'web', name: 'egress-a' },
    items: [{ kind, wanted: service }],
    warnings: [],
    annotation,
  };
  Object.assign(session, { planExpose: async () => plan });
  await tellOutcomes(desk, session, { routers: [{ object, outcome: { kind: 'ready' } }] });
  expect(said).toEqual([`web/egress-a ${expected}`]);
});

test.each<[DeployResult['routers'][number]['outcome'], string]>([
  [
    { kind: 'ready' },
    '5 egress routers are ready. Expose those that clients call from their rows in the view.',
  ],
  [
    { kind: 'failed', reason: 'timed-out', message: 'Router r0 is not up.' },
    'Deploy: 5 egress routers do not come up. Of the first: Router r0 is not up. The view shows why of each.',
  ],
  [
    { kind: 'stale-rules', message },
    '5 egress routers are deployed, but keep their old rules. Restart each from its row in the view.',
  ],
  [
    { kind: 'unfollowed', message: 'Cannot list egressrouters: 403.' },
    '5 egress routers are deployed, but cannot be followed. Cannot list egressrouters: 403.',
  ],
])('of many routers alike, one notification tells: %o', async (outcome, expected) => {
  const { desk, session, said } = setUp({ chosen: undefined, agrees: true });
  const one = { object, outcome: { kind: 'unfollowed', message: 'Another one.' } } as const;
  const many = Array.from({ length: 5 }, (_, index) => ({
    object: { ...object, name: `r${index}` },
    outcome,
  }));
  const isOther = outcome.kind !== 'unfollowed';
  await tellOutcomes(desk, session, { routers: isOther ? [...many, one] : many });
  await settled(desk);
  expect(said).toEqual(
    isOther ? [expected, 'web/egress-a is deployed, but cannot be followed. Another one.'] : [expected],
  );
});

interface Answers {
  readonly chosen: string | undefined;
  readonly agrees: boolean;
  readonly outcome?: RestartResult['outcome'];
  /** The view, which is live. */
  readonly isVisible?: boolean;
}

function setUp({ chosen, agrees, outcome = { kind: 'ready' }, isVisible = false }: Answers) {
  const said: string[] = [];
  const restarted: unknown[] = [];
  const failures: string[] = [];
  const session = {
    context: 'prod',
    namespace: 'default',
    restart: async (router: unknown) => {
      restarted.push(router);
      return { replaced: [], outcome };
    },
  } as unknown as ClusterSession;
  const running: Promise<unknown>[] = [];
  const desk = {
    running,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    connection: {
      use: (task: (one: ClusterSession) => Promise<unknown>) => task(session),
      selection: {},
      view: { kind: 'open', snapshot: { context: 'prod', connection: { kind: 'live' } } },
    },
    layout: { filter: '' },
    tree: { isVisible },
    run: (_title: string, task: () => Promise<void>) => {
      const done = task().catch((error: unknown) => void failures.push((error as Error).message));
      running.push(done);
      return done;
    },
    dialogs: {
      tell: async (_kind: string, text: string, actions: readonly string[]) => {
        said.push([text, ...actions.map((action) => `[${action}]`)].join(' '));
        return actions.find((action) => action === chosen);
      },
      confirm: async (question: { message: string; action: string }) => {
        said.push(`${question.message} [${question.action}]`);
        return agrees;
      },
      progress: (_title: string, task: (report: () => void, signal: AbortSignal) => Promise<unknown>) =>
        task(() => undefined, new AbortController().signal),
    },
  } as unknown as Desk;
  return { desk, session, said, restarted, failures };
}

/** What is offered is answered at any time, without the command waiting for it. */
async function settled(desk: Desk): Promise<void> {
  const { running } = desk as unknown as { running: readonly Promise<unknown>[] };
  await Promise.all(running);
}
