import { isJsonObject, type JsonObject, type JsonSchema, jsonEqual } from '#core/schema/json-schema.ts';
import { badRequest } from '../api-error.ts';
import { childSchema, itemSchema } from '../schema/walk.ts';

/**
 * Kubernetes' strategic merge patch: as a merge patch, but lists that the schema calls maps are merged by
 * their first key and sets by value. Knows the directives `$patch`, `$retainKeys`, `$deleteFromPrimitiveList`
 * and `$setElementOrder`.
 */
export function applyStrategicMerge(
  object: JsonObject,
  patch: JsonObject,
  schema: JsonSchema | undefined,
): JsonObject {
  switch (patch['$patch']) {
    case 'replace':
      return withoutDirectives(patch);
    case 'delete':
      return {};
  }
  const result: Record<string, unknown> = { ...object };
  const retained = patch['$retainKeys'];
  if (Array.isArray(retained)) {
    for (const key of Object.keys(result)) if (!retained.includes(key)) delete result[key];
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    const current = result[key];
    const inner = childSchema(schema, key);
    if (value === null) delete result[key];
    else if (Array.isArray(value)) result[key] = mergeList(asList(current), value, inner);
    else if (isJsonObject(value)) {
      result[key] = applyStrategicMerge(isJsonObject(current) ? current : {}, value, inner);
    } else result[key] = value;
  }
  applyListDirectives(result, patch, schema);
  return result;
}

function mergeList(
  current: readonly unknown[],
  patch: readonly unknown[],
  schema: JsonSchema | undefined,
): readonly unknown[] {
  const type = schema?.['x-kubernetes-list-type'];
  if (type === 'set') {
    return [...current, ...patch.filter((item) => !current.some((one) => jsonEqual(one, item)))];
  }
  const mergeKey = schema?.['x-kubernetes-list-map-keys']?.[0];
  const items = patch.filter(isJsonObject);
  if (items.some((item) => item['$patch'] === 'replace' && Object.keys(item).length === 1)) {
    return items.filter((item) => item['$patch'] === undefined);
  }
  if (type !== 'map' || mergeKey === undefined) return patch;
  let result = [...current];
  for (const item of items) {
    const key = item[mergeKey];
    if (key === undefined)
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`);
    const isSame = (one: unknown): boolean => isJsonObject(one) && jsonEqual(one[mergeKey], key);
    if (item['$patch'] === 'delete') {
      result = result.filter((one) => !isSame(one));
      continue;
    }
    const index = result.findIndex(isSame);
    const found = result[index];
    const merged = applyStrategicMerge(isJsonObject(found) ? found : {}, item, itemSchema(schema));
    result = index < 0 ? [...result, merged] : result.with(index, merged);
  }
  const keyOf = (one: unknown): unknown => (isJsonObject(one) ? one[mergeKey] : one);
  const patched = items.filter((item) => item['$patch'] === undefined).map(keyOf);
  return inPatchOrder(result, patched, current.map(keyOf), keyOf);
}

/**
 * Items of the patch in its order; among them the others, each where it stood on the server. So a new item
 * comes before those that the patch does not name.
 */
function inPatchOrder(
  merged: readonly unknown[],
  patched: readonly unknown[],
  served: readonly unknown[],
  keyOf: (item: unknown) => unknown,
): readonly unknown[] {
  const placeIn = (keys: readonly unknown[], item: unknown): number =>
    keys.findIndex((key) => jsonEqual(key, keyOf(item)));
  const isPatched = (item: unknown): boolean => placeIn(patched, item) >= 0;
  const own = merged.filter(isPatched).toSorted((a, b) => placeIn(patched, a) - placeIn(patched, b));
  const result: unknown[] = [];
  for (const other of merged.filter((item) => !isPatched(item))) {
    while (own[0] !== undefined && placeIn(served, own[0]) < placeIn(served, other)) result.push(own.shift());
    result.push(other);
  }
  return [...result, ...own];
}

function applyListDirectives(
  result: Record<string, unknown>,
  patch: JsonObject,
  schema: JsonSchema | undefined,
): void {
  for (const [directive, value] of Object.entries(patch)) {
    const [verb, key] = directive.split('/');
    if (key === undefined || !Array.isArray(value)) continue;
    const current = asList(result[key]);
    if (verb === '$deleteFromPrimitiveList') {
      result[key] = current.filter((item) => !value.some((one) => jsonEqual(one, item)));
    } else if (verb === '$setElementOrder' && current.length > 0) {
      const mergeKey = childSchema(schema, key)?.['x-kubernetes-list-map-keys']?.[0];
      result[key] = inOrder(current, value, mergeKey);
    }
  }
}

/** Items that the order does not name keep their place behind the one they followed. */
function inOrder(
  items: readonly unknown[],
  order: readonly unknown[],
  mergeKey: string | undefined,
): readonly unknown[] {
  const keyOf = (item: unknown): unknown =>
    mergeKey !== undefined && isJsonObject(item) ? item[mergeKey] : item;
  const rankOf = (item: unknown): number => order.findIndex((one) => jsonEqual(keyOf(one), keyOf(item)));
  let last = -1;
  const ranked = items.map((item) => {
    const rank = rankOf(item);
    if (rank >= 0) last = rank;
    return { item, rank: rank >= 0 ? rank : last + 0.5 };
  });
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ item }) => item);
}

function withoutDirectives(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([key]) => !key.startsWith('$')));
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
