import { type ParsedRouter, parseRouter } from '#core/egress-router/parse.ts';
import { type Diagnostic, toDiagnostics } from './features/diagnostics.ts';
import { isEgressRouter, mayHoldEgressRouter } from './is-egress-router.ts';
import { type Parsed, parseSlice } from './parsed.ts';
import { type Slice, toSlices } from './slices.ts';

/** A file of YAML documents, of which those that are egress routers have been read. */
export interface YamlFile {
  readonly text: string;
  readonly slices: readonly FileSlice[];
}

export interface FileSlice extends Slice {
  /** Absent where the document is anything but an EgressRouter. */
  readonly router?: RouterSlice;
}

/** All that is known of one EgressRouter document; offsets count from the start of its slice. */
export interface RouterSlice extends ParsedRouter {
  readonly parsed: Parsed;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a file, taking over what `previous` knows of documents whose text is the same: only a document that
 * has changed is parsed and checked, wherever the others have moved.
 */
export function readYamlFile(text: string, previous?: YamlFile): YamlFile {
  const known = new Map<string, RouterSlice | undefined>(
    previous?.slices.map((slice) => [slice.text, slice.router]),
  );
  const slices = toSlices(text).map((slice): FileSlice => {
    if (!known.has(slice.text)) known.set(slice.text, readSlice(slice.text));
    const router = known.get(slice.text);
    return router === undefined ? slice : { ...slice, router };
  });
  return { text, slices };
}

function readSlice(text: string): RouterSlice | undefined {
  if (!mayHoldEgressRouter(text)) return undefined;
  const parsed = parseSlice(text);
  if (!isEgressRouter(parsed)) return undefined;
  const read = parseRouter(parsed.value);
  return { ...read, parsed, diagnostics: toDiagnostics(parsed, read) };
}
