import { isEgressRouter, type ParsedRouter, parseRouter } from '#core/egress-router/parse.ts';
import type { Path } from '#core/problem.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';

/** A Kubernetes object that concerns egress routers; paths in it count from its `root`. */
export type DocumentObject = RouterObject;

export interface RouterObject extends ParsedRouter {
  readonly kind: 'router';
  /** Where the object stands in its document: empty but for the items of a List. */
  readonly root: Path;
}

/** The objects of one document that concern egress routers. */
export function objectsIn(value: unknown, root: Path = []): readonly DocumentObject[] {
  if (isEgressRouter(value)) return [readRouter(value, root)];
  if (!isJsonObject(value)) return [];
  const items = listFields.find(({ kind }) => value['kind'] === kind);
  const list = items === undefined ? undefined : value[items.field];
  if (items === undefined || !Array.isArray(list)) return [];
  return list.flatMap((item: unknown, index) => objectsIn(item, [...root, items.field, index]));
}

export function readRouter(value: unknown, root: Path): RouterObject {
  return { kind: 'router', root, ...parseRouter(value) };
}

/** The innermost object that a path leads into, and the rest of the path. */
export function objectAt(
  objects: readonly DocumentObject[],
  path: Path,
): { readonly object: DocumentObject; readonly path: Path } | undefined {
  const object = objects.find(({ root }) => root.every((step, index) => step === path[index]));
  return object === undefined ? undefined : { object, path: path.slice(object.root.length) };
}

/** Undefined where the path leads nowhere. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (Array.isArray(inner)) return inner[Number(step)];
    return isJsonObject(inner) ? inner[step] : undefined;
  }, value);
}

const listFields = [
  { kind: 'List', field: 'items' },
  { kind: 'EgressRouterList', field: 'items' },
  { kind: 'Template', field: 'objects' },
] as const;
