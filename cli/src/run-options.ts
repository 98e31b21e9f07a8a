import type { RunOptions } from '#cluster/api.ts';
import type { Io } from './io.ts';
import { readDuration } from './verb.ts';

export const runOptions = {
  'dry-run': { type: 'boolean' },
  wait: { type: 'boolean' },
  timeout: { type: 'string' },
} as const;

export const runUsage = `      --dry-run          only show what would be done
      --no-wait          do not wait for the outcome
      --timeout TIME     of waiting, such as 90s or 5m (default: 2m)`;

export function toRunOptions(
  values: { readonly wait?: boolean | undefined; readonly timeout?: string | undefined },
  io: Io,
): RunOptions {
  return {
    signal: io.signal,
    onProgress: ({ object, message }) =>
      io.stderr(`${object.kind} ${object.namespace ?? ''}/${object.name}: ${message}\n`),
    wait: values.wait ?? true,
    timeoutMs: readDuration('--timeout', values.timeout, 120_000),
  };
}
