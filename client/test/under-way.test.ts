import { expect, test } from 'vitest';
import { UnderWay } from '#client/under-way.ts';

test('what is under way is canceled, and its undo is waited for', async () => {
  const underWay = new UnderWay();
  const said: string[] = [];
  const scaled = underWay.run(new AbortController().signal, async (signal) => {
    said.push('scaled down');
    try {
      await untilAborted(signal);
    } finally {
      await new Promise((resolve) => setImmediate(resolve));
      said.push('scaled up again');
    }
  });
  const told = scaled.catch(() => said.push('told'));
  await underWay.end();
  expect(said.slice(0, 2)).toEqual(['scaled down', 'scaled up again']);
  await told;
  // Nothing of it is left.
  await underWay.end();
  expect(said).toEqual(['scaled down', 'scaled up again', 'told']);
});

test('the person cancels it, too', async () => {
  const cancel = new AbortController();
  const waiting = new UnderWay().run(cancel.signal, untilAborted);
  cancel.abort();
  await expect(waiting).rejects.toHaveProperty('name', 'AbortError');
});

test('what is done is given on', async () =>
  expect(await new UnderWay().run(new AbortController().signal, async () => 'done')).toBe('done'));

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}
