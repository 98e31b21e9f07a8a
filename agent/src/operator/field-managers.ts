import { at, listAt, textAt } from '#core/json-value.ts';
import { operatorFieldManager } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';

/** Who, beside the operator, set `field` or something in it: the last one first, each once. */
export function managersOf(object: KubernetesObject, field: readonly string[]): readonly string[] {
  const path = field.map((name) => `f:${name}`);
  const others = listAt(object, 'metadata', 'managedFields')
    .filter((entry) => at(entry, 'fieldsV1', ...path) !== undefined)
    .toSorted((a, b) => (textAt(b, 'time') ?? '').localeCompare(textAt(a, 'time') ?? ''))
    .map((entry) => textAt(entry, 'manager') ?? '')
    .filter((manager) => manager !== '' && manager !== operatorFieldManager);
  return [...new Set(others)].slice(0, 3);
}
