import { isJsonObject, type JsonSchema } from '#core/schema/json-schema.ts';
import { valueAt } from '../../objects.ts';
import type { Parsed } from '../../yaml/parsed.ts';
import type { Place } from '../../yaml/path-at.ts';
import { schemaMarkdown } from '../hover/field-markdown.ts';
import type { Completion } from './completion-item.ts';
import { followSchema } from './follow-schema.ts';
import { canStand, innerIndent, keyText, type PathInObject, withoutWord } from './key-completion.ts';

/** Keys and values that follow from a schema alone. */
export function schemaCompletions(
  parsed: Parsed,
  place: Place,
  at: PathInObject,
  schema: JsonSchema,
): readonly Completion[] {
  return place.kind === 'key' ? keysOf(parsed, place, at, schema) : valuesOf(place, at, schema);
}

function keysOf(
  parsed: Parsed,
  place: Place,
  { root, path }: PathInObject,
  schema: JsonSchema,
): readonly Completion[] {
  const parent = path.slice(0, -1);
  const sound = withoutWord(parsed, place);
  const fields = followSchema(schema, parent)?.properties;
  if (sound === undefined || fields === undefined) return [];
  const present = valueAt(sound.value, [...root, ...parent]);
  const isNewEntry = typeof parent.at(-1) === 'number' && !isJsonObject(present);
  if (place.missing && !place.flow && !isNewEntry && !canStand(sound, place)) return [];
  const own = place.missing ? undefined : path.at(-1);
  return Object.entries(fields)
    .filter(([key]) => key === own || !(isJsonObject(present) && Object.hasOwn(present, key)))
    .map(([key, field]) => ({
      label: key,
      kind: 'field',
      documentation: schemaMarkdown(key, field),
      ...inLines(
        keyText(parsed.text, place, key, undefined),
        key,
        field,
        innerIndent(parsed.text, place.span),
      ),
      ...(wordsOf(field).length > 0 ? { hasValues: true as const } : {}),
    }));
}

/** What holds others goes on in the next line. */
function inLines(
  text: Pick<Completion, 'span' | 'snippet' | 'plain'>,
  key: string,
  { type }: JsonSchema,
  indent: string,
): Pick<Completion, 'span' | 'snippet' | 'plain'> {
  if (text.snippet !== `${key}: ` || (type !== 'object' && type !== 'array')) return text;
  return { ...text, snippet: `${key}:\n${indent}  ${type === 'array' ? '- ' : ''}`, plain: `${key}:` };
}

function valuesOf(
  { span, quoted }: Place,
  { path }: PathInObject,
  schema: JsonSchema,
): readonly Completion[] {
  const field = followSchema(schema, path);
  // In quotes they would be text.
  if (field === undefined || (quoted && field.type === 'boolean')) return [];
  return wordsOf(field).map((label) => ({
    label,
    kind: 'value',
    documentation: field.description ?? '',
    span,
    snippet: label,
  }));
}

function wordsOf({ type, enum: words, const: only }: JsonSchema): readonly string[] {
  if (type === 'boolean') return ['true', 'false'];
  return (words ?? [only]).filter((word) => typeof word === 'string');
}
