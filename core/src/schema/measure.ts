import { isJsonObject, type JsonSchema } from './json-schema.ts';

/** Tells whether a value is of the type that a schema names; undefined where it names none, so that any is. */
export function toTypeCheck(schema: JsonSchema): ((value: unknown) => boolean) | undefined {
  if (schema['x-kubernetes-int-or-string'] === true)
    return (value) => Number.isInteger(value) || typeof value === 'string';
  switch (schema.type) {
    case 'object':
      return isJsonObject;
    case 'array':
      return Array.isArray;
    case 'integer':
      return Number.isInteger;
    case 'number':
      return Number.isFinite;
    case 'string':
      return (value) => typeof value === 'string';
    case 'boolean':
      return (value) => typeof value === 'boolean';
    default:
      return undefined;
  }
}

/** In code points, as the API server counts. */
export function lengthOf(text: string): number {
  let length = text.length;
  for (let index = 1; index < text.length; index += 1) if (isPair(text, index)) length -= 1;
  return length;
}

/** Whether two code units up to this one make one code point. */
function isPair(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xdc00 && (text.charCodeAt(index - 1) & 0xfc00) === 0xd800;
}

/** Without a bound, there is none. */
export function isWithin(value: number, low: number | undefined, high: number | undefined): boolean {
  return (low === undefined || value >= low) && (high === undefined || value <= high);
}
