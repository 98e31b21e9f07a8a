import { entryNameOf } from '#core/entry-names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Path } from '#core/problem.ts';

/** What applying some objects would do, as a value to show before anything happens. */
export interface ApplyPlan {
  readonly items: readonly ApplyPlanItem[];
}

export type ApplyPlanItem =
  | { readonly kind: 'create'; readonly wanted: KubernetesObject }
  | ({ readonly kind: 'change'; readonly wanted: KubernetesObject } & Change)
  | { readonly kind: 'unchanged'; readonly wanted: KubernetesObject }
  /** Another manager owns fields that `wanted` sets to other values: only force takes them over. */
  | {
      readonly kind: 'conflict';
      readonly wanted: KubernetesObject;
      readonly conflicts: readonly { readonly manager: string; readonly field: string }[];
      /** What force would change; absent where the API server does not tell. */
      readonly taken?: Change;
    };

/** Both without what the API server alone writes, so that they differ in what somebody decides. */
export interface Change {
  readonly changes: readonly FieldChange[];
  readonly before: KubernetesObject;
  readonly after: KubernetesObject;
}

/** `before` or `after` is absent where the field is. */
export interface FieldChange {
  /** For people: a port or a rule stands by what it is called, `ports[tcp-8080]`, and not by its place. */
  readonly path: Path;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What the cluster knows of one wanted object. */
export interface LiveState {
  /** The object as stored now; absent where there is none. */
  readonly live?: KubernetesObject;
  /** What the API server says the object would be (server-side dry run). */
  readonly result:
    | { readonly kind: 'object'; readonly object: KubernetesObject }
    | {
        readonly kind: 'conflict';
        readonly conflicts: readonly { readonly manager: string; readonly field: string }[];
        /** What it would be by force. */
        readonly forced?: KubernetesObject;
      };
}

/** The order of `wanted` is kept. */
export function planApply(
  wanted: readonly { readonly object: KubernetesObject; readonly state: LiveState }[],
): ApplyPlan {
  return { items: wanted.map(({ object, state }) => planItem(object, state)) };
}

function planItem(wanted: KubernetesObject, { live, result }: LiveState): ApplyPlanItem {
  if (result.kind === 'conflict') {
    const { conflicts, forced } = result;
    const taken = live === undefined || forced === undefined ? undefined : changeOf(live, forced);
    return { kind: 'conflict', wanted, conflicts, ...(taken === undefined ? {} : { taken }) };
  }
  if (live === undefined) return { kind: 'create', wanted };
  const change = changeOf(live, result.object);
  return change.changes.length === 0 ? { kind: 'unchanged', wanted } : { kind: 'change', wanted, ...change };
}

function changeOf(live: KubernetesObject, result: KubernetesObject): Change {
  const [before, after] = [meaningful(live), meaningful(result)];
  return { changes: fieldChanges(before, after, []), before, after };
}

/** Without what the API server writes by itself and `status`, which no apply of ours sets. */
function meaningful(object: KubernetesObject): KubernetesObject {
  const { status: _, metadata, ...rest } = object;
  const { name, namespace, labels, annotations, ownerReferences, finalizers } = metadata;
  return {
    ...rest,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(ownerReferences === undefined ? {} : { ownerReferences }),
      ...(finalizers === undefined ? {} : { finalizers }),
    },
  };
}

function fieldChanges(before: unknown, after: unknown, path: Path): readonly FieldChange[] {
  if (isRecord(before) && isRecord(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => fieldChanges(own(before, key), own(after, key), [...path, key]));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const named = namedChanges(before, after, path);
    if (named !== undefined && named.length > 0) return named;
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) =>
      fieldChanges(before[index], after[index], [...path, index]),
    ).flat();
  }
  if (before === after) return [];
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

/** Undefined where entries have no names, or share one; empty where only their order differs. */
function namedChanges(
  before: readonly unknown[],
  after: readonly unknown[],
  path: Path,
): readonly FieldChange[] | undefined {
  const list = path.at(-1);
  const nameOf = typeof list === 'string' ? entryNameOf(list) : undefined;
  if (nameOf === undefined) return undefined;
  const byName = (entries: readonly unknown[]) => new Map(entries.map((entry) => [nameOf(entry), entry]));
  const [old, wanted] = [byName(before), byName(after)];
  const names = new Set([...old.keys(), ...wanted.keys()]);
  if (old.size < before.length || wanted.size < after.length || names.has(undefined)) return undefined;
  const pairs = [...names].map((name) => ({ name, before: old.get(name), after: wanted.get(name) }));
  const gone = pairs.filter((pair) => pair.after === undefined);
  const added = pairs.filter((pair) => pair.before === undefined);
  // One that goes and one that comes are the same one, of which what it is called by has changed.
  const taken = added.slice(0, gone.length);
  const shown = pairs
    .filter((pair) => !taken.includes(pair))
    .map((pair) => ({ ...pair, after: pair.after ?? taken[gone.indexOf(pair)]?.after }));
  return shown.flatMap((pair) =>
    fieldChanges(pair.before, pair.after, [...path.slice(0, -1), `${list}[${pair.name}]`]),
  );
}

/** A label may be called `constructor`. */
function own(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
