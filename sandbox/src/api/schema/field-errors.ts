import type { Path } from '#core/problem.ts';
import { isJsonObject, type JsonSchema, jsonEqual } from '#core/schema/json-schema.ts';
import { type SchemaProblemCode, validate } from '#core/schema/validate.ts';
import {
  duplicate,
  type FieldError,
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
  typeInvalid,
} from '../field-error.ts';
import { childSchema } from './walk.ts';

/** What breaks the schema, each fault worded as the API server words it for custom resources. */
export function schemaErrors(schema: JsonSchema, value: unknown): readonly FieldError[] {
  const problems = validate(schema, value);
  const told = new Set<string>();
  const errors = problems.flatMap(({ code, path, message }) => {
    const key = `${code} ${fieldOf(path)}`;
    if (told.has(key)) return [];
    told.add(key);
    return errorsFor(code, path, message, nodeAt(schema, path), itemAt(value, path));
  });
  return [...errors.toSorted(byRank), ...repeatedItems(schema, value, [])];
}

/** In the API server's order: wrong types, then the rest by field, then what is missing. */
function byRank(a: FieldError, b: FieldError): number {
  const rank = ({ reason }: FieldError): number =>
    reason === 'FieldValueTypeInvalid' ? 0 : reason === 'FieldValueRequired' ? 2 : 1;
  return rank(a) - rank(b) || (a.field < b.field ? -1 : a.field > b.field ? 1 : 0);
}

/** `spec.ports[0].port`, as errors name a field. */
export function fieldOf(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

function errorsFor(
  code: SchemaProblemCode,
  path: Path,
  message: string,
  schema: JsonSchema | undefined,
  value: unknown,
): readonly FieldError[] {
  const field = fieldOf(path);
  const bare = (detail: string): FieldError => invalid(field, value, `${field} in body ${detail}`);
  switch (code) {
    case 'missing-field':
      return (schema?.required ?? [])
        .filter((key) => !isJsonObject(value) || !Object.hasOwn(value, key))
        .map((key) => required(field === '' ? key : `${field}.${key}`));
    case 'wrong-type': {
      const wanted =
        schema?.['x-kubernetes-int-or-string'] === true ? 'integer,string' : (schema?.type ?? 'object');
      const found = typeName(value);
      return [typeInvalid(field, found, `${field} in body must be of type ${wanted}: "${found}"`)];
    }
    case 'not-in-enum':
      return [notSupported(field, value, schema?.enum ?? [])];
    case 'out-of-range':
      return typeof value === 'number' && schema?.minimum !== undefined && value < schema.minimum
        ? [bare(`should be greater than or equal to ${schema.minimum}`)]
        : [bare(`should be less than or equal to ${schema?.maximum}`)];
    case 'wrong-length':
      return [lengthError(field, value, schema)];
    case 'pattern-mismatch':
      return [bare(`should match '${schema?.pattern ?? ''}'`)];
    case 'wrong-format':
      return schema?.format === undefined
        ? variantErrors(field, path, schema)
        : [
            typeInvalid(
              field,
              value,
              `${field} in body must be of type ${schema.format}: ${JSON.stringify(value)}`,
            ),
          ];
    case 'no-variant':
      return variantErrors(field, path, schema);
    case 'unknown-field':
      return [invalid(field, value, message)];
  }
}

function lengthError(field: string, value: unknown, schema: JsonSchema | undefined): FieldError {
  if (Array.isArray(value)) {
    const most = schema?.maxItems;
    if (most !== undefined && value.length > most) return tooMany(field, value.length, most);
    return invalid(field, value.length, `${field} in body should have at least ${schema?.minItems} items`);
  }
  const most = schema?.maxLength;
  if (typeof value === 'string' && most !== undefined && value.length > most) {
    return tooLong(field, `may not be more than ${most} bytes`);
  }
  return invalid(field, value, `${field} in body should be at least ${schema?.minLength} chars long`);
}

function variantErrors(field: string, path: Path, schema: JsonSchema | undefined): readonly FieldError[] {
  const kind =
    schema?.oneOf !== undefined
      ? 'one and only one schema (oneOf)'
      : schema?.anyOf !== undefined
        ? 'at least one schema (anyOf)'
        : 'all the schemas (allOf)';
  const name = path.length === 0 ? '<nil>' : field;
  return [invalid(name, '', `"${field}" must validate ${kind}`)];
}

/** Items of a set or a map list that stand for the same thing. */
function repeatedItems(schema: JsonSchema | undefined, value: unknown, path: Path): readonly FieldError[] {
  if (Array.isArray(value)) {
    const keys = schema?.['x-kubernetes-list-map-keys'];
    const identity = (item: unknown): unknown =>
      keys === undefined || !isJsonObject(item)
        ? item
        : Object.fromEntries(
            keys.map((key) => [key, item[key] ?? schema?.items?.properties?.[key]?.default ?? null]),
          );
    const isUnique =
      schema?.['x-kubernetes-list-type'] === 'map' || schema?.['x-kubernetes-list-type'] === 'set';
    return value.flatMap((item, index) => {
      const isRepeated =
        isUnique && value.slice(0, index).some((one) => jsonEqual(identity(one), identity(item)));
      const own = isRepeated ? [duplicate(fieldOf([...path, index]), identity(item))] : [];
      return [...own, ...repeatedItems(schema?.items, item, [...path, index])];
    });
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    repeatedItems(childSchema(schema, key), item, [...path, key]),
  );
}

function nodeAt(schema: JsonSchema, path: Path): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>(
    (node, step) => (typeof step === 'number' ? node?.items : childSchema(node, step)),
    schema,
  );
}

function itemAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((node, step) => {
    if (typeof step === 'number') return Array.isArray(node) ? node[step] : undefined;
    return isJsonObject(node) ? node[step] : undefined;
  }, value);
}

function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}
