import type { Span } from './span.ts';

/**
 * One YAML document of a file, with everything around it that belongs to it: slices laid end to end are the
 * file. Each can be parsed alone, so a keystroke costs no more than the document it falls into.
 */
export interface Slice {
  readonly text: string;
  /** Offset of the first character in the file. */
  readonly start: number;
}

/** What became of a text: `before` in the old one gave way to what reaches up to `end` in the new one. */
export interface TextChange {
  readonly before: Span;
  /** In the new text; it begins where `before` does. */
  readonly end: number;
}

/** The slices of a text of which some are those of an earlier one: `kept` at its start and at its end. */
export interface Recut {
  /** How many at the start are as they were, offsets and all. */
  readonly head: number;
  /** Those that were cut anew. */
  readonly cut: readonly Slice[];
  /** How many at the end have the text that they had. They have moved. */
  readonly tail: number;
}

/**
 * YAML 1.2 §9.1: a document ends at `---` or `...` in column 0, even inside a scalar (c-forbidden), so lines
 * can be told apart without parsing. Comments, blank lines and directives before a `---` belong to what
 * follows it. Always gives at least one slice.
 */
export function toSlices(text: string): readonly Slice[] {
  const slices: Slice[] = [];
  cutFrom(text, 0, (slice) => {
    slices.push(slice);
    return true;
  });
  return slices.length > 0 ? slices : [{ text: '', start: 0 }];
}

/** The same slices as `toSlices` gives, of which only those around the change are looked for. */
export function recut(slices: readonly Slice[], text: string, { before, end }: TextChange): Recut {
  // A change may take the marker from the start of a slice, which is then a part of the one before.
  const head = Math.max(0, indexAt(slices, before.start) - 1);
  const shift = end - before.end;
  const cut: Slice[] = [];
  let next = indexAt(slices, before.end);
  cutFrom(text, slices[head]?.start ?? 0, (slice) => {
    cut.push(slice);
    const reached = slice.start + slice.text.length;
    if (reached < end) return true;
    while (next < slices.length && (slices[next]?.start ?? 0) + shift < reached) next += 1;
    // From the start of a slice all goes on as before.
    const old = slices[next];
    return old === undefined || old.start + shift !== reached;
  });
  const last = cut.at(-1);
  const reached = last === undefined ? 0 : last.start + last.text.length;
  if (reached < text.length) return { head, cut, tail: slices.length - next };
  return { head, cut: head === 0 && cut.length === 0 ? [{ text: '', start: 0 }] : cut, tail: 0 };
}

/** The slice that a cursor is in; between two of them, the one that follows. */
export function sliceAt<S extends Slice>(slices: readonly S[], offset: number): S | undefined {
  return slices[indexAt(slices, offset)];
}

/** Where one of them stands; -1 for one of another text. */
export function indexOfSlice<S extends Slice>(slices: readonly S[], slice: S): number {
  const index = indexAt(slices, slice.start);
  return slices[index] === slice ? index : -1;
}

function indexAt(slices: readonly Slice[], offset: number): number {
  let low = 0;
  let high = slices.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const slice = slices[middle];
    if (slice !== undefined && slice.start <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Cuts from where a slice starts, until `take` has enough. */
function cutFrom(text: string, from: number, take: (slice: Slice) => boolean): void {
  let start = from;
  let hasBegun = false;
  let goesOn = true;
  const cut = (end: number): void => {
    if (end > start) goesOn = take({ text: text.slice(start, end), start });
    start = end;
    hasBegun = false;
  };
  for (let at = markerFrom(text, from, from); goesOn && at >= 0; ) {
    if (text.charCodeAt(at) === dot) {
      const lineEnd = text.indexOf('\n', at);
      const end = lineEnd < 0 ? text.length : lineEnd + 1;
      cut(end);
      at = markerFrom(text, end, start);
      continue;
    }
    if (hasBegun || !isPrologue(text, start, at)) cut(at);
    hasBegun = true;
    at = markerFrom(text, at + 1, start);
  }
  if (goesOn) cut(text.length);
}

const dot = 0x2e;

/** The next `---` or `...` alone in column 0, which is also where a slice starts and behind a byte order mark. */
function markerFrom(text: string, from: number, sliceStart: number): number {
  if (from === sliceStart) {
    const at = from === 0 && text.charCodeAt(0) === 0xfeff ? 1 : from;
    firstMarker.lastIndex = at;
    if (firstMarker.test(text)) return at;
  }
  laterMarker.lastIndex = from;
  return laterMarker.test(text) ? laterMarker.lastIndex - 3 : -1;
}

/** No `m` flag: with it `^` would also match after U+2028, which is no line break in YAML. */
const firstMarker = /(?:---|\.\.\.)(?=[ \t\r\n]|$)/y;
const laterMarker = /\n(?:---|\.\.\.)(?=[ \t\r\n]|$)/g;

function isPrologue(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; ) {
    const newline = text.indexOf('\n', at);
    const lineEnd = newline < 0 || newline > end ? end : newline;
    if (!/^\uFEFF?[ \t\r]*(#.*|%.*)?\r?$/.test(text.slice(at, lineEnd))) return false;
    at = lineEnd + 1;
  }
  return true;
}
