import { isJsonObject, type JsonObject, type JsonSchema } from '#core/schema/json-schema.ts';
import { withValue } from '../json.ts';
import {
  difference,
  emptySet,
  equalSets,
  type FieldSet,
  intersection,
  isEmptySet,
  pathsOf,
  union,
  withoutBelow,
} from './field-set.ts';
import { isSameManager, type Manager, type ManagerId, readManagers, writeManagers } from './managers.ts';
import { compare, mergeTyped, removeItems, toFieldSet, withNamedParents } from './typed.ts';

export interface Writer extends ManagerId {
  readonly time: string;
  /** Paths that a write to this endpoint never changes, such as `status` on the main resource. */
  readonly ignored: FieldSet;
}

export interface FieldConflict {
  readonly manager: ManagerId;
  readonly path: string;
}

export type ApplyResult =
  | { readonly kind: 'applied'; readonly object: JsonObject }
  | { readonly kind: 'conflicts'; readonly conflicts: readonly FieldConflict[] };

/**
 * Server-side apply: lays `config` over `live`, takes away what this manager applied before and now leaves
 * out (unless another manager owns it too), and says which fields others own with another value.
 * The result has its new `managedFields`.
 */
export function applyConfig(
  live: JsonObject,
  config: JsonObject,
  schema: JsonSchema | undefined,
  writer: Writer,
  isForced: boolean,
): ApplyResult {
  const managers = readManagers(live);
  const liveObject = withoutManagers(live);
  const last = managers.find((manager) => isSameManager(manager, writer));
  const others = managers.filter((manager) => !isSameManager(manager, writer));
  const own = withoutBelow(toFieldSet(config, schema), writer.ignored);
  const owned = others.reduce((set, { fields }) => union(set, fields), own);
  const merged = asObject(mergeTyped(liveObject, config, schema));
  const object = prune(merged, last?.fields ?? emptySet, owned, schema);
  const { added, modified, removed } = ignoring(compare(liveObject, object, schema), writer.ignored);
  const changed = union(added, modified);
  const disputed = others
    .map((manager) => ({ manager, fields: intersection(manager.fields, changed) }))
    .filter(({ fields }) => !isEmptySet(fields));
  if (disputed.length > 0 && !isForced) {
    const conflicts = disputed.flatMap(({ manager, fields }) =>
      pathsOf(fields).map((path) => ({ manager, path })),
    );
    return { kind: 'conflicts', conflicts };
  }
  const lost = union(changed, removed);
  const isUnmoved =
    last !== undefined &&
    isEmptySet(withoutServerFields(lost)) &&
    equalSets(withoutServerFields(own), last.fields);
  const mine: Manager = { ...idOf(writer), time: isUnmoved ? last.time : writer.time, fields: own };
  const kept = others.map((manager) => ({ ...manager, fields: difference(manager.fields, lost) }));
  return { kind: 'applied', object: withManagers(object, [...kept, mine]) };
}

/**
 * Who owns what after a write that is no apply (create, update, patch): the writer takes over all that it
 * changed. `before` is undefined for a new object.
 */
export function recordUpdate(
  before: JsonObject | undefined,
  after: JsonObject,
  schema: JsonSchema | undefined,
  writer: Writer,
  seed: JsonObject = {},
): JsonObject {
  const empty = { apiVersion: after['apiVersion'], kind: after['kind'], metadata: {}, ...seed };
  const { added, modified, removed } = ignoring(
    compare(before === undefined ? empty : withoutManagers(before), withoutManagers(after), schema),
    writer.ignored,
  );
  const managers = before === undefined ? [] : readManagers(before);
  const changed = union(added, modified);
  const lost = union(changed, removed);
  const found = managers.find((manager) => isSameManager(manager, writer));
  const fields = union(difference(found?.fields ?? emptySet, removed), changed);
  const isUnmoved =
    found !== undefined &&
    isEmptySet(withoutServerFields(lost)) &&
    equalSets(withoutServerFields(fields), found.fields);
  const time = isUnmoved ? found.time : writer.time;
  const mine: Manager = { ...idOf(writer), time, fields };
  const others = managers
    .filter((manager) => !isSameManager(manager, writer))
    .map((manager) => ({ ...manager, fields: difference(manager.fields, lost) }));
  return withManagers(after, [...others, mine]);
}

function prune(
  merged: JsonObject,
  last: FieldSet,
  owned: FieldSet,
  schema: JsonSchema | undefined,
): JsonObject {
  if (isEmptySet(last)) return merged;
  const present = withNamedParents(toFieldSet(merged, schema), schema);
  const dropped = difference(
    intersection(withNamedParents(last, schema), present),
    withNamedParents(owned, schema),
  );
  return asObject(removeItems(merged, dropped, schema));
}

function ignoring(comparison: ReturnType<typeof compare>, ignored: FieldSet): ReturnType<typeof compare> {
  return {
    added: withoutBelow(comparison.added, ignored),
    removed: withoutBelow(comparison.removed, ignored),
    modified: withoutBelow(comparison.modified, ignored),
  };
}

function withoutManagers(object: JsonObject): JsonObject {
  return withValue(object, ['metadata', 'managedFields'], undefined);
}

function withManagers(object: JsonObject, managers: readonly Manager[]): JsonObject {
  const written = writeManagers(managers);
  return withValue(object, ['metadata', 'managedFields'], written.length === 0 ? undefined : written);
}

/** The set as it comes back from `managedFields`. */
function withoutServerFields(fields: FieldSet): FieldSet {
  const [written] = writeManagers([{ manager: '', operation: 'Update', apiVersion: '', time: '', fields }]);
  return readManagers({ metadata: { managedFields: [written ?? {}] } })[0]?.fields ?? emptySet;
}

function idOf({ manager, operation, apiVersion, subresource }: Writer): ManagerId {
  return { manager, operation, apiVersion, ...(subresource === undefined ? {} : { subresource }) };
}

function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
