import type { Reconciler } from '#core/egress-router/reconciler.ts';
import { readContent, type SliceContent } from './slice-content.ts';
import { hasBareReturns, withLineFeeds } from './text/line-ends.ts';
import { recut, type Slice, type SlicedText, type TextChange, toSlices } from './text/slices.ts';

/** A file of YAML documents (JSON is YAML too), of which those that concern egress routers have been read. */
export interface YamlFile {
  readonly text: string;
  /** Laid end to end they are the text, with `\n` where a line of it ends in a `\r` alone. */
  readonly slices: readonly FileSlice[];
  readonly options: ReadOptions;
  /** There are such lines. */
  readonly hasBareReturns?: true;
}

export interface FileSlice extends Slice {
  /** Absent where nothing in the document concerns an egress router. The same for the same text. */
  readonly content?: SliceContent;
}

export interface ReadOptions {
  /** What holds where a document does not say otherwise. */
  readonly reconciler: Reconciler;
}

type ReadSlice = (text: string, options: ReadOptions) => SliceContent | undefined;

/**
 * Reads a file, taking over what `previous` knows of documents whose text is the same: only a document that
 * has changed is parsed and checked, wherever the others have moved.
 *
 * @param read what reads a document
 */
export function readYamlFile(
  text: string,
  previous?: YamlFile,
  options: ReadOptions = previous?.options ?? { reconciler: 'unknown' },
  read: ReadSlice = readContent,
): YamlFile {
  const isSame = previous?.options.reconciler === options.reconciler;
  const slices = readSlices(toSlices(withLineFeeds(text)), isSame ? previous.slices : [], options, read);
  return { text, slices, options, ...(hasBareReturns(text) ? { hasBareReturns: true } : {}) };
}

/** What `readYamlFile` gives, for no more work than the documents around the change need. */
export function changeYamlFile(previous: YamlFile, text: SlicedText, change: TextChange): YamlFile {
  const { options, slices } = previous;
  const { start } = change.before;
  // One character beside it may have become another line end, or a part of one.
  if (previous.hasBareReturns === true || hasBareReturns(text.slice(Math.max(0, start - 1), change.end + 2)))
    return readYamlFile(text.slice(0, text.length), previous);
  const { head, cut, tail } = recut(slices, text, change);
  const tailStart = slices.length - tail;
  const read = readSlices(cut, slices.slice(head, tailStart), options, readContent);
  const shift = change.end - change.before.end;
  const moved = slices.slice(tailStart).map((slice) => movedTo(slice, slice.start + shift));
  return joinedLater([...slices.slice(0, head), ...read, ...moved], options);
}

/** Few ask for the whole text, and after most keystrokes nobody does. */
function joinedLater(slices: readonly FileSlice[], options: ReadOptions): YamlFile {
  let joined: string | undefined;
  return {
    get text() {
      joined ??= slices.map(({ text }) => text).join('');
      return joined;
    },
    slices,
    options,
  };
}

function readSlices(
  slices: readonly Slice[],
  previous: readonly FileSlice[],
  options: ReadOptions,
  read: ReadSlice,
): readonly FileSlice[] {
  // As of most files of a folder: there is no document that this one could be the same as.
  if (slices.length === 1 && previous.length === 0)
    return slices.map((slice) => readSlice(slice, options, read));
  const known = new Map<string, FileSlice>(previous.map((slice) => [slice.text, slice]));
  return slices.map(({ text, start }): FileSlice => {
    const same = known.get(text);
    if (same !== undefined) return movedTo(same, start);
    const own = previous.length === 0 ? text : detached(text);
    const fresh = readSlice({ text: own, start }, options, read);
    known.set(text, fresh);
    return fresh;
  });
}

function readSlice({ text, start }: Slice, options: ReadOptions, read: ReadSlice): FileSlice {
  const content = read(text, options);
  return content === undefined ? { text, start } : { text, start, content };
}

function movedTo(slice: FileSlice, start: number): FileSlice {
  const { text, content } = slice;
  if (slice.start === start) return slice;
  return content === undefined ? { text, start } : { text, start, content };
}

/**
 * A part of a string keeps the whole string in memory. That is none lost for the first text of a file, of which
 * all is kept; but one document each of many later texts would keep them all.
 */
function detached(text: string): string {
  return ` ${text}`.slice(1);
}
