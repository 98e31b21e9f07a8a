import { type Candidate, candidatesFor, candidateText } from '#core/egress-router/candidates.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { egressRouterSchema } from '#core/egress-router/schema.generated.ts';
import type { Path } from '#core/problem.ts';
import { isJsonObject, type JsonSchema } from '#core/schema/json-schema.ts';
import type { BaseCompletion, BaseService } from '../base-service.ts';
import type { FileSlice, YamlFile } from '../document.ts';
import { mayBecomeEgressRouter } from '../is-egress-router.ts';
import { objectAt, valueAt } from '../objects.ts';
import { type Parsed, parseSlice } from '../parsed.ts';
import { type Place, pathAt } from '../path-at.ts';
import { sliceAt } from '../slices.ts';
import { moved, type Span } from '../span.ts';
import { fieldMarkdown } from './field-markdown.ts';
import { manifestSkeleton } from './skeleton.ts';

export interface Completion {
  readonly label: string;
  readonly kind: 'field' | 'value' | 'manifest';
  /** Markdown. */
  readonly documentation: string;
  /** The text that gives way. */
  readonly span: Span;
  /** In the snippet syntax of the Language Server Protocol. */
  readonly snippet: string;
}

/** What could be written at the cursor, best first. */
export async function completionsAt(
  file: YamlFile,
  offset: number,
  base: BaseService,
): Promise<readonly Completion[]> {
  const slice = sliceAt(file.slices, offset);
  if (slice === undefined) return [];
  const inSlice = offset - slice.start;
  const skeleton = skeletonAt(slice.text, inSlice);
  const completions = skeleton === undefined ? await inRouter(slice, inSlice, base) : [skeleton];
  return completions.map((one) => ({ ...one, span: moved(one.span, slice.start) }));
}

/** A whole manifest, where the document holds nothing but, perhaps, the beginning of a word. */
function skeletonAt(text: string, offset: number): Completion | undefined {
  const word = /(?<=^|\n)\w*$/.exec(text.slice(0, offset))?.[0];
  if (word === undefined) return undefined;
  const rest = text.slice(0, offset - word.length) + text.slice(offset);
  if (!/^\uFEFF?(\s*(#.*|%.*|---|\.\.\.)?(\r?\n|$))*$/.test(rest)) return undefined;
  return {
    label: 'EgressRouter',
    kind: 'manifest',
    documentation: 'A router with one reserved address that redirects one port.',
    span: { start: offset - word.length, end: offset },
    snippet: manifestSkeleton,
  };
}

async function inRouter(slice: FileSlice, offset: number, base: BaseService): Promise<readonly Completion[]> {
  const parsed = slice.content?.source.parsed() ?? beginning(slice.text);
  const place = parsed === undefined ? undefined : pathAt(parsed, offset);
  if (parsed === undefined || place === undefined) return [];
  // The document may not be a router yet.
  const found =
    slice.content === undefined
      ? { object: { root: [] }, path: place.path }
      : objectAt(slice.content.objects, place.path);
  if (found === undefined) return [];
  const {
    object: { root },
    path,
  } = found;
  return place.kind === 'key'
    ? keysAt(parsed, place, { root, path }, offset, base)
    : valuesAt(parsed, place, { root, path });
}

/** A path that counts from the root of its object, and where that stands in the document. */
interface PathInObject {
  readonly root: Path;
  readonly path: Path;
}

/** A manifest of which the cursor may well be in the `kind`. */
function beginning(text: string): Parsed | undefined {
  if (text.length > 2000 || !/EgressRouter|network\.operator\.openshift\.io/.test(text)) return undefined;
  const parsed = parseSlice(text);
  return mayBecomeEgressRouter(parsed) ? parsed : undefined;
}

async function keysAt(
  parsed: Parsed,
  place: Place,
  { root, path }: PathInObject,
  offset: number,
  base: BaseService,
): Promise<readonly Completion[]> {
  const parent = path.slice(0, -1);
  // The service knows whole documents only.
  if (place.flow || root.length > 0) return keysOfSchema(parsed, place, { root, path: parent });
  // A word that is no key yet breaks the lines around it, so the service never sees it.
  const { start, end } = place.missing ? place.span : { start: offset, end: offset };
  const offered = await base.complete(parsed.masked.slice(0, start) + parsed.masked.slice(end), start);
  return offered
    .filter(({ label, isKey }) => isKey && !(parent.length === 0 && label === 'status'))
    .map((item) => ({
      label: item.label,
      kind: 'field',
      documentation: fieldMarkdown([...parent, item.label]) ?? item.documentation,
      span: place.missing ? place.span : item.span,
      snippet: tidied(item),
    }));
}

/** The service offers 0 for a number without a default, which no port may be. */
function tidied({ snippet }: BaseCompletion): string {
  return snippet.replace(/\$\{1:0\}$/, '');
}

/** In flow collections, so in all of JSON, the service offers nothing. */
function keysOfSchema(
  parsed: Parsed,
  place: Place,
  { root, path: parent }: PathInObject,
): readonly Completion[] {
  const present = valueAt(parsed.value, [...root, ...parent]);
  const schema = schemaAt(parent);
  return Object.entries(schema?.properties ?? {})
    .filter(([key]) => !(isJsonObject(present) && Object.hasOwn(present, key)))
    .filter(([key]) => !(parent.length === 0 && key === 'status'))
    .map(([key, property]) => ({
      label: key,
      kind: 'field',
      documentation: fieldMarkdown([...parent, key]) ?? property.description ?? '',
      span: place.span,
      snippet: place.quoted ? key : place.flow ? `"${key}": ` : `${key}: `,
    }));
}

function schemaAt(path: Path): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>(
    (schema, step) => (typeof step === 'number' ? schema?.items : schema?.properties?.[step]),
    egressRouterSchema,
  );
}

function valuesAt(parsed: Parsed, place: Place, { root, path }: PathInObject): readonly Completion[] {
  const { reading } = parseRouter(valueAt(parsed.value, root));
  const needsQuotes = place.flow && !place.quoted;
  return candidatesFor(path, reading).map((candidate) => ({
    label: candidateText(candidate),
    kind: 'value',
    documentation: candidate.note,
    span: place.span,
    snippet: needsQuotes ? `"${toSnippet(candidate)}"` : toSnippet(candidate),
  }));
}

function toSnippet({ parts }: Candidate): string {
  let stop = 0;
  return parts
    .map((part) => {
      if (typeof part === 'string') return escaped(part);
      stop += 1;
      return `\${${stop}:${escaped(part.placeholder)}}`;
    })
    .join('');
}

function escaped(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}
