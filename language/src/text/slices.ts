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

/** A text of which parts are wanted: a string, or what is kept in parts. */
export type SlicedText = Pick<string, 'length'> & { readonly slice: (start: number, end: number) => string };

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
export function recut(slices: readonly Slice[], text: SlicedText, change: TextChange): Recut {
  const { before, end } = change;
  // A change may take the marker from the start of a slice, which is then a part of the one before.
  const head = Math.max(0, indexAt(slices, before.start) - 1);
  const from = slices[head]?.start ?? 0;
  const next = indexAt(slices, before.end);
  for (let further = 2; ; further *= 4) {
    const stop = slices[next + further];
    if (stop === undefined) break;
    const part = text.slice(from, stop.start + end - before.end);
    const { cut, tail } = recutPart(slices, part, from, change, next);
    // Where a slice ends that reaches up to the end of the part is not known.
    if (tail > 0) return { head, cut, tail };
  }
  const { cut, tail } = recutPart(slices, text.slice(from, text.length), from, change, next);
  return { head, cut: head === 0 && cut.length === 0 ? [{ text: '', start: 0 }] : cut, tail };
}

/** @returns no tail where all of the part is cut anew */
function recutPart(
  slices: readonly Slice[],
  part: string,
  from: number,
  { before, end }: TextChange,
  first: number,
): Omit<Recut, 'head'> {
  const shift = end - before.end;
  const cut: Slice[] = [];
  let next = first;
  cutFrom(part, from, (slice) => {
    cut.push(slice);
    const reached = slice.start + slice.text.length;
    if (reached < end) return true;
    while (next < slices.length && (slices[next]?.start ?? 0) + shift < reached) next += 1;
    // From the start of a slice all goes on as before.
    const old = slices[next];
    return old === undefined || old.start + shift !== reached;
  });
  const last = cut.at(-1);
  const reached = last === undefined ? from : last.start + last.text.length;
  return { cut, tail: reached < from + part.length ? slices.length - next : 0 };
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

/** Cuts what begins with a slice, which starts at `offset` in the file, until `take` has enough. */
function cutFrom(text: string, offset: number, take: (slice: Slice) => boolean): void {
  let start = 0;
  let hasBegun = false;
  let goesOn = true;
  const cut = (end: number): void => {
    if (end > start) goesOn = take({ text: text.slice(start, end), start: offset + start });
    start = end;
    hasBegun = false;
  };
  const hasMark = offset === 0 && text.charCodeAt(0) === 0xfeff;
  for (let at = markerFrom(text, hasMark ? 1 : 0, true); goesOn && at >= 0; ) {
    if (text.charCodeAt(at) === dot) {
      const lineEnd = text.indexOf('\n', at);
      const end = lineEnd < 0 ? text.length : lineEnd + 1;
      cut(end);
      at = markerFrom(text, end, true);
      continue;
    }
    if (hasBegun || !isPrologue(text, start, at)) cut(at);
    hasBegun = true;
    at = markerFrom(text, at + 1, false);
  }
  if (goesOn) cut(text.length);
}

const dot = 0x2e;

/** The next `---` or `...` alone in column 0, which is also where a slice starts and behind a byte order mark. */
function markerFrom(text: string, from: number, isLineStart: boolean): number {
  if (isLineStart) {
    firstMarker.lastIndex = from;
    if (firstMarker.test(text)) return from;
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
