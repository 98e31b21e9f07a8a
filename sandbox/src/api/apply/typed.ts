import { isJsonObject, type JsonObject, type JsonSchema, jsonEqual } from '#core/schema/json-schema.ts';
import { childSchema, isAssociative } from '../schema/walk.ts';
import { childOf, type FieldSet, memberSet, nodeSet } from './field-set.ts';

/** A list whose items have an identity, or an object whose fields may have different owners. */
export type Shape = 'fields' | 'items' | 'leaf';

/** How a value is divided among managers, as its schema says; without a schema, objects by field only. */
export function shapeOf(value: unknown, schema: JsonSchema | undefined): Shape {
  if (isJsonObject(value)) return schema?.['x-kubernetes-map-type'] === 'atomic' ? 'leaf' : 'fields';
  return Array.isArray(value) && isAssociative(schema) ? 'items' : 'leaf';
}

/** The items of an associative list by path element, in order. Of equal ones the first counts. */
export function itemsByElement(
  list: readonly unknown[],
  schema: JsonSchema | undefined,
): ReadonlyMap<string, unknown> {
  const items = new Map<string, unknown>();
  for (const item of list) {
    const element = elementOf(item, schema);
    if (!items.has(element)) items.set(element, item);
  }
  return items;
}

/** Every path that a configuration names: what its manager owns once it is applied. */
export function toFieldSet(value: unknown, schema: JsonSchema | undefined): FieldSet {
  switch (shapeOf(value, schema)) {
    case 'leaf':
      return memberSet;
    case 'items':
      return nodeSet(
        [...itemsByElement(asList(value), schema)].map(([element, item]) => {
          const inner = toFieldSet(item, schema?.items);
          return [element, { ...inner, isMember: true }] as const;
        }),
      );
    case 'fields':
      return nodeSet(
        Object.entries(asObject(value)).map(([key, item]) => {
          const inner = toFieldSet(item, childSchema(schema, key));
          const isEmpty = item === null || (isJsonObject(item) && Object.keys(item).length === 0);
          const isNamed = Object.hasOwn(schema?.properties ?? {}, key);
          return [`f:${key}`, { ...inner, isMember: inner.isMember || isEmpty || !isNamed }] as const;
        }),
      );
  }
}

/** The configuration laid over the live object: its leaves win, everything else stays. */
export function mergeTyped(live: unknown, config: unknown, schema: JsonSchema | undefined): unknown {
  if (config === undefined || config === null) return live;
  const shape = shapeOf(config, schema);
  if (shape === 'leaf' || shape !== shapeOf(live, schema)) return config;
  if (shape === 'items') return mergeItems(asList(live), asList(config), schema);
  const result: Record<string, unknown> = { ...asObject(live) };
  for (const [key, item] of Object.entries(asObject(config))) {
    result[key] = mergeTyped(result[key], item, childSchema(schema, key));
  }
  return result;
}

/** The value without the members of the set. What becomes empty by that goes too. */
export function removeItems(value: unknown, set: FieldSet, schema: JsonSchema | undefined): unknown {
  switch (shapeOf(value, schema)) {
    case 'leaf':
      return value;
    case 'items': {
      const kept = [...itemsByElement(asList(value), schema)].flatMap(([element, item]) => {
        const inner = childOf(set, element);
        return inner.isMember
          ? []
          : [inner.children.size > 0 ? removeItems(item, inner, schema?.items) : item];
      });
      return kept.length === 0 && asList(value).length > 0 ? undefined : kept;
    }
    case 'fields': {
      const entries = Object.entries(asObject(value));
      const kept = entries.flatMap(([key, item]) => {
        const inner = childOf(set, `f:${key}`);
        if (inner.isMember) return [];
        const rest = inner.children.size > 0 ? removeItems(item, inner, childSchema(schema, key)) : item;
        return rest === undefined ? [] : [[key, rest] as const];
      });
      return kept.length === 0 && entries.length > 0 ? undefined : Object.fromEntries(kept);
    }
  }
}

/** Adds the fields above members as members, where the schema names them: `spec` above `spec.replicas`. */
export function withNamedParents(set: FieldSet, schema: JsonSchema | undefined): FieldSet {
  return nodeSet(
    [...set.children].map(([element, child]) => {
      const key = element.slice(2);
      const isField = element.startsWith('f:');
      const inner = withNamedParents(child, isField ? childSchema(schema, key) : schema?.items);
      const isNamed = isField && Object.hasOwn(schema?.properties ?? {}, key);
      return [element, { ...inner, isMember: child.isMember || isNamed }] as const;
    }),
    set.isMember,
  );
}

function mergeItems(
  live: readonly unknown[],
  config: readonly unknown[],
  schema: JsonSchema | undefined,
): readonly unknown[] {
  const liveItems = itemsByElement(live, schema);
  const configItems = [...itemsByElement(config, schema)];
  const wanted = new Map(configItems);
  const merged: unknown[] = [];
  let next = 0;
  for (const [element, item] of liveItems) {
    if (!wanted.has(element)) {
      merged.push(item);
      continue;
    }
    // A shared item: the configuration decides the order of its own items.
    const [own, value] = configItems[next] ?? [element, item];
    next += 1;
    merged.push(mergeTyped(liveItems.get(own), value, schema?.items));
  }
  const rest = configItems.slice(next);
  return [...merged, ...rest.map(([own, value]) => mergeTyped(liveItems.get(own), value, schema?.items))];
}

function elementOf(item: unknown, schema: JsonSchema | undefined): string {
  if (schema?.['x-kubernetes-list-type'] === 'set' || !isJsonObject(item)) return `v:${JSON.stringify(item)}`;
  const keys = (schema?.['x-kubernetes-list-map-keys'] ?? []).toSorted();
  const pairs = keys.flatMap((key) => {
    const value = item[key] ?? childSchema(schema?.items, key)?.default;
    return value === undefined ? [] : [[key, value] as const];
  });
  return `k:${JSON.stringify(Object.fromEntries(pairs))}`;
}

/** What changed between two states of an object. */
export interface Comparison {
  readonly added: FieldSet;
  readonly removed: FieldSet;
  readonly modified: FieldSet;
}

export function compare(before: unknown, after: unknown, schema: JsonSchema | undefined): Comparison {
  const none = { added: nodeSet([]), removed: nodeSet([]), modified: nodeSet([]) };
  if (jsonEqual(before, after)) return none;
  const parts = partsOf(before, after, schema);
  if (parts === undefined) {
    if (before === undefined) return { ...none, added: memberSet };
    return after === undefined ? { ...none, removed: memberSet } : { ...none, modified: memberSet };
  }
  const inner = parts.map(
    ({ element, before: old, after: now, schema: part }) => [element, compare(old, now, part)] as const,
  );
  return {
    added: nodeSet(
      inner.map(([element, { added }]) => [element, added] as const),
      before === undefined,
    ),
    removed: nodeSet(
      inner.map(([element, { removed }]) => [element, removed] as const),
      after === undefined,
    ),
    modified: nodeSet(inner.map(([element, { modified }]) => [element, modified] as const)),
  };
}

interface Part {
  readonly element: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly schema: JsonSchema | undefined;
}

/** @returns undefined where the two are one leaf. */
function partsOf(before: unknown, after: unknown, schema: JsonSchema | undefined): Part[] | undefined {
  const shape = shapeOf(after ?? before, schema);
  const isComparable = [before, after].every(
    (value) => value === undefined || value === null || shapeOf(value, schema) === shape,
  );
  if (shape === 'leaf' || !isComparable) return undefined;
  if (shape === 'items') {
    const old = itemsByElement(asList(before), schema);
    const now = itemsByElement(asList(after), schema);
    if (old.size === 0 && now.size === 0) return undefined;
    return [...new Set([...old.keys(), ...now.keys()])].map((element) => {
      return { element, before: old.get(element), after: now.get(element), schema: schema?.items };
    });
  }
  const old = asObject(before);
  const now = asObject(after);
  const keys = new Set([...Object.keys(old), ...Object.keys(now)]);
  if (keys.size === 0) return undefined;
  return [...keys].map((key) => {
    return { element: `f:${key}`, before: old[key], after: now[key], schema: childSchema(schema, key) };
  });
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
