/** What a line tells by itself, from a key on. */
export interface Entry {
  readonly key: string;
  /** Where the colon behind it stands, from the start of the key. */
  readonly colon: number;
  /** The scalar that the rest of the line is; `unread` where it is something else, or goes on below. */
  readonly value: unknown;
}

/**
 * Entries that have been read, by their text: of thousands of manifests most lines are the same, and to find one is
 * several times as fast as to read it. A new one takes the place of another one, so that they never are many.
 */
export class KnownLines {
  readonly #slots: (Slot | undefined)[] = Array.from({ length: slotCount });

  /** The entry that stands there up to the end of its line. */
  find(text: string, start: number, end: number): Entry | undefined {
    const slot = this.#slots[slotOf(text, start, end)];
    return slot?.line.length === end - start && text.startsWith(slot.line, start) ? slot.entry : undefined;
  }

  add(text: string, start: number, end: number, entry: Entry): void {
    this.#slots[slotOf(text, start, end)] = { line: text.slice(start, end), entry };
  }
}

interface Slot {
  readonly line: string;
  readonly entry: Entry;
}

const slotCount = 1024;

/** Of a few characters: to go through all of them would take as long as to read them. */
function slotOf(text: string, start: number, end: number): number {
  const length = end - start;
  const middle = text.charCodeAt(start + (length >> 1));
  return (length * 37 + text.charCodeAt(start) * 5 + middle * 211 + text.charCodeAt(end - 1)) % slotCount;
}
