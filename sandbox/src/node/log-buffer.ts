/** One line of a container's output. */
interface LogLine {
  readonly time: string;
  readonly text: string;
}

export interface LogListener {
  /** With its line end. */
  readonly onLine: (line: string) => void;
  readonly onEnd: () => void;
}

const maxLines = 10_000;

/** The last lines that a container wrote, both streams in the order they came. */
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

  /** What the process left without a line end. */
  flush(): void {
    if (this.#rest !== '') this.#push(this.#rest);
    this.#rest = '';
  }

  read({ tailLines, timestamps }: { readonly tailLines?: number; readonly timestamps?: boolean }): string {
    const lines =
      tailLines === undefined ? this.#lines : tailLines === 0 ? [] : this.#lines.slice(-tailLines);
    return lines.map(({ time, text }) => (timestamps === true ? `${time} ${text}\n` : `${text}\n`)).join('');
  }

  /** @returns how to stop listening. */
  follow(listener: LogListener): () => void {
    if (this.#hasEnded) listener.onEnd();
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Nothing will be written any more. */
  end(): void {
    this.flush();
    this.#hasEnded = true;
    for (const { onEnd } of this.#listeners) onEnd();
    this.#listeners.clear();
  }

  #push(text: string): void {
    this.#lines.push({ time: new Date().toISOString(), text });
    if (this.#lines.length > maxLines * 2) this.#lines = this.#lines.slice(-maxLines);
    for (const { onLine } of this.#listeners) onLine(`${text}\n`);
  }
}
