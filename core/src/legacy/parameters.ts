import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { listAt, objectAt } from './fields.ts';

/** The parameters of an OpenShift Template by name; undefined where one has no value of its own. */
export type Parameters = ReadonlyMap<string, string | undefined>;

export function readParameters(template: unknown): Parameters {
  const entries = listAt(objectAt(template)['parameters']).flatMap(
    (parameter): [string, string | undefined][] => {
      const { name, value } = objectAt(parameter);
      return typeof name === 'string' ? [[name, typeof value === 'string' ? value : undefined]] : [];
    },
  );
  return new Map(entries);
}

/** The object with each parameter that has a value put in, as `oc process` does. Others stay as they are. */
export function fillIn(object: JsonObject, parameters: Parameters): JsonObject {
  return parameters.size === 0 ? object : fillFields(object, parameters, 0);
}

/** The parameters that a text still asks for. */
export function parametersIn(text: string): readonly string[] {
  return Array.from(text.matchAll(/\$\{([^}]*)\}|\$\(([^)]*)\)/g), ([, parameter, variable]) =>
    String(parameter ?? variable).replace(/^\{/, ''),
  );
}

/** The same of all keys and texts of a value. */
export function parametersWithin(value: unknown, depth = 0): readonly string[] {
  if (typeof value === 'string') return parametersIn(value);
  // A value that holds itself has no end.
  if (depth > 40) return [];
  if (Array.isArray(value)) return value.flatMap((item: unknown) => parametersWithin(item, depth + 1));
  return isJsonObject(value)
    ? Object.entries(value).flatMap(([key, item]) => [
        ...parametersIn(key),
        ...parametersWithin(item, depth + 1),
      ])
    : [];
}

function fillFields(object: JsonObject, parameters: Parameters, depth: number): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [
      fillText(key, parameters),
      fillValue(value, parameters, depth + 1),
    ]),
  );
}

function fillValue(value: unknown, parameters: Parameters, depth: number): unknown {
  // A value that holds itself has no end.
  if (depth > 40) return value;
  if (typeof value === 'string') return fillWhole(value, parameters) ?? fillText(value, parameters);
  if (Array.isArray(value)) return value.map((item: unknown) => fillValue(item, parameters, depth + 1));
  return isJsonObject(value) ? fillFields(value, parameters, depth) : value;
}

/** `${{NAME}}` stands for a number or a truth value. */
function fillWhole(text: string, parameters: Parameters): unknown {
  const value = parameters.get(/^\$\{\{(\w+)\}\}$/.exec(text)?.[1] ?? '');
  if (value === undefined) return undefined;
  if (/^-?(0|[1-9][0-9]*)$/.test(value)) return Number(value);
  return value === 'true' || value === 'false' ? value === 'true' : value;
}

function fillText(text: string, parameters: Parameters): string {
  return text.replace(/\$\{(\w+)\}/g, (whole, name: string) => parameters.get(name) ?? whole);
}
