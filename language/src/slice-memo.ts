import type { FileSlice } from './document.ts';
import type { SliceContent } from './slice-content.ts';

/** What follows from one document alone, kept for as long as the document stays the same, wherever it moves. */
export class SliceMemo<T> {
  readonly #known = new WeakMap<SliceContent, T>();
  readonly #make: (slice: FileSlice, content: SliceContent) => T;

  /** @param make offsets that it gives count from the start of the slice */
  constructor(make: (slice: FileSlice, content: SliceContent) => T) {
    this.#make = make;
  }

  /** Undefined where the document does not concern egress routers. */
  of(slice: FileSlice): T | undefined {
    const { content } = slice;
    if (content === undefined) return undefined;
    const known = this.#known.get(content);
    if (known !== undefined) return known;
    const made = this.#make(slice, content);
    this.#known.set(content, made);
    return made;
  }
}
