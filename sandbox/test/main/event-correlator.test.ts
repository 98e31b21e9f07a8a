import { expect, test } from 'vitest';
import { EventCorrelator } from '#sandbox/event-correlator.ts';

/** Records one message after the other, `everyMs` apart, and tells which objects come of it, each with its count. */
function check(messages: readonly string[], everyMs: number, expected: readonly string[]): void {
  const correlator = new EventCorrelator();
  const written = new Map<string, { message: string; count: number }>();
  for (const [index, message] of messages.entries()) {
    const about = { uid: 'u', type: 'Warning', reason: 'Failed', message } as const;
    const one = correlator.correlate(about, index * everyMs);
    if (one === undefined) continue;
    const count = (written.get(one.key)?.count ?? 0) + 1;
    written.set(one.key, { message: one.message, count });
  }
  expect([...written.values()].map(({ message, count }) => `${count} × ${message}`)).toEqual(expected);
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `id ${index}`);

test('what is said again is counted up', () => {
  check(['a', 'a', 'b', 'a'], 1000, ['3 × a', '1 × b']);
});

test('the tenth that differs in its message begins one for all that follow', () => {
  check(numbered(12), 1000, [
    ...numbered(9).map((message) => `1 × ${message}`),
    '3 × (combined from similar events): id 11',
  ]);
});

test('what comes more than ten minutes later is new', () => {
  check(
    numbered(12),
    600_001,
    numbered(12).map((message) => `1 × ${message}`),
  );
});

test('after twenty-five there is one in five minutes', () => {
  check(
    Array.from({ length: 40 }, () => 'a'),
    10_000,
    ['26 × a'],
  );
  check(
    Array.from({ length: 40 }, () => 'a'),
    1000,
    ['25 × a'],
  );
});

test('each type of Event about each object has its own share', () => {
  const correlator = new EventCorrelator();
  const about = { uid: 'u', type: 'Warning', reason: 'Failed', message: 'a' } as const;
  for (let index = 0; index < 30; index++) correlator.correlate(about, 0);
  expect(correlator.correlate(about, 0)).toBe(undefined);
  expect(correlator.correlate({ ...about, type: 'Normal' }, 0)).toMatchObject({ message: 'a' });
  expect(correlator.correlate({ ...about, uid: 'v' }, 0)).toMatchObject({ message: 'a' });
});
