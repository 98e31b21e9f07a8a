export interface LogPart {
  readonly tailLines?: number;
  readonly timestamps?: boolean;
  /** Of lines, in milliseconds since 1970: none that is older. */
  readonly sinceMs?: number;
}

/** One line of a container's output. */
interface LogLine {
  readonly timeMs: number;
  readonly text: string;
}

export interface LogListener {
  /** With its line end. */
  readonly onLine: (line: string) => void;
  readonly onEnd: () => void;
}

const maxLines = 10_000;

/** The last lines that one run of a container wrote, both streams in the order they came. */
export class LogBuffer {
  #lines: LogLine[] = [];
  #rest = '';
  #hasEnded = false;
  readonly #listeners = new Set<LogListener>();

  append(chunk: Buffer): void {
    const parts = (this.#rest + chunk.toString()).split('\n');
    this.#rest = parts.pop() ?? '';
    for (const text of parts) this.#push(text);
  }

  read({ tailLines, timestamps, sinceMs = 0 }: LogPart): string {
    const recent = this.#lines.filter(({ timeMs }) => timeMs >= sinceMs);
    const lines = tailLines === undefined ? recent : tailLines === 0 ? [] : recent.slice(-tailLines);
    return lines
      .map(({ timeMs, text }) =>
        timestamps === true ? `${new Date(timeMs).toISOString()} ${text}\n` : `${text}\n`,
      )
      .join('');
  }

  /** @returns how to stop listening. */
  follow(listener: LogListener): () => void {
    if (this.#hasEnded) listener.onEnd();
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Nothing will be written any more; what the process left without a line end is a line. */
  end(): void {
    if (this.#rest !== '') this.#push(this.#rest);
    this.#rest = '';
    this.#hasEnded = true;
    for (const { onEnd } of this.#listeners) onEnd();
    this.#listeners.clear();
  }

  #push(text: string): void {
    this.#lines.push({ timeMs: Date.now(), text });
    if (this.#lines.length > maxLines * 2) this.#lines = this.#lines.slice(-maxLines);
    for (const { onLine } of this.#listeners) onLine(`${text}\n`);
  }
}
