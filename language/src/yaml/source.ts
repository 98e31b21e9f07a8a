import { type Parsed, parseSlice } from './parsed.ts';

/**
 * The text of a document with the places of all its values. They are read when they are asked for, and again
 * where nobody has asked for long: a thousand documents do not stay in memory with all their places.
 */
export class Source {
  readonly text: string;
  #wasAsked = false;
  #kept: Pick<WeakRef<Parsed>, 'deref'> | undefined;

  constructor(text: string) {
    this.text = text;
  }

  parsed(): Parsed {
    const known = this.#kept?.deref();
    if (known !== undefined) return known;
    const parsed = parseSlice(this.text);
    if (this.text.length > longText) this.#kept = { deref: () => parsed };
    // What a weak reference leads to stays until the task is done, and the task may be a file of thousands of
    // documents that are each asked for once.
    else if (this.#wasAsked) this.#kept = new WeakRef(parsed);
    this.#wasAsked = true;
    return parsed;
  }
}

/** To read one takes so long that it is worth its memory. */
const longText = 50_000;
