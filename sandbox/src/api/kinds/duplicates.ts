import type { JsonObject } from '#core/schema/json-schema.ts';
import { duplicate, type FieldError } from '../field-error.ts';

/** A fault for each item whose `key` an earlier one has too. */
export function duplicates(items: readonly JsonObject[], key: string, field: string): readonly FieldError[] {
  const seen = new Set<unknown>();
  return items.flatMap((item, index) => {
    const value = item[key];
    const isRepeated = value !== undefined && seen.has(value);
    seen.add(value);
    return isRepeated ? [duplicate(`${field}[${index}].${key}`, value)] : [];
  });
}
