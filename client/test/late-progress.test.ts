import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lateProgress, leastShownMs, momentMs, type ShowProgress } from '#client/late-progress.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('what is done in a moment shows nothing', async () => {
  const { shown, show } = screen();
  const result = lateProgress(() => after(momentMs - 50, 'done'), show);
  await vi.runAllTimersAsync();
  expect(await result).toBe('done');
  expect(shown).toEqual([]);
});

test('what takes longer is shown, and is over with its notification', async () => {
  const { shown, show } = screen();
  const startedMs = Date.now();
  const result = lateProgress(() => after(momentMs + 50, 'done'), show).then(() => Date.now() - startedMs);
  await vi.runAllTimersAsync();
  expect(await result).toBe(momentMs + leastShownMs);
  expect(shown).toEqual(['shown', 'over']);
});

test('what has something to report is shown at once', async () => {
  const { shown, show } = screen();
  const result = lateProgress(async (report) => {
    report('one');
    await after(10, undefined);
    report('two');
    return 'done';
  }, show);
  await vi.advanceTimersByTimeAsync(1);
  expect(shown).toEqual(['shown', 'one']);
  await vi.runAllTimersAsync();
  expect(await result).toBe('done');
  expect(shown).toEqual(['shown', 'one', 'two', 'over']);
});

test('what takes long ends when it ends', async () => {
  const { show } = screen();
  const startedMs = Date.now();
  const result = lateProgress(() => after(10_000, 'done'), show).then(() => Date.now() - startedMs);
  await vi.runAllTimersAsync();
  expect(await result).toBe(10_000);
});

test('Cancel aborts it, and its failure is the failure', async () => {
  const { show, cancel } = screen();
  const result = lateProgress(
    (_, signal) =>
      new Promise<void>((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('canceled'))),
      ),
    show,
  ).catch(String);
  await vi.advanceTimersByTimeAsync(momentMs + 1);
  cancel();
  await vi.runAllTimersAsync();
  expect(await result).toBe('Error: canceled');
});

function after<T>(ms: number, value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(() => resolve(value), ms));
}

function screen() {
  const shown: string[] = [];
  let canceled = (): void => undefined;
  const show: ShowProgress = async (run, cancel) => {
    canceled = cancel;
    shown.push('shown');
    await run((message) => shown.push(message));
    shown.push('over');
  };
  return { shown, show, cancel: () => canceled() };
}
