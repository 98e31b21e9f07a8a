import type { Reconciler } from '#core/egress-router/reconciler.ts';
import { readContent, type SliceContent } from './slice-content.ts';
import { type Slice, toSlices } from './slices.ts';

/** A file of YAML documents (JSON is YAML too), of which those that concern egress routers have been read. */
export interface YamlFile {
  readonly text: string;
  readonly slices: readonly FileSlice[];
  readonly options: ReadOptions;
}

export interface FileSlice extends Slice {
  /** Absent where nothing in the document concerns an egress router. The same for the same text. */
  readonly content?: SliceContent;
}

export interface ReadOptions {
  /** What holds where a document does not say otherwise. */
  readonly reconciler: Reconciler;
}

/**
 * Reads a file, taking over what `previous` knows of documents whose text is the same: only a document that
 * has changed is parsed and checked, wherever the others have moved.
 */
export function readYamlFile(
  text: string,
  previous?: YamlFile,
  options: ReadOptions = previous?.options ?? { reconciler: 'unknown' },
): YamlFile {
  const isSame = previous?.options.reconciler === options.reconciler;
  const known = new Map<string, SliceContent | undefined>(
    isSame ? previous.slices.map((slice) => [slice.text, slice.content]) : [],
  );
  const slices = toSlices(text).map((slice): FileSlice => {
    if (!known.has(slice.text)) known.set(slice.text, readContent(slice.text, options));
    const content = known.get(slice.text);
    return content === undefined ? slice : { ...slice, content };
  });
  return { text, slices, options };
}
