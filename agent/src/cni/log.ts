import { type LogLevel, logLevels } from '#core/netconf/model.ts';
import type { Platform } from './platform.ts';

/**
 * Appends to the file that the configuration names; without one, and where it cannot be written, nothing
 * happens: a log is never a reason to fail.
 */
export class Log {
  readonly #platform: Platform;
  readonly #prefix: string;
  #fault = '';
  #target: { readonly file: string; readonly level: LogLevel } | undefined;

  constructor(platform: Platform, prefix: string) {
    this.#platform = platform;
    this.#prefix = prefix;
  }

  writeTo(file: string | undefined, level: LogLevel): void {
    this.#target = file === undefined ? undefined : { file, level };
  }

  /** Why nothing could be written the last time, as a sentence; empty where it could. */
  get fault(): string {
    return this.#fault;
  }

  write(level: LogLevel, message: string): void {
    const target = this.#target;
    if (target === undefined || logLevels.indexOf(level) > logLevels.indexOf(target.level)) return;
    const time = new Date(this.#platform.now()).toISOString();
    const line = `${time} ${level} ${this.#prefix} ${message}`;
    // One line of ASCII, whatever a tool said.
    const text = `${line.replaceAll(/[^\x20-\x7e]+/g, ' ').trim()}\n`;
    const fault = this.#platform.appendFile(target.file, text);
    this.#fault = fault === undefined ? '' : `Nothing is logged to ${target.file}: ${fault}.`;
  }
}

/** Whether a file begins as those that `Log` writes. */
export function isOwnLog(start: string): boolean {
  return /^\d{4}-\d\d-\d\dT[\d:.]{12}Z (error|warning|info|debug) [A-Z]{2,6} /.test(start);
}

/** Those that platforms write into their configurations, also where an earlier plugin wrote them or they were emptied. */
export function isOwnName(path: string): boolean {
  return /\/egress-router[^/]*$/.test(path);
}
