// What is said when something was deleted: never only that it is gone where something stays or was not looked at.
import { expect, test } from 'vitest';
import { removalText } from '#client/commands/remove-agent.ts';
import { teardownText } from '#client/commands/teardown.ts';
import type { TeardownResult } from '#cluster/api.ts';
import { kinds } from '#cluster/kinds.ts';

const router = { ...kinds.egressRouter, namespace: 'web', name: 'a' };
const nothing: TeardownResult = { gone: [], residue: [], stays: [], unseen: [] };

const ofRouter = (result: Partial<TeardownResult>) => teardownText('web/a', { ...nothing, ...result });
const ofAgent = (result: Partial<TeardownResult>) => removalText('prod', { ...nothing, ...result });

test.each([
  [ofRouter({ gone: [router] }), 'information', 'web/a is torn down: 1 object deleted.'],
  [
    ofRouter({ gone: [router], unseen: ['deployments', 'pods'] }),
    'warning',
    'web/a is torn down: 1 object deleted. Not looked at, as you may not list them: deployments, pods. One of the router may still be there.',
  ],
  [
    ofRouter({ residue: [{ object: router, why: 'Held.' }], unseen: ['pods'] }),
    'warning',
    'web/a: 0 objects deleted, still there: EgressRouter web/a (Held.). Not looked at, as you may not list them: pods. One of the router may still be there.',
  ],
  [ofAgent({ gone: [router, router] }), 'information', 'The agent is removed from prod: 2 objects deleted.'],
  [
    ofAgent({ gone: [router], stays: [{ object: router, why: 'It was made meanwhile.' }] }),
    'warning',
    'The agent is removed from prod: 1 object deleted. Changed meanwhile, and left: EgressRouter web/a (It was made meanwhile.).',
  ],
] as const)('%o', (said, kind, message) => {
  expect(said).toEqual({ kind, message });
});
