/** One line of a container's output. */
interface LogLine {
  readonly time: string;
  readonly text: string;
}

const maxLines = 10_000;

/** The last lines that a container wrote, both streams in the order they came. */
export class LogBuffer {
  #lines: LogLine[] = [];
  #rest = '';
  readonly #listeners = new Set<(line: string) => void>();

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
  follow(listener: (line: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #push(text: string): void {
    this.#lines.push({ time: new Date().toISOString(), text });
    if (this.#lines.length > maxLines * 2) this.#lines = this.#lines.slice(-maxLines);
    for (const listener of this.#listeners) listener(`${text}\n`);
  }
}
