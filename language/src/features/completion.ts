import { nothingAround, type Surroundings } from '#core/egress-router/candidate.ts';
import type { FileSlice, YamlFile } from '../document.ts';
import { mayBecomeEgressRouter } from '../is-egress-router.ts';
import { objectAt } from '../objects.ts';
import { type Parsed, parseSlice } from '../parsed.ts';
import { pathAt } from '../path-at.ts';
import { sliceAt } from '../slices.ts';
import { moved, type Span } from '../span.ts';
import { keysAt } from './key-completion.ts';
import { manifestSkeletons } from './skeleton.ts';
import { valuesAt } from './value-completion.ts';

export interface Completion {
  readonly label: string;
  readonly kind: 'field' | 'value' | 'manifest';
  /** Markdown. */
  readonly documentation: string;
  /** The text that gives way. */
  readonly span: Span;
  /** In the snippet syntax of the Language Server Protocol. */
  readonly snippet: string;
  /** What to write where snippets are not understood; absent where it is the snippet with its examples. */
  readonly plain?: string;
  /** Once it has been taken, there are values to choose from. */
  readonly hasValues?: true;
}

/**
 * What could be written at the cursor, best first. All of it comes from our own schema and from what is known
 * around the document, so an answer takes no longer than reading the document under the cursor.
 */
export function completionsAt(
  file: YamlFile,
  offset: number,
  surroundings: Surroundings = nothingAround,
): readonly Completion[] {
  const slice = sliceAt(file.slices, offset);
  if (slice === undefined) return [];
  const inSlice = offset - slice.start;
  const completions = manifestsAt(slice.text, inSlice) ?? inDocument(slice, inSlice, surroundings);
  return completions.map((one) => ({ ...one, span: moved(one.span, slice.start) }));
}

/** Whole manifests, where the document holds nothing but, perhaps, the beginning of a word. */
function manifestsAt(text: string, offset: number): readonly Completion[] | undefined {
  const word = /(?<=^|\n|^\uFEFF)[\w-]*$/.exec(text.slice(0, offset))?.[0];
  if (word === undefined || word.startsWith('--')) return undefined;
  const rest = text.slice(0, offset - word.length) + text.slice(offset);
  if (!/^\uFEFF?(\s*(#.*|%.*|---|\.\.\.)?(\r?\n|$))*$/.test(rest)) return undefined;
  const span = { start: offset - word.length, end: offset };
  return manifestSkeletons.map(({ label, description, text: snippet }) => ({
    label,
    kind: 'manifest',
    documentation: `${description}.`,
    span,
    snippet,
  }));
}

function inDocument(slice: FileSlice, offset: number, surroundings: Surroundings): readonly Completion[] {
  const parsed = slice.content?.source.parsed() ?? beginning(slice.text);
  const place = parsed === undefined ? undefined : pathAt(parsed, offset);
  if (parsed === undefined || place === undefined) return [];
  // The document may not be a router yet.
  const found =
    slice.content === undefined
      ? { object: { kind: 'router', root: [] } as const, path: place.path }
      : objectAt(slice.content.objects, place.path);
  if (found?.object.kind !== 'router') return [];
  const at = { root: found.object.root, path: found.path };
  return place.kind === 'key' ? keysAt(parsed, place, at) : valuesAt(parsed, place, at, surroundings);
}

/** A manifest of which the cursor may well be in the `kind`. */
function beginning(text: string): Parsed | undefined {
  if (text.length > 2000 || !/EgressRouter|network\.operator\.openshift\.io/.test(text)) return undefined;
  const parsed = parseSlice(text);
  return mayBecomeEgressRouter(parsed) ? parsed : undefined;
}
