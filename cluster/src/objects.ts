import { listAt, parseJson, textAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import type { Connection } from './connect.ts';
import { ClusterError } from './errors.ts';
import type { ResourceKind } from './kinds.ts';
import { largestListSize, makeListGuard } from './list-guard.ts';
import type { Pace } from './pace.ts';
import type { ApiRequest } from './request.ts';

/** Where an object stands; `namespace` is absent for cluster-wide kinds. */
export interface Location {
  readonly namespace?: string | undefined;
  readonly name: string;
}

export interface ListOptions {
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** What is kept of each object, as it comes; undefined: nothing. Absent: all of it. */
  readonly keep?: ((object: KubernetesObject) => KubernetesObject | undefined) | undefined;
  /** Absent: 500, or 200 of those who keep a pace. */
  readonly pageSize?: number | undefined;
  /** UTF-16 code units of all pages together. Absent: `largestListSize`. */
  readonly mostSize?: number | undefined;
  /** Asked before each page is read. */
  readonly pace?: Pace | undefined;
  readonly signal: AbortSignal;
}

export interface ObjectList {
  readonly objects: readonly KubernetesObject[];
  /** Where a watch goes on from. */
  readonly resourceVersion: string;
}

/** @throws ClusterError `not-found` */
export async function getObject(
  connection: Connection,
  kind: ResourceKind,
  at: Location,
  signal: AbortSignal,
): Promise<KubernetesObject> {
  return toObject(await connection.json({ verb: 'get', kind, ...at, signal }), kind);
}

/** As `getObject`; undefined where there is no such object. A kind that is not served still throws. */
export async function findObject(
  connection: Connection,
  kind: ResourceKind,
  at: Location,
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  try {
    return await getObject(connection, kind, at, signal);
  } catch (error) {
    if (ClusterError.is(error, 'not-found')) return undefined;
    throw error;
  }
}

/** Reads page by page, so that a long list does not have to come in one answer. */
export async function listObjects(
  connection: Connection,
  kind: ResourceKind,
  options: ListOptions,
): Promise<ObjectList> {
  const objects: KubernetesObject[] = [];
  let resourceVersion = '';
  for await (const page of listPages(connection, kind, options)) {
    objects.push(...page.objects);
    resourceVersion = page.resourceVersion;
  }
  return { objects, resourceVersion };
}

/** For whoever keeps less than the objects, or stops early. */
export async function* listPages(
  connection: Connection,
  kind: ResourceKind,
  {
    namespace,
    labelSelector,
    fieldSelector,
    keep,
    pageSize,
    mostSize = largestListSize,
    pace,
    signal,
  }: ListOptions,
): AsyncGenerator<ObjectList, void, void> {
  const guard = makeListGuard(kind, mostSize);
  let next = '';
  do {
    const query = {
      // A page is read at one go: of those who keep a pace it has to be a short one.
      limit: String(pageSize ?? (pace === undefined ? 500 : 200)),
      ...(labelSelector === undefined ? {} : { labelSelector }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
      ...(next === '' ? {} : { continue: next }),
    };
    const { page, size } = await readPage(connection, { verb: 'list', kind, namespace, query, signal }, pace);
    const items = listAt(page, 'items');
    next = textAt(page, 'metadata', 'continue') ?? '';
    guard({ size, objects: items.length, next });
    yield {
      objects: await readItems(items, kind, keep, pace),
      resourceVersion: textAt(page, 'metadata', 'resourceVersion') ?? '',
    };
  } while (next !== '');
}

async function readItems(
  items: readonly unknown[],
  kind: ResourceKind,
  keep: ListOptions['keep'],
  pace: Pace | undefined,
): Promise<readonly KubernetesObject[]> {
  const objects: KubernetesObject[] = [];
  for (const [index, item] of items.entries()) {
    if (index % itemsAtOnce === 0) await pace?.turn();
    const object = toObject(item, kind);
    const kept = keep === undefined ? object : keep(object);
    if (kept !== undefined) objects.push(kept);
  }
  return objects;
}

const itemsAtOnce = 25;

async function readPage(
  connection: Connection,
  request: ApiRequest,
  pace: Pace | undefined,
): Promise<{ readonly page: unknown; readonly size: number }> {
  const text = await connection.text(request);
  await pace?.turn();
  // Asked again, the connection tells what is wrong with an answer that is no JSON.
  return { page: parseJson(text) ?? (await connection.json(request)), size: text.length };
}

/** @throws ClusterError `already-exists` */
export async function createObject(
  connection: Connection,
  kind: ResourceKind,
  object: Readonly<Record<string, unknown>>,
  options: { readonly namespace?: string | undefined; readonly signal: AbortSignal },
): Promise<KubernetesObject> {
  return toObject(await connection.json({ verb: 'create', kind, ...options, body: object }), kind);
}

/** JSON merge patch: null removes a field, a list replaces the list. */
export async function patchObject(
  connection: Connection,
  kind: ResourceKind,
  at: Location & { readonly subresource?: 'status' },
  patch: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<KubernetesObject> {
  const contentType = 'application/merge-patch+json';
  return toObject(
    await connection.json({ verb: 'patch', kind, ...at, body: patch, contentType, signal }),
    kind,
  );
}

/** Writes the whole object, refused with `conflict` where it carries an old resourceVersion. */
export async function replaceObject(
  connection: Connection,
  kind: ResourceKind,
  at: Location & { readonly subresource?: 'status' },
  object: KubernetesObject,
  signal: AbortSignal,
): Promise<KubernetesObject> {
  return toObject(await connection.json({ verb: 'update', kind, ...at, body: object, signal }), kind);
}

export interface DeleteOptions {
  /** Foreground: the object stays until what it owns is gone. Absent: background. */
  readonly propagationPolicy?: 'Foreground' | 'Background' | 'Orphan';
  readonly gracePeriodSeconds?: number;
  /** Deletes only the object that was looked at, not a new one of the same name. */
  readonly uid?: string | undefined;
  readonly signal: AbortSignal;
}

/** @throws ClusterError `not-found` */
export async function deleteObject(
  connection: Connection,
  kind: ResourceKind,
  at: Location,
  { propagationPolicy, gracePeriodSeconds, uid, signal }: DeleteOptions,
): Promise<void> {
  const body = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: propagationPolicy ?? 'Background',
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(uid === undefined ? {} : { preconditions: { uid } }),
  };
  await connection.text({ verb: 'delete', kind, ...at, body, signal });
}

/**
 * The value as an object, where it has a name. Items of a list come without `apiVersion` and `kind`: `kind` gives
 * them.
 *
 * @throws ClusterError `server-error` when it is no object at all
 */
export function toObject(value: unknown, kind?: ResourceKind): KubernetesObject {
  const typed = isJsonObject(value) && kind !== undefined ? { ...typeOf(kind), ...value } : value;
  if (isObject(typed)) return typed;
  const message = `The API server answered with something that is no ${kind?.kind ?? 'object'}. Check that the kubeconfig names a Kubernetes cluster.`;
  throw new ClusterError({ reason: 'server-error', message });
}

function typeOf({ apiVersion, kind }: ResourceKind): { readonly apiVersion: string; readonly kind: string } {
  return { apiVersion, kind };
}

function isObject(value: unknown): value is KubernetesObject {
  return (
    isJsonObject(value) &&
    typeof value['apiVersion'] === 'string' &&
    typeof value['kind'] === 'string' &&
    isJsonObject(value['metadata']) &&
    isGoneThrough(value['metadata'])
  );
}

/** The lists of metadata, which API servers vouch for whatever the kind. */
function isGoneThrough({ ownerReferences = [], finalizers = [] }: JsonObject): boolean {
  return Array.isArray(ownerReferences) && ownerReferences.every(isJsonObject) && Array.isArray(finalizers);
}
