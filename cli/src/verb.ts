import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Reconciler } from '#core/egress-router/reconciler.ts';
import { type ExitCode, type Io, UsageError } from './io.ts';

export interface Verb {
  readonly usage: string;
  readonly run: (args: readonly string[], io: Io) => Promise<ExitCode>;
}

export type OptionSpecs = NonNullable<ParseArgsConfig['options']>;

/** @throws UsageError */
export function readArgs<const T extends OptionSpecs>(args: readonly string[], options: T) {
  try {
    return parseArgs({
      args: withoutShortEquals(args, options),
      options,
      allowPositionals: true,
      allowNegative: true,
      strict: true,
    });
  } catch (cause) {
    // Node's own sentence names the option; what follows the first full stop is advice on `--`.
    const [sentence = ''] = (cause instanceof Error ? cause.message : String(cause)).split(/\.\s|\.$/, 1);
    throw new UsageError(`${sentence}.`, { cause });
  }
}

/** kubectl takes `-o=json`, where Node takes `=json` for the value. */
function withoutShortEquals(args: readonly string[], options: OptionSpecs): string[] {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  return args.map((arg, index) => {
    const [, short, value] = /^-([a-zA-Z])=(.*)$/s.exec(arg) ?? [];
    if (index >= end || short === undefined) return arg;
    const long = Object.keys(options).find(
      (name) => options[name]?.short === short && options[name].type === 'string',
    );
    return long === undefined ? arg : `--${long}=${value}`;
  });
}

/** `--output`, one of the formats given, the first of which is the default. */
export function readFormat<const T extends string>(
  value: string | undefined,
  formats: readonly [T, ...T[]],
): T {
  if (value === undefined) return formats[0];
  const format = formats.find((known) => known === value);
  if (format !== undefined) return format;
  throw new UsageError(`--output must be ${formats.join(', ')}, not "${value}".`);
}

/** `--reconciler`: who makes pods of the routers. */
export function readReconciler(value = 'auto'): Reconciler {
  if (value === 'auto') return 'unknown';
  if (value === 'cno' || value === 'agent') return value;
  throw new UsageError(`--reconciler must be auto, cno or agent, not "${value}".`);
}

/** `90`, `90s` or `2m`, in milliseconds. */
export function readDuration(option: string, value: string | undefined, defaultMs: number): number {
  if (value === undefined) return defaultMs;
  const [, number, unit] = /^([0-9]+)(s|m)?$/.exec(value) ?? [];
  if (number === undefined)
    throw new UsageError(`${option} must be a time such as 90s or 2m, not "${value}".`);
  const ms = Number(number) * (unit === 'm' ? 60_000 : 1000);
  if (ms <= longestMs) return ms;
  throw new UsageError(`${option} must be at most 20000m, not "${value}".`);
}

/** Timers of Node.js end at once where they are set to more than 2³¹ ms, which is 24 days. */
const longestMs = 20_000 * 60_000;

/** A Kubernetes name, so that a mistyped one is told apart from one that does not exist. */
export function readName(what: string, value: string): string {
  if (/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(value)) return value;
  throw new UsageError(
    `${JSON.stringify(value)} cannot be the name of ${what}: lower case, digits, "-" and "." only.`,
  );
}

/** Exactly one positional argument. */
export function readOne(what: string, positionals: readonly string[]): string {
  const [first, ...others] = positionals;
  if (first === undefined) throw new UsageError(`Name ${what}.`);
  if (others.length > 0)
    throw new UsageError(`Name one ${what.replace(/^an? /, '')} at a time, not ${positionals.length}.`);
  return first;
}
