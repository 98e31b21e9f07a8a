import { expect, test } from 'vitest';
import { type EventObject, EventRecorder, type EventStore } from '#agent/operator/event-recorder.ts';
import type { EventResult } from '#agent/operator/metrics.ts';
import { ClusterError } from '#cluster/errors.ts';
import type { Transition } from '#core/egress-router/transitions.ts';

const subject = {
  apiVersion: 'network.operator.openshift.io/v1',
  kind: 'EgressRouter',
  namespace: 'demo',
  name: 'partner',
  uid: 'u1',
};
const ready: Transition = { type: 'Normal', reason: 'Ready', message: 'Pod p redirects.' };

test('an Event says what kubectl describe shows', async () => {
  const { record, store } = recorder();
  await record(ready);
  expect(store.stored).toEqual([
    {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { namespace: 'demo', name: expect.stringMatching(/^partner\.[0-9a-f]{16}$/) },
      involvedObject: subject,
      type: 'Normal',
      reason: 'Ready',
      message: 'Pod p redirects.',
      source: { component: 'egress-router-operator' },
      reportingComponent: 'egress-router-operator',
      reportingInstance: 'me',
      firstTimestamp: 't0',
      lastTimestamp: 't0',
      count: 1,
    },
  ]);
});

test('what is said again is counted up, also after the first one has expired', async () => {
  const { record, store } = recorder();
  await record(ready, ready, { ...ready, message: 'Pod q redirects.' });
  expect(store.stored.map(({ message, count }) => `${message} ${count}`)).toEqual([
    'Pod p redirects. 2',
    'Pod q redirects. 1',
  ]);
  store.stored.length = 0;
  await record(ready);
  expect(store.stored.map(({ count }) => count)).toEqual([1]);
});

test('a router that changes all the time is cut short, others are not', async () => {
  const { record, store, results, pass } = recorder();
  const many = Array.from({ length: 30 }, (_, index) => ({ ...ready, message: `Pod ${index}.` }));
  await record(...many);
  expect(store.stored).toHaveLength(10);
  expect(results.filter((result) => result === 'dropped')).toHaveLength(20);
  pass(60_000);
  await record(...many);
  expect(store.writes).toBe(12);
});

test('what cannot be written is lost, and nothing else is', async () => {
  const { record, store, results } = recorder();
  store.isDown = true;
  await record(ready);
  store.isDown = false;
  await record({ ...ready, message: 'x'.repeat(5_000) });
  expect(results).toEqual(['failed', 'written']);
  expect(store.stored[0]?.message).toHaveLength(1_024);
});

function recorder() {
  const store = new MemoryEvents();
  const results: EventResult[] = [];
  let nowMs = 0;
  const recorder = new EventRecorder({
    store,
    instance: 'me',
    now: () => `t${nowMs}`,
    monotonicMs: () => nowMs,
    onResult: (result) => results.push(result),
    signal: new AbortController().signal,
  });
  return {
    store,
    results,
    pass: (ms: number) => {
      nowMs += ms;
    },
    record: async (...transitions: readonly Transition[]) => {
      const before = results.length;
      for (const transition of transitions) recorder.record(subject, transition);
      while (results.length < before + transitions.length) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

class MemoryEvents implements EventStore {
  isDown = false;
  writes = 0;
  readonly stored: EventObject[] = [];

  async create(event: EventObject): Promise<void> {
    if (this.isDown) throw new ClusterError({ reason: 'unreachable', message: 'down' });
    this.writes += 1;
    this.stored.push(event);
  }

  async update(patch: Parameters<EventStore['update']>[0]): Promise<void> {
    const { name, namespace } = patch.metadata;
    const index = this.stored.findIndex(
      ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
    );
    const stored = this.stored[index];
    if (stored === undefined) throw new ClusterError({ reason: 'not-found', message: 'expired' });
    this.writes += 1;
    this.stored[index] = { ...stored, ...patch };
  }
}
