import { t } from '#client/l10n.ts';
/** The last lines of a log that goes on, within bounds. */
export class LogTail {
  readonly #maxLines: number;
  #lines: string[] = [];
  #left = 0;

  constructor(maxLines: number) {
    this.#maxLines = maxLines;
  }

  push(lines: readonly string[]): void {
    this.#lines = this.#lines.concat(lines.map(shorten));
    // Not with every line: each time copies all of them.
    if (this.#lines.length <= this.#maxLines * 1.2) return;
    this.#left += this.#lines.length - this.#maxLines;
    this.#lines = this.#lines.slice(-this.#maxLines);
  }

  get text(): string {
    const first = this.#left === 0 ? [] : [t`[${this.#left} earlier lines are not shown.]`];
    return `${[...first, ...this.#lines].join('\n')}\n`;
  }
}

/** UTF-16 code units; nobody reads a longer line. */
const maxLine = 4000;

function shorten(line: string): string {
  return line.length <= maxLine ? line : `${line.slice(0, maxLine)}…`;
}
