import type { Span } from '../text/span.ts';

/** A stretch of the value and its source: character by character where both are as long, else as a whole. */
export interface Part {
  readonly at: number;
  readonly length: number;
  readonly start: number;
  readonly end: number;
}

/** The parts of a value, as they are read. */
export class Written {
  readonly text: string;
  readonly parts: Part[] = [];
  readonly #pieces: string[] = [];
  #length = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** As it stands in the text. */
  take(start: number, end: number): void {
    if (end > start) this.#add(this.text.slice(start, end), start, end);
  }

  /** What stands for something else. */
  put(value: string, start: number, end: number): void {
    if (value !== '') this.#add(value, start, end);
  }

  value(): string {
    return this.#pieces.join('');
  }

  #add(piece: string, start: number, end: number): void {
    this.parts.push({ at: this.#length, length: piece.length, start, end });
    this.#pieces.push(piece);
    this.#length += piece.length;
  }
}

export interface Line extends Span {
  /** Where the next one begins. */
  readonly next: number;
}

/** Each without its line break. */
export function linesOf(text: string, { start, end }: Span): readonly Line[] {
  const lines: Line[] = [];
  for (let at = start; ; ) {
    const newline = text.indexOf('\n', at);
    if (newline < 0 || newline >= end) {
      lines.push({ start: at, end, next: end });
      return lines;
    }
    const isCrLf = newline > at && text[newline - 1] === '\r';
    lines.push({ start: at, end: isCrLf ? newline - 1 : newline, next: newline + 1 });
    at = newline + 1;
  }
}
