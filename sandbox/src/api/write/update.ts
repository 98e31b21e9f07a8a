import { type JsonObject, jsonEqual } from '#core/schema/json-schema.ts';
import { notFound } from '../api-error.ts';
import { recordUpdate } from '../apply/ownership.ts';
import type { Cluster } from '../cluster.ts';
import { invalid, invalidObject } from '../field-error.ts';
import { isDeleting, namespaceOf, objectAt, stringsAt, textAt, valueAt, withValue } from '../json.ts';
import { present, toStored } from '../present.ts';
import type { Call } from '../request/call.ts';
import type { Resource } from '../resource.ts';
import { decode } from '../schema/decode.ts';
import { type Written, withWarnings } from './create.ts';
import {
  checkIdentity,
  checkPreconditions,
  nextGeneration,
  validateObject,
  withMetadata,
  writerFor,
} from './prepare.ts';

export interface Place {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly subresource: string | undefined;
  /** What managedFields name as the way the write came, where that is not `subresource`. */
  readonly recordedAs?: string;
}

/** @throws ApiError 404 */
export function currentObject({ store }: Cluster, { resource, namespace, name }: Place): JsonObject {
  const stored = store.get(resource.table, namespace, name);
  if (stored === undefined) throw notFound(resource, name);
  return present(resource, stored);
}

/** Replaces an object by what a client sent (PUT), or by what a patch made of it. */
export function replaceObject(
  cluster: Cluster,
  place: Place,
  change: (current: JsonObject) => JsonObject,
  call: Call,
  isPatch: boolean,
): Written {
  const { resource, namespace, name, subresource, recordedAs } = place;
  const current = currentObject(cluster, place);
  const sent = checkIdentity(change(current), resource, namespace, name);
  if (!isPatch) checkNamesRevision(resource, sent, name);
  checkPreconditions(resource, sent, current, { isPatch, subresource });
  const { object, warnings } = decode(sent, resource, call.fieldValidation);
  const confined = confine(object, current, place);
  const before = managersDropped(sent)
    ? withValue(current, ['metadata', 'managedFields'], undefined)
    : current;
  const writer = writerFor(resource, call, 'Update', recordedAs ?? subresource);
  // Nobody owns the server's own finalizers.
  const recorded =
    subresource === 'finalize' ? confined : recordUpdate(before, confined, resource.schema, writer);
  return withWarnings(warnings, store(cluster, place, current, recorded, call));
}

/** The second half of a write to an object that exists, for one that has its managedFields. */
export function store(
  cluster: Cluster,
  { resource, subresource }: Place,
  current: JsonObject,
  object: JsonObject,
  call: Call,
): Written {
  const isMain = subresource === undefined;
  const completed = isMain
    ? (resource.behavior.onUpdate?.(object, current, cluster.world) ?? object)
    : object;
  const next = withMetadata(completed, {
    generation: nextGeneration(resource, current, completed) ?? valueAt(current, 'metadata', 'generation'),
  });
  validateObject(resource, next, current);
  if (jsonEqual(next, current)) return { object: current, warnings: [], isNew: false };
  const { user } = call;
  const namespace = namespaceOf(next);
  const warnings = cluster.judge.judge({
    resource,
    subresource,
    namespace,
    operation: 'UPDATE',
    object: next,
    before: current,
    user,
  });
  if (call.isDryRun) return { object: next, warnings, isNew: false };
  const { table } = resource;
  const stored = toStored(resource, next);
  const isGone = isFinished(resource, next);
  const result = isGone ? cluster.store.remove(table, stored) : cluster.store.put(table, stored);
  return { object: present(resource, result), warnings, isNew: false };
}

/** Keeps a write to what its endpoint may change; the server's own metadata always stays. */
export function confine(
  object: JsonObject,
  current: JsonObject,
  { resource, subresource }: Place,
): JsonObject {
  const kept = withMetadata(object, serverMetadata(current));
  const status = current['status'];
  switch (subresource) {
    case undefined:
      return resource.hasStatus ? withValue(kept, ['status'], status) : kept;
    case 'status': {
      const own = objectAt(kept, 'metadata');
      const metadata = resource.isCustom
        ? objectAt(current, 'metadata')
        : { ...objectAt(current, 'metadata'), ...pick(own, ['labels', 'annotations']) };
      return withValue({ ...current, metadata }, ['status'], kept['status']);
    }
    case 'finalize':
      return withValue(current, ['spec', 'finalizers'], finalizersOf(object));
    default:
      return kept;
  }
}

/** Whether nothing holds the object back any longer. */
export function isFinished(resource: Resource, object: JsonObject): boolean {
  if (!isDeleting(object) || stringsAt(object, 'metadata', 'finalizers').length > 0) return false;
  if (resource.table === 'namespaces') return stringsAt(object, 'spec', 'finalizers').length === 0;
  const grace = valueAt(object, 'metadata', 'deletionGracePeriodSeconds');
  return grace === undefined || grace === 0;
}

function serverMetadata(current: JsonObject): JsonObject {
  const keys = [
    'uid',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'generation',
    'resourceVersion',
    'managedFields',
  ];
  return Object.fromEntries(keys.map((key) => [key, valueAt(current, 'metadata', key)]));
}

/** A client may give up the record of owners by sending an empty one. */
function managersDropped(sent: JsonObject): boolean {
  const managers = valueAt(sent, 'metadata', 'managedFields');
  if (!Array.isArray(managers)) return false;
  return managers.length === 0 || (managers.length === 1 && jsonEqual(managers[0], {}));
}

/** Of custom resources a PUT must say which version it replaces. */
function checkNamesRevision(resource: Resource, sent: JsonObject, name: string): void {
  const isStrict =
    resource.isCustom || resource.plural === 'leases' || resource.group === 'apiextensions.k8s.io';
  if (!isStrict || (textAt(sent, 'metadata', 'resourceVersion') ?? '') !== '') return;
  const { group, plural } = resource;
  throw invalidObject({ group, kind: plural }, name, [
    invalid('metadata.resourceVersion', 0, 'must be specified for an update'),
  ]);
}

function finalizersOf(namespace: JsonObject): readonly string[] | undefined {
  const finalizers = stringsAt(namespace, 'spec', 'finalizers');
  return finalizers.length === 0 ? undefined : finalizers;
}

function pick(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.filter((key) => object[key] !== undefined).map((key) => [key, object[key]]));
}
