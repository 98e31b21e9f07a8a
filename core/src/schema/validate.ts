import type { Path, Problem } from '#core/problem.ts';
import {
  formatMessage,
  lengthMessage,
  missingMessage,
  named,
  range,
  subject,
  typeMessage,
  unknownMessage,
} from './fault-text.ts';
import { enumFixes, missingFixes, typeFixes, unknownFixes } from './fixes.ts';
import { matchesFormat } from './format.ts';
import { isJsonObject, type JsonObject, type JsonSchema, jsonEqual } from './json-schema.ts';
import { isWithin, lengthOf, toTypeCheck } from './measure.ts';

export const schemaProblemCodes = [
  'wrong-type',
  'missing-field',
  'unknown-field',
  'not-in-enum',
  'out-of-range',
  'wrong-length',
  'pattern-mismatch',
  'wrong-format',
  'no-variant',
] as const;

export type SchemaProblemCode = (typeof schemaProblemCodes)[number];

export interface SchemaProblem extends Problem<SchemaProblemCode> {
  /** The key that lacks, with `missing-field`. */
  readonly missing?: string;
}

/** `path`: where in the document the value stands. */
export type Validator = (value: unknown, path?: Path) => SchemaProblem[];

/**
 * Every way in which `value` breaks `schema`. Fields that the schema does not list are faults only where it
 * says `additionalProperties: false`. Values are JSON: no cycles, no `undefined`.
 */
export function validate(schema: JsonSchema, value: unknown, path: Path = []): SchemaProblem[] {
  return compileSchema(schema)(value, path);
}

/**
 * For a schema that many values are held against. A part of it is compiled when a value first has that part,
 * and a sound value costs next to nothing: paths and messages are made for faults only.
 */
export function compileSchema(schema: JsonSchema): Validator {
  const check = compile(schema);
  return (value, path = []) => {
    if (check(value, { steps: [], problems: [], isSilent: true })) return [];
    const run: Run = { steps: [...path], problems: [], isSilent: false };
    check(value, run);
    return run.problems;
  };
}

interface Run {
  /** Path of the value that is looked at. */
  readonly steps: (string | number)[];
  readonly problems: SchemaProblem[];
  /** Only the verdict is wanted. */
  isSilent: boolean;
}

/** Tells whether the value is sound. */
type Check = (value: unknown, run: Run) => boolean;

/** `fields`: the properties of the schema that this one is a variant of, or its own. */
function compile(schema: JsonSchema, fields: JsonSchema = schema): Check {
  const hasType = toTypeCheck(schema);
  const isNullable = schema.nullable === true;
  const checks = [
    compileEnum(schema),
    compileString(schema),
    compileNumber(schema),
    compileArray(schema),
    compileObject(schema, fields),
    ...compileVariants(schema, fields),
  ].filter((check) => check !== undefined);
  return (value, run) => {
    if (isNullable && value === null) return true;
    if (hasType !== undefined && !hasType(value)) return reportType(schema, value, run);
    let isSound = true;
    // By index: an iterator would be made for each of a thousand values.
    for (let index = 0; index < checks.length; index += 1)
      if (checks[index]?.(value, run) === false) isSound = false;
    return isSound;
  };
}

// What reports is no closure within the check: then the check would make room for what it holds also for a sound value.
function reportType(schema: JsonSchema, value: unknown, run: Run): false {
  return report(run, 'wrong-type', (path) => ({
    message: typeMessage(schema, value, path),
    fixes: typeFixes(schema, value, path),
  }));
}

function lazily(schema: JsonSchema, fields?: JsonSchema): Check {
  let check: Check | undefined;
  return (value, run) => {
    check ??= compile(schema, fields);
    return check(value, run);
  };
}

function report(
  run: Run,
  code: SchemaProblemCode,
  tell: (path: Path) => Pick<SchemaProblem, 'message' | 'at' | 'missing' | 'fixes'>,
): false {
  if (run.isSilent) return false;
  const path = [...run.steps];
  const { fixes = [], ...rest } = tell(path);
  run.problems.push({ code, severity: 'error', path, ...rest, ...(fixes.length === 0 ? {} : { fixes }) });
  return false;
}

function compileEnum(schema: JsonSchema): Check | undefined {
  const allowed = schema.const === undefined ? schema.enum : [schema.const];
  if (allowed === undefined) return undefined;
  return (value, run) => {
    if (allowed.includes(value) || isAmong(allowed, value)) return true;
    return reportEnum(schema, allowed, value, run);
  };
}

function isAmong(allowed: readonly unknown[], value: unknown): boolean {
  return allowed.some((one) => jsonEqual(one, value));
}

function reportEnum(schema: JsonSchema, allowed: readonly unknown[], value: unknown, run: Run): false {
  return report(run, 'not-in-enum', (path) => {
    const list = allowed.map((one) => String(one)).join(', ');
    const wish = allowed.length === 1 ? list : `one of ${list}`;
    return {
      message: `${subject(path)} must be ${wish}, not ${named(value)}.`,
      fixes: enumFixes(schema, allowed, value, path),
    };
  });
}

function compileString(schema: JsonSchema): Check | undefined {
  const { minLength, maxLength, pattern, format } = schema;
  const hasLength = minLength !== undefined || maxLength !== undefined;
  if (!hasLength && pattern === undefined && format === undefined) return undefined;
  const expression = pattern === undefined ? undefined : new RegExp(pattern, 'u');
  return (value, run) => {
    if (typeof value !== 'string') return true;
    let isSound = true;
    if (hasLength && !isWithin(lengthOf(value), minLength, maxLength)) {
      isSound = reportLength(schema, value, run);
    }
    if (expression !== undefined && !expression.test(value)) {
      isSound = report(run, 'pattern-mismatch', (path) => ({
        message: `${subject(path)} must match ${pattern}.`,
      }));
    }
    if (format !== undefined && !matchesFormat(format, value)) {
      isSound = reportFormat([format], value, run);
    }
    return isSound;
  };
}

function reportLength(schema: JsonSchema, value: string | readonly unknown[], run: Run): false {
  return report(run, 'wrong-length', (path) => ({ message: lengthMessage(schema, value, path) }));
}

function reportFormat(formats: readonly string[], value: unknown, run: Run): false {
  return report(run, 'wrong-format', (path) => ({ message: formatMessage(formats, value, path) }));
}

function compileNumber(schema: JsonSchema): Check | undefined {
  const { minimum, maximum } = schema;
  if (minimum === undefined && maximum === undefined) return undefined;
  return (value, run) => {
    if (typeof value !== 'number' || isWithin(value, minimum, maximum)) return true;
    return reportRange(schema, value, run);
  };
}

function reportRange({ minimum, maximum }: JsonSchema, value: number, run: Run): false {
  return report(run, 'out-of-range', (path) => ({
    message: `${subject(path)} must be ${range(minimum, maximum)}, not ${named(value)}.`,
  }));
}

function compileArray(schema: JsonSchema): Check | undefined {
  const { minItems, maxItems } = schema;
  const item = schema.items === undefined ? undefined : lazily(schema.items);
  if (item === undefined && minItems === undefined && maxItems === undefined) return undefined;
  return (value, run) => {
    if (!Array.isArray(value)) return true;
    let isSound = isWithin(value.length, minItems, maxItems) || reportLength(schema, value, run);
    if (item === undefined) return isSound;
    for (let index = 0; index < value.length; index += 1) {
      if (!checkInner(item, value[index], index, run)) isSound = false;
    }
    return isSound;
  };
}

function checkInner(check: Check, value: unknown, step: string | number, run: Run): boolean {
  // Of a path nothing is told then, and most values are sound.
  if (run.isSilent) return check(value, run);
  run.steps.push(step);
  const isSound = check(value, run);
  run.steps.pop();
  return isSound;
}

function compileObject(schema: JsonSchema, described: JsonSchema): Check | undefined {
  const { required = [], properties = {}, additionalProperties = true } = schema;
  const fields = new Map(Object.entries(properties).map(([key, field]) => [key, lazily(field)]));
  const others = typeof additionalProperties === 'object' ? lazily(additionalProperties) : undefined;
  if (fields.size === 0 && required.length === 0 && additionalProperties === true) return undefined;
  return (value, run) => {
    if (!isJsonObject(value)) return true;
    let isSound = true;
    for (let index = 0; index < required.length; index += 1) {
      const key = required[index];
      if (key !== undefined && !Object.hasOwn(value, key))
        isSound = reportMissing(described, value, key, run);
    }
    // No list of the keys is made for this: it would be the most that a sound value costs.
    for (const key in value) {
      if (!Object.hasOwn(value, key)) continue;
      const check = fields.get(key) ?? others;
      if (check !== undefined) {
        if (!checkInner(check, value[key], key, run)) isSound = false;
      } else if (additionalProperties === false) {
        isSound = reportUnknown(schema, value, key, run);
      }
    }
    return isSound;
  };
}

function reportMissing(schema: JsonSchema, value: JsonObject, missing: string, run: Run): false {
  return report(run, 'missing-field', (path) => ({
    missing,
    message: missingMessage(missing, path),
    fixes: missingFixes(schema, value, missing, path),
  }));
}

function reportUnknown(schema: JsonSchema, owner: JsonObject, key: string, run: Run): false {
  if (run.problems.length >= mostUnknown) return false;
  run.steps.push(key);
  report(run, 'unknown-field', (path) => ({
    at: 'key',
    message: unknownMessage(schema, key, path),
    fixes: unknownFixes(schema, owner, key, path, (field, value) => compileSchema(field)(value).length === 0),
  }));
  run.steps.pop();
  return false;
}

/** To look for the word that was meant takes time, and nobody reads of more faults than that. */
const mostUnknown = 1000;

function compileVariants(schema: JsonSchema, fields: JsonSchema): (Check | undefined)[] {
  const { allOf = [], oneOf, anyOf, not } = schema;
  return [
    ...allOf.map((part) => lazily(part, fields)),
    oneOf && compileChoice(oneOf, fields, true),
    anyOf && compileChoice(anyOf, fields, false),
    not && compileNot(not),
  ];
}

function compileNot(schema: JsonSchema): Check {
  const check = lazily(schema);
  return (value, run) =>
    !checkSilently(check, value, run) ||
    report(run, 'no-variant', (path) => ({
      message: `${subject(path)} has a combination that is not allowed.`,
    }));
}

function compileChoice(variants: readonly JsonSchema[], fields: JsonSchema, isExclusive: boolean): Check {
  const checks = variants.map((variant) => lazily(variant, fields));
  const [only] = checks;
  const formats = variants.flatMap((variant) => variant.format ?? []);
  if (only !== undefined && checks.length === 1) return only;
  return (value, run) => {
    let matches = 0;
    for (const check of checks) {
      if (checkSilently(check, value, run)) matches += 1;
      if (matches > 0 && !isExclusive) return true;
    }
    if (matches === 1) return true;
    if (formats.length === variants.length) {
      return reportFormat(formats, value, run);
    }
    return report(run, 'no-variant', (path) => ({
      message: `${subject(path)} must match ${isExclusive ? 'exactly' : 'at least'} one of the allowed forms.`,
    }));
  };
}

function checkSilently(check: Check, value: unknown, run: Run): boolean {
  const before = run.isSilent;
  run.isSilent = true;
  const isSound = check(value, run);
  run.isSilent = before;
  return isSound;
}
