import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';

/**
 * A set of paths as a tree. A key is one path element as FieldsV1 writes it: `f:spec`, `k:{"name":"a"}`,
 * `v:"x"`. `isMember` says whether the path down to here is itself in the set. Trees hold no empty branches.
 */
export interface FieldSet {
  readonly isMember: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

export const emptySet: FieldSet = { isMember: false, children: new Map() };
export const memberSet: FieldSet = { isMember: true, children: new Map() };

/** A node above `children`, of which the empty ones are left out. */
export function nodeSet(children: Iterable<readonly [string, FieldSet]>, isMember = false): FieldSet {
  return { isMember, children: new Map([...children].filter(([, child]) => !isEmptySet(child))) };
}

export function isEmptySet(set: FieldSet): boolean {
  return !set.isMember && set.children.size === 0;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  const keys = new Set([...a.children.keys(), ...b.children.keys()]);
  return nodeSet(
    [...keys].map((key) => [key, union(childOf(a, key), childOf(b, key))] as const),
    a.isMember || b.isMember,
  );
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return nodeSet(
    [...a.children].map(([key, child]) => [key, intersection(child, childOf(b, key))] as const),
    a.isMember && b.isMember,
  );
}

export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return nodeSet(
    [...a.children].map(([key, child]) => [key, difference(child, childOf(b, key))] as const),
    a.isMember && !b.isMember,
  );
}

/** Without any path that begins with a member of `prefixes`. */
export function withoutBelow(set: FieldSet, prefixes: FieldSet): FieldSet {
  if (prefixes.isMember) return emptySet;
  return nodeSet(
    [...set.children].map(([key, child]) => [key, withoutBelow(child, childOf(prefixes, key))] as const),
    set.isMember,
  );
}

export function equalSets(a: FieldSet, b: FieldSet): boolean {
  return (
    a.isMember === b.isMember &&
    a.children.size === b.children.size &&
    [...a.children].every(([key, child]) => equalSets(child, childOf(b, key)))
  );
}

export function childOf(set: FieldSet, key: string): FieldSet {
  return set.children.get(key) ?? emptySet;
}

/** The set with exactly these paths of field names. */
export function setOfPaths(...paths: readonly (readonly string[])[]): FieldSet {
  return paths
    .map((path) => path.reduceRight<FieldSet>((set, name) => nodeSet([[`f:${name}`, set]]), memberSet))
    .reduce(union, emptySet);
}

/** The members' paths as Kubernetes prints them in a conflict: `.spec.ports[port=80,protocol="TCP"].name`. */
export function pathsOf(set: FieldSet, prefix = ''): string[] {
  const deeper = [...set.children].flatMap(([key, child]) => pathsOf(child, `${prefix}${shownElement(key)}`));
  return set.isMember ? [prefix, ...deeper] : deeper;
}

export function toFieldsV1(set: FieldSet): JsonObject {
  const sorted = [...set.children].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const entries = sorted.map(([key, child]) => [key, toFieldsV1(child)] as const);
  // "." tells a path with paths below it that it is itself in the set; a leaf always is.
  const self: [string, JsonObject][] = set.isMember && set.children.size > 0 ? [['.', {}]] : [];
  return Object.fromEntries([...self, ...entries]);
}

export function fromFieldsV1(fields: JsonObject): FieldSet {
  const children = Object.entries(fields)
    .filter(([key]) => key !== '.')
    .map(([key, value]) => [key, fromNode(isJsonObject(value) ? value : {})] as const);
  return nodeSet(children);
}

function fromNode(fields: JsonObject): FieldSet {
  if (Object.keys(fields).length === 0) return memberSet;
  return { ...fromFieldsV1(fields), isMember: Object.hasOwn(fields, '.') };
}

function shownElement(key: string): string {
  const text = key.slice(2);
  if (key.startsWith('f:')) return `.${text}`;
  if (key.startsWith('v:')) return `[=${text}]`;
  if (key.startsWith('i:')) return `[${text}]`;
  const parsed: unknown = JSON.parse(text);
  const pairs = Object.entries(isJsonObject(parsed) ? parsed : {});
  return `[${pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
}
