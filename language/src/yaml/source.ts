import { type Parsed, parseSlice } from './parsed.ts';

/**
 * The text of a document with the places of all its values. They are read when they are asked for, and again
 * where nobody has asked for long: a thousand documents do not stay in memory with all their places.
 */
export class Source {
  readonly text: string;
  #kept: WeakRef<Parsed> | undefined;

  constructor(text: string) {
    this.text = text;
  }

  parsed(): Parsed {
    const known = this.#kept?.deref();
    if (known !== undefined) return known;
    const parsed = parseSlice(this.text);
    this.#kept = new WeakRef(parsed);
    return parsed;
  }
}
