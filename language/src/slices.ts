/**
 * One YAML document of a file, with everything around it that belongs to it: slices laid end to end are the
 * file. Each can be parsed alone, so a keystroke costs no more than the document it falls into.
 */
export interface Slice {
  readonly text: string;
  /** Offset of the first character in the file. */
  readonly start: number;
}

/**
 * YAML 1.2 §9.1: a document ends at `---` or `...` in column 0, even inside a scalar (c-forbidden), so lines
 * can be told apart without parsing. Comments, blank lines and directives before a `---` belong to what
 * follows it. Always gives at least one slice.
 */
export function toSlices(text: string): readonly Slice[] {
  const slices: Slice[] = [];
  let start = 0;
  let hasBegun = false;
  const cut = (end: number): void => {
    if (end > start) slices.push({ text: text.slice(start, end), start });
    start = end;
    hasBegun = false;
  };
  for (const { 0: found, 1: before = '', 2: marker, index } of text.matchAll(markerPattern)) {
    if (marker === '...') {
      const lineEnd = text.indexOf('\n', index + found.length);
      cut(lineEnd < 0 ? text.length : lineEnd + 1);
      continue;
    }
    const at = index + before.length;
    if (hasBegun || !isPrologue(text, start, at)) cut(at);
    hasBegun = true;
  }
  cut(text.length);
  return slices.length > 0 ? slices : [{ text: '', start: 0 }];
}

/** The slice that a cursor is in; between two of them, the one that follows. */
export function sliceAt<S extends Slice>(slices: readonly S[], offset: number): S | undefined {
  let low = 0;
  let high = slices.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const slice = slices[middle];
    if (slice !== undefined && slice.start <= offset) low = middle;
    else high = middle - 1;
  }
  return slices[low];
}

/** No `m` flag: with it `^` would also match after U+2028, which is no line break in YAML. */
const markerPattern = /(^\uFEFF?|\n)(---|\.\.\.)(?=[ \t\r\n]|$)/g;

function isPrologue(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; ) {
    const newline = text.indexOf('\n', at);
    const lineEnd = newline < 0 || newline > end ? end : newline;
    if (!/^\uFEFF?[ \t\r]*(#.*|%.*)?\r?$/.test(text.slice(at, lineEnd))) return false;
    at = lineEnd + 1;
  }
  return true;
}
