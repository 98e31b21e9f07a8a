import { type LogLevel, logLevels } from '#core/netconf/model.ts';
import type { Platform } from './platform.ts';

/**
 * Appends to the file that the configuration names; without one, and where it cannot be written, nothing
 * happens: a log is never a reason to fail.
 */
export class Log {
  readonly #platform: Platform;
  readonly #prefix: string;
  #target: { readonly file: string; readonly level: LogLevel } | undefined;

  constructor(platform: Platform, prefix: string) {
    this.#platform = platform;
    this.#prefix = prefix;
  }

  writeTo(file: string | undefined, level: LogLevel): void {
    this.#target = file === undefined ? undefined : { file, level };
  }

  write(level: LogLevel, message: string): void {
    const target = this.#target;
    if (target === undefined || logLevels.indexOf(level) > logLevels.indexOf(target.level)) return;
    const time = new Date(this.#platform.now()).toISOString();
    const line = `${time} ${level} ${this.#prefix} ${message}`;
    // One line of ASCII, whatever a tool said.
    this.#platform.appendFile(target.file, `${line.replaceAll(/[^\x20-\x7e]+/g, ' ').trim()}\n`);
  }
}
