import { type RunOptions, routerParts, type WaitOptions } from '#cluster/api.ts';
import { refText } from '#cluster/object-ref.ts';
import { defaultRoutersPerNic } from '#core/platform/check-capacity.ts';
import { type Io, UsageError } from './io.ts';
import { inOneLine, oneLine } from './printable.ts';
import { readDuration } from './verb.ts';

/** Of verbs that change the cluster. */
export const runOptions = { 'dry-run': { type: 'boolean' } } as const;

export const runUsage = '      --dry-run          only show what would be done';

/** Of those that wait for what the change brings about. */
export const waitOptions = { wait: { type: 'boolean' }, timeout: { type: 'string' } } as const;

export const waitUsage = `      --wait             wait for the outcome, which is the default; --no-wait does not
      --timeout TIME     of waiting, such as 90s or 5m; 0 looks once (default: 2m)`;

/** Of those that may have a question. */
/** As kubectl names files. */
export const filenameOptions = { filename: { type: 'string', short: 'f', multiple: true } } as const;

export const yesOptions = { yes: { type: 'boolean', short: 'y' } } as const;

/** Of those that look at what a NIC carries. */
export const nicOptions = { 'routers-per-nic': { type: 'string' } } as const;

export const nicUsage = `      --routers-per-nic NUMBER
                         warn of more routers on one NIC of a node (default: ${defaultRoutersPerNic})`;

/** Of those that set fields. */
export const forceOptions = { force: { type: 'boolean' } } as const;

export const forceUsage = '      --force            take fields over from other managers';

export function toRunOptions(io: Io): RunOptions {
  return {
    signal: io.signal,
    onProgress: ({ object, message, part }) => {
      const step =
        part === undefined ? '' : `${routerParts.indexOf(part) + 1}/${routerParts.length} ${part}: `;
      io.stderr(`${inOneLine(refText(object))}: ${step}${oneLine(message)}\n`);
    },
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

/** @throws UsageError */
export function readRoutersPerNic(value: string | undefined): { readonly routersPerNic?: number } {
  if (value === undefined) return {};
  const routersPerNic = /^[0-9]{1,4}$/.test(value) ? Number(value) : 0;
  if (routersPerNic > 0) return { routersPerNic };
  throw new UsageError(`--routers-per-nic must be a number from 1 on, not "${value}".`);
}
