import type { Path, Problem } from '#core/problem.ts';
import { matchesFormat } from './format.ts';
import { isJsonObject, type JsonObject, type JsonSchema, jsonEqual } from './json-schema.ts';
import { nearestWord } from './nearest-word.ts';

export type SchemaProblemCode =
  | 'wrong-type'
  | 'missing-field'
  | 'unknown-field'
  | 'not-in-enum'
  | 'out-of-range'
  | 'wrong-length'
  | 'pattern-mismatch'
  | 'wrong-format'
  | 'no-variant';

/**
 * Every way in which `value` breaks `schema`. Fields that the schema does not list are faults only where it
 * says `additionalProperties: false`. Values are JSON: no cycles, no `undefined`.
 */
export function validate(schema: JsonSchema, value: unknown, path: Path = []): Problem<SchemaProblemCode>[] {
  if (value === null && schema.nullable === true) return [];
  const typeProblem = checkType(schema, value, path);
  if (typeProblem !== undefined) return [typeProblem];
  return [
    ...checkEnum(schema, value, path),
    ...(typeof value === 'string' ? checkString(schema, value, path) : []),
    ...(typeof value === 'number' ? checkNumber(schema, value, path) : []),
    ...(Array.isArray(value) ? checkArray(schema, value, path) : []),
    ...(isJsonObject(value) ? checkObject(schema, value, path) : []),
    ...checkVariants(schema, value, path),
  ];
}

function fault(code: SchemaProblemCode, path: Path, message: string): Problem<SchemaProblemCode> {
  return { code, severity: 'error', path, message };
}

function checkType(schema: JsonSchema, value: unknown, path: Path): Problem<SchemaProblemCode> | undefined {
  if (schema['x-kubernetes-int-or-string'] === true) {
    return Number.isInteger(value) || typeof value === 'string'
      ? undefined
      : fault(
          'wrong-type',
          path,
          `${subject(path)} must be a whole number or a string, not ${named(value)}.`,
        );
  }
  if (schema.type === undefined || isOfType(schema.type, value)) return undefined;
  return fault('wrong-type', path, `${subject(path)} must be ${article[schema.type]}, not ${named(value)}.`);
}

function isOfType(type: NonNullable<JsonSchema['type']>, value: unknown): boolean {
  switch (type) {
    case 'object':
      return isJsonObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'string':
    case 'boolean':
      return typeof value === type;
  }
}

const article = {
  object: 'an object',
  array: 'a list',
  string: 'a string',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
} as const;

function named(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'object':
      return 'an object';
    case 'string':
      return `the string ${JSON.stringify(value)}`;
    default:
      return JSON.stringify(value);
  }
}

function subject(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'The document';
  return typeof last === 'string' ? `"${last}"` : `Entry ${last + 1} of "${path.at(-2) ?? 'the list'}"`;
}

function checkEnum(schema: JsonSchema, value: unknown, path: Path): Problem<SchemaProblemCode>[] {
  const allowed = schema.const === undefined ? schema.enum : [schema.const];
  if (allowed === undefined || allowed.some((one) => jsonEqual(one, value))) return [];
  const list = allowed.map((one) => String(one)).join(', ');
  const wish = allowed.length === 1 ? list : `one of ${list}`;
  return [fault('not-in-enum', path, `${subject(path)} must be ${wish}, not ${named(value)}.`)];
}

function checkString(schema: JsonSchema, value: string, path: Path): Problem<SchemaProblemCode>[] {
  const problems: Problem<SchemaProblemCode>[] = [];
  const length = value.match(/./gsu)?.length ?? 0; // code points, as the API server counts
  if (length < (schema.minLength ?? 0) || length > (schema.maxLength ?? Number.POSITIVE_INFINITY)) {
    problems.push(
      fault(
        'wrong-length',
        path,
        `${subject(path)} must be ${range(schema.minLength, schema.maxLength)} long.`,
      ),
    );
  }
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)) {
    problems.push(fault('pattern-mismatch', path, `${subject(path)} must match ${schema.pattern}.`));
  }
  if (schema.format !== undefined && !matchesFormat(schema.format, value)) {
    problems.push(wrongFormat([schema.format], value, path));
  }
  return problems;
}

function wrongFormat(formats: readonly string[], value: unknown, path: Path): Problem<SchemaProblemCode> {
  const wish = formats.map((format) => formatNames[format] ?? `a ${format}`).join(' or ');
  return fault('wrong-format', path, `${subject(path)} must be ${wish}; ${JSON.stringify(value)} is not.`);
}

const formatNames: Readonly<Record<string, string>> = {
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  'date-time': 'a date and time such as 2026-01-31T12:00:00Z',
};

function checkNumber(schema: JsonSchema, value: number, path: Path): Problem<SchemaProblemCode>[] {
  const low = schema.minimum ?? Number.NEGATIVE_INFINITY;
  const high = schema.maximum ?? Number.POSITIVE_INFINITY;
  return value >= low && value <= high
    ? []
    : [
        fault(
          'out-of-range',
          path,
          `${subject(path)} must be ${range(schema.minimum, schema.maximum)}, not ${value}.`,
        ),
      ];
}

function range(low: number | undefined, high: number | undefined): string {
  if (low === undefined) return `at most ${high}`;
  return high === undefined ? `at least ${low}` : `from ${low} to ${high}`;
}

function checkArray(schema: JsonSchema, value: readonly unknown[], path: Path): Problem<SchemaProblemCode>[] {
  const problems: Problem<SchemaProblemCode>[] = [];
  if (value.length < (schema.minItems ?? 0) || value.length > (schema.maxItems ?? Number.POSITIVE_INFINITY)) {
    problems.push(
      fault(
        'wrong-length',
        path,
        `${subject(path)} must have ${range(schema.minItems, schema.maxItems)} entries.`,
      ),
    );
  }
  const { items } = schema;
  if (items === undefined) return problems;
  return [...problems, ...value.flatMap((item, index) => validate(items, item, [...path, index]))];
}

function checkObject(schema: JsonSchema, value: JsonObject, path: Path): Problem<SchemaProblemCode>[] {
  const missing = (schema.required ?? [])
    .filter((key) => !Object.hasOwn(value, key))
    .map((key) => fault('missing-field', path, `${subject(path)} needs "${key}".`));
  const inner = Object.entries(value).flatMap(([key, item]) => {
    const known = Object.hasOwn(schema.properties ?? {}, key) ? schema.properties?.[key] : undefined;
    if (known !== undefined) return validate(known, item, [...path, key]);
    const { additionalProperties } = schema;
    if (additionalProperties === false) {
      const owner = path.length === 0 ? 'the document' : subject(path);
      const near = nearestWord(key, Object.keys(schema.properties ?? {}));
      const guess = near === undefined ? '' : ` Did you mean "${near}"?`;
      const message = `${subject([...path, key])} is not a field of ${owner}.${guess}`;
      return [{ ...fault('unknown-field', [...path, key], message), at: 'key' as const }];
    }
    return typeof additionalProperties === 'object'
      ? validate(additionalProperties, item, [...path, key])
      : [];
  });
  return [...missing, ...inner];
}

function checkVariants(schema: JsonSchema, value: unknown, path: Path): Problem<SchemaProblemCode>[] {
  const problems = (schema.allOf ?? []).flatMap((part) => validate(part, value, path));
  for (const variants of [schema.oneOf, schema.anyOf]) {
    if (variants !== undefined)
      problems.push(...checkOneOrMore(variants, value, path, variants === schema.oneOf));
  }
  if (schema.not !== undefined && validate(schema.not, value, path).length === 0) {
    problems.push(fault('no-variant', path, `${subject(path)} has a combination that is not allowed.`));
  }
  return problems;
}

function checkOneOrMore(
  variants: readonly JsonSchema[],
  value: unknown,
  path: Path,
  isExclusive: boolean,
): Problem<SchemaProblemCode>[] {
  const verdicts = variants.map((variant) => validate(variant, value, path));
  const matches = verdicts.filter((verdict) => verdict.length === 0).length;
  if (matches === 1 || (matches > 1 && !isExclusive)) return [];
  const [only] = verdicts;
  if (verdicts.length === 1 && only !== undefined) return only;
  const formats = variants.flatMap((variant) => variant.format ?? []);
  if (formats.length === variants.length) return [wrongFormat(formats, value, path)];
  return [
    fault(
      'no-variant',
      path,
      `${subject(path)} must match ${isExclusive ? 'exactly' : 'at least'} one of the allowed forms.`,
    ),
  ];
}
