import type { Path } from '#core/problem.ts';
import type { JsonSchema } from './json-schema.ts';
import { nearestWord } from './nearest-word.ts';

/** How messages name the value at a path. */
export function subject(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'The document';
  return typeof last === 'string' ? `"${last}"` : `Entry ${last + 1} of "${path.at(-2) ?? 'the list'}"`;
}

export function named(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'object':
      return 'an object';
    case 'string':
      return `the string ${JSON.stringify(value)}`;
    case 'number':
      // What is read of it has not the digits that a person has written.
      if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return 'a number as large as this';
      return Number.isNaN(value) ? 'no number at all' : JSON.stringify(value);
    default:
      return JSON.stringify(value);
  }
}

export function range(low: number | undefined, high: number | undefined): string {
  if (low === undefined) return `at most ${high}`;
  return high === undefined ? `at least ${low}` : `from ${low} to ${high}`;
}

export function typeMessage(schema: JsonSchema, value: unknown, path: Path): string {
  const wish = schema.type === undefined ? 'a whole number or a string' : article[schema.type];
  return `${subject(path)} must be ${wish}, not ${named(value)}.`;
}

const article = {
  object: 'an object',
  array: 'a list',
  string: 'a string',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
} as const;

export function lengthMessage(schema: JsonSchema, value: unknown, path: Path): string {
  return Array.isArray(value)
    ? `${subject(path)} must have ${range(schema.minItems, schema.maxItems)} entries.`
    : `${subject(path)} must be ${range(schema.minLength, schema.maxLength)} long.`;
}

export function formatMessage(formats: readonly string[], value: unknown, path: Path): string {
  const wish = formats.map((format) => formatNames[format] ?? `a ${format}`).join(' or ');
  return `${subject(path)} must be ${wish}; ${JSON.stringify(value)} is not.`;
}

const formatNames: Readonly<Record<string, string>> = {
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  'date-time': 'a date and time such as 2026-01-31T12:00:00Z',
};

export function missingMessage(key: string, path: Path): string {
  return `${subject(path)} needs "${key}".`;
}

/** `path` is that of the unknown field. */
export function unknownMessage(schema: JsonSchema, key: string, path: Path): string {
  const owner = path.length === 1 ? 'the document' : subject(path.slice(0, -1)).replace(/^E/, 'e');
  const near = nearestWord(key, Object.keys(schema.properties ?? {}));
  const guess = near === undefined ? '' : ` Did you mean "${near}"?`;
  return `${subject(path)} is not a field of ${owner}.${guess}`;
}
