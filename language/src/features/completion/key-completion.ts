import type { Surroundings } from '#core/egress-router/candidates/candidate.ts';
import { candidatesFor } from '#core/egress-router/candidates/candidates.ts';
import { type Skeleton, skeletonOf } from '#core/egress-router/candidates/skeletons.ts';
import { keysOf } from '#core/egress-router/docs.ts';
import { optionKeys } from '#core/egress-router/option-docs.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import type { Path } from '#core/problem.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { valueAt } from '../../objects.ts';
import type { Span } from '../../text/span.ts';
import { type Parsed, tryParse } from '../../yaml/parsed.ts';
import { type Place, pathAt } from '../../yaml/path-at.ts';
import { fieldMarkdown, optionMarkdown } from '../hover/field-markdown.ts';
import type { Completion } from './completion-item.ts';
import { schemaAt } from './schema-at.ts';
import { blockSnippet, entrySnippet, flowSnippet } from './skeleton-text.ts';

/** A path that counts from the root of its object, and where that stands in the document. */
export interface PathInObject {
  readonly root: Path;
  readonly path: Path;
}

/** The keys that could stand at a place, in the order people write them. */
export function keysAt(
  parsed: Parsed,
  place: Place,
  { root, path }: PathInObject,
  surroundings: Surroundings,
): readonly Completion[] {
  const parent = path.slice(0, -1);
  const sound = withoutWord(parsed, place);
  if (sound === undefined) return [];
  const value = valueAt(sound.value, root);
  const manifest = { value, reading: parseRouter(value).reading };
  const present = valueAt(value, parent);
  const schema = schemaAt(parent);
  if (schema === undefined) return [];
  if (schema.type === 'array') return place.flow ? [] : entryOf(parsed, place, parent, '- ', surroundings);
  const isNewEntry = typeof parent.at(-1) === 'number' && !isJsonObject(present) && !place.flow;
  const isNewLine = place.missing && !place.flow && !isNewEntry;
  const list = isNewLine ? listAt(sound, place, root) : undefined;
  const entries = list === undefined ? [] : entryOf(parsed, place, list, '- ', surroundings);
  if (isNewLine && !canStand(sound, place)) return entries;
  const own = place.missing ? undefined : path.at(-1);
  const isAnnotations = parent.join('.') === 'metadata.annotations';
  const keys = [...keysOf(parent), ...(isAnnotations ? optionKeys() : [])]
    .filter((key) => !(isJsonObject(present) && key !== own && Object.hasOwn(present, key)))
    .map((key): Completion => {
      const field = [...parent, key];
      const skeleton = skeletonOf(field, surroundings);
      const hasValues = skeleton === undefined && candidatesFor(field, manifest, surroundings).length > 0;
      return {
        label: key,
        kind: 'field',
        documentation: fieldMarkdown(field) ?? optionMarkdown(field) ?? '',
        ...keyText(parsed.text, place, key, skeleton),
        ...(hasValues ? { hasValues } : {}),
      };
    });
  return [...(isNewEntry ? entryOf(parsed, place, parent, '', surroundings) : entries), ...keys];
}

/** A word that is no key yet breaks the lines around it. */
export function withoutWord(parsed: Parsed, { span, missing }: Place): Parsed | undefined {
  const { text } = parsed;
  return missing && (parsed.faults.length > 0 || span.end > span.start)
    ? tryParse(text.slice(0, span.start) + text.slice(span.end))
    : parsed;
}

/** The entry of a list that a new line would begin with a dash, as a path of the object. */
export function newEntryAt(parsed: Parsed, place: Place, root: Path): Path | undefined {
  const sound = place.missing && !place.flow ? withoutWord(parsed, place) : undefined;
  return sound && listAt(sound, place, root);
}

/** The entry that a dash would begin in the column of the cursor, as a path of the object. */
function listAt(sound: Parsed, place: Place, root: Path): Path | undefined {
  const tried = fits(sound, place, '- x: x');
  const entry = tried && pathAt(tried, place.span.start + 3)?.path.slice(root.length, -1);
  return typeof entry?.at(-1) === 'number' ? entry : undefined;
}

/** Whether a key can stand in the column of the cursor. */
export function canStand(sound: Parsed, place: Place): boolean {
  return fits(sound, place, 'x: x') !== undefined;
}

/** The document with some text in the place of the word; undefined where that breaks more than is broken. */
function fits(sound: Parsed, { span }: Place, inserted: string): Parsed | undefined {
  const { text, faults } = sound;
  const tried = tryParse(text.slice(0, span.start) + inserted + text.slice(span.start));
  return tried === undefined || tried.faults.length > faults.length ? undefined : tried;
}

/** A whole entry of a list, with the keys that it must have. */
function entryOf(
  parsed: Parsed,
  place: Place,
  path: Path,
  dash: '- ' | '',
  surroundings: Surroundings,
): readonly Completion[] {
  const entry = typeof path.at(-1) === 'number' ? path : [...path, 0];
  const skeleton = skeletonOf(entry, surroundings);
  if (skeleton?.kind !== 'object') return [];
  const indent = innerIndent(parsed.text, place.span) + ' '.repeat(dash.length);
  return [
    {
      label: skeleton.fields.map(([key]) => key).join(', '),
      kind: 'field',
      documentation: `A whole entry. ${schemaAt(entry)?.description ?? ''}`.trim(),
      span: place.span,
      snippet: dash + entrySnippet(skeleton, indent),
      plain: `${dash}${skeleton.fields[0]?.[0] ?? ''}: `,
    },
  ];
}

/** What a key is to be written as, in the style of its place. */
export function keyText(
  text: string,
  place: Place,
  key: string,
  skeleton: Skeleton | undefined,
): Pick<Completion, 'span' | 'snippet' | 'plain'> {
  const { span, flow, quoted } = place;
  const after = text.slice(span.end);
  // The key has its value already: only its name changes.
  if (/^["']?[ \t]*:/.test(after)) return { span, snippet: key };
  if (!flow) {
    const isNested = skeleton?.kind === 'object' || skeleton?.kind === 'list';
    return {
      span,
      snippet: blockSnippet(key, skeleton, innerIndent(text, span)),
      ...(isNested ? { plain: `${key}:` } : {}),
    };
  }
  const value = skeleton === undefined ? '' : flowSnippet(skeleton);
  if (!quoted) return { span, snippet: `"${key}": ${value}`, plain: `"${key}": ` };
  // The quote behind the cursor goes with the word: it would stand behind the value.
  const end = /^["']/.test(after) ? span.end + 1 : span.end;
  const quote = text[span.start - 1] ?? '"';
  return { span: { start: span.start, end }, snippet: `${key}${quote}: ${value}`, plain: `${key}${quote}: ` };
}

/** Editors repeat the blanks that the line begins with, but not the dash of a list entry. */
export function innerIndent(text: string, { start }: Span): string {
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  return ' '.repeat(line.length - (/^ */.exec(line)?.[0].length ?? 0));
}
