import type { RunOptions, WaitOptions } from '#cluster/api.ts';
import { refText } from '#cluster/object-ref.ts';
import type { Io } from './io.ts';
import { readDuration } from './verb.ts';

/** Of verbs that change the cluster. */
export const runOptions = { 'dry-run': { type: 'boolean' } } as const;

export const runUsage = '      --dry-run          only show what would be done';

/** Of those that wait for what the change brings about. */
export const waitOptions = { wait: { type: 'boolean' }, timeout: { type: 'string' } } as const;

export const waitUsage = `      --no-wait          do not wait for the outcome
      --timeout TIME     of waiting, such as 90s or 5m (default: 2m)`;

/** Of those that set fields. */
export const forceOptions = { force: { type: 'boolean' } } as const;

export const forceUsage = '      --force            take fields over from other managers';

export function toRunOptions(io: Io): RunOptions {
  return {
    signal: io.signal,
    onProgress: ({ object, message }) => io.stderr(`${refText(object)}: ${message}\n`),
  };
}

/** @throws UsageError */
export function toWaitOptions({
  wait = true,
  timeout,
}: {
  readonly wait?: boolean | undefined;
  readonly timeout?: string | undefined;
}): WaitOptions {
  return { wait, timeoutMs: readDuration('--timeout', timeout, 120_000) };
}
