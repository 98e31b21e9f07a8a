import type { Fix, JsonValue, Path } from '#core/problem.ts';
import { isJsonObject, type JsonObject, type JsonSchema } from './json-schema.ts';
import { nearestWord } from './nearest-word.ts';

/** The same value in the type that is wanted, or what stands for an empty one. */
export function typeFixes(schema: JsonSchema, value: unknown, path: Path): Fix[] {
  if (value === null || value === undefined) {
    const put = onlyValue(schema) ?? schema.default;
    return isScalar(put) ? [replaceBy(put, path)] : [];
  }
  if (typeof value === 'string') {
    const put = readAs(schema.type, value);
    if (put === undefined) return [];
    return [{ ...replaceBy(put, path), title: `Write ${put} without quotes`, isSafe: true }];
  }
  if (schema.type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    // Not safe: a person may have written 1.10, which is the number 1.1.
    return [{ ...replaceBy(String(value), path), title: `Write ${value} in quotes` }];
  }
  return [];
}

function readAs(type: JsonSchema['type'], text: string): number | boolean | undefined {
  switch (type) {
    case 'integer':
      return /^-?(0|[1-9][0-9]{0,14})$/.test(text) ? Number(text) : undefined;
    case 'number':
      return /^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$/.test(text) ? Number(text) : undefined;
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : undefined;
    default:
      return undefined;
  }
}

/** The allowed word that was most likely meant. */
export function enumFixes(
  schema: JsonSchema,
  allowed: readonly unknown[],
  value: unknown,
  path: Path,
): Fix[] {
  if (typeof value !== 'string') {
    const put = value === null ? (onlyValue(schema) ?? schema.default) : onlyValue(schema);
    return isScalar(put) ? [replaceBy(put, path)] : [];
  }
  const words = allowed.filter((one) => typeof one === 'string');
  const same = words.find((word) => word.toLowerCase() === value.trim().toLowerCase());
  if (same !== undefined) return [{ ...replaceBy(same, path), isSafe: true }];
  const near = nearestWord(value, words) ?? onlyValue({ enum: allowed });
  return isScalar(near) ? [replaceBy(near, path)] : [];
}

/** The value that a missing field has anyhow, or the only one that it can have. `path`: the object's. */
export function missingFixes(schema: JsonSchema, owner: JsonObject, key: string, path: Path): Fix[] {
  const field = schema.properties?.[key];
  if (field === undefined) return [];
  const value = onlyValue(field) ?? field.default;
  if (!isJsonValue(value) || Object.hasOwn(owner, key)) return [];
  const title = isScalar(value) ? `Add ${key}: ${value}` : `Add "${key}" with its default`;
  return [{ title, edits: [{ kind: 'add', path: [...path, key], value }], isSafe: true }];
}

/** `path`: that of the unknown field. */
export function unknownFixes(
  schema: JsonSchema,
  owner: JsonObject,
  key: string,
  path: Path,
  admits: (field: JsonSchema, value: unknown) => boolean,
): Fix[] {
  const remove: Fix = { title: `Remove "${key}"`, edits: [{ kind: 'remove', path }] };
  const known = Object.keys(schema.properties ?? {});
  const near = nearestWord(key, known);
  const field = near === undefined ? undefined : schema.properties?.[near];
  if (near === undefined || field === undefined || Object.hasOwn(owner, near)) return [remove];
  const others = firstKeys(owner, 51);
  // Two misspellings of one name cannot both become it. Where there are very many, nothing is safe.
  const isOnly =
    others.length <= 50 &&
    others.every((other) => other === key || known.includes(other) || nearestWord(other, known) !== near);
  const rename: Fix = {
    title: `Rename to "${near}"`,
    edits: [{ kind: 'rename', path, key: near }],
    ...(isOnly && admits(field, owner[key]) ? { isSafe: true } : {}),
  };
  return [rename, remove];
}

/** An object may have a hundred thousand keys, and be asked for each of them. */
function firstKeys(object: JsonObject, most: number): readonly string[] {
  const keys: string[] = [];
  for (const key in object) {
    if (keys.length === most) break;
    keys.push(key);
  }
  return keys;
}

function replaceBy(value: string | number | boolean, path: Path): Fix {
  return { title: `Use ${value}`, edits: [{ kind: 'replace', path, value }] };
}

function onlyValue(schema: JsonSchema): unknown {
  if (schema.const !== undefined) return schema.const;
  return schema.enum?.length === 1 ? schema.enum[0] : undefined;
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isJsonValue(value: unknown): value is JsonValue {
  if (value === null || isScalar(value)) return true;
  if (Array.isArray(value)) return value.every(isJsonValue);
  return isJsonObject(value) && Object.values(value).every(isJsonValue);
}
