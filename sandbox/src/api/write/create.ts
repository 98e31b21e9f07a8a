import { randomInt, randomUUID } from 'node:crypto';
import { type JsonObject, jsonEqual } from '#core/schema/json-schema.ts';
import { ApiError, alreadyExists, badRequest, forbidden, notFound } from '../api-error.ts';
import { recordUpdate } from '../apply/ownership.ts';
import type { Cluster } from '../cluster.ts';
import { isDeleting, nameOf, objectAt, textAt, timestamp } from '../json.ts';
import { present, toStored } from '../present.ts';
import type { Call } from '../request/call.ts';
import type { Resource } from '../resource.ts';
import { decode } from '../schema/decode.ts';
import { checkIdentity, validateObject, withMetadata, writerFor } from './prepare.ts';

export interface Written {
  readonly object: JsonObject;
  readonly warnings: readonly string[];
  readonly isNew: boolean;
}

/** Makes a new object of what a client sent. */
export function createObject(
  cluster: Cluster,
  resource: Resource,
  namespace: string | undefined,
  sent: JsonObject,
  call: Call,
): Written {
  const named = withName(checkIdentity(sent, resource, namespace, undefined), resource);
  if ((textAt(named, 'metadata', 'resourceVersion') ?? '') !== '') {
    throw new ApiError(500, '', 'resourceVersion should not be set on objects to be created');
  }
  const { object, warnings } = decode(named, resource, call.fieldValidation);
  const recorded = recordUpdate(
    undefined,
    withFreshMetadata(withoutStatus(object, resource)),
    resource.schema,
    writerFor(resource, call, 'Update', undefined),
    resource.seed,
  );
  return withWarnings(warnings, insert(cluster, resource, namespace, recorded, call));
}

/** The second half of a create, for an object that has been decoded and has its managedFields. */
export function insert(
  cluster: Cluster,
  resource: Resource,
  namespace: string | undefined,
  object: JsonObject,
  call: Call,
): Written {
  const name = nameOf(object);
  checkNamespace(cluster, resource, namespace, name);
  const fresh = withMetadata(object, {
    uid: randomUUID(),
    creationTimestamp: timestamp(),
    ...(resource.behavior.bumpsGeneration ? { generation: 1 } : {}),
  });
  validateObject(resource, fresh, undefined);
  const complete = resource.behavior.onCreate?.(fresh, cluster.world) ?? fresh;
  if (!jsonEqual(complete, fresh)) validateObject(resource, complete, undefined);
  if (cluster.store.get(resource.table, namespace, name) !== undefined) throw alreadyExists(resource, name);
  const warnings = cluster.judge.judge({
    resource,
    subresource: undefined,
    namespace,
    operation: 'CREATE',
    object: complete,
    before: undefined,
    user: call.user,
  });
  const stored = call.isDryRun ? complete : cluster.store.put(resource.table, toStored(resource, complete));
  return {
    object: present(resource, call.isDryRun ? toStored(resource, stored) : stored),
    warnings,
    isNew: true,
  };
}

/** What was found in reading goes before what policies say. */
export function withWarnings(warnings: readonly string[], written: Written): Written {
  return { ...written, warnings: [...warnings, ...written.warnings] };
}

/** Nodes report their status when they register; every other status starts with the server. */
export function withoutStatus(object: JsonObject, resource: Resource): JsonObject {
  if (!resource.hasStatus || resource.plural === 'nodes') return object;
  const { status: _, ...rest } = object;
  return rest;
}

export function withFreshMetadata(object: JsonObject): JsonObject {
  return withMetadata(object, {
    uid: undefined,
    creationTimestamp: undefined,
    deletionTimestamp: undefined,
    deletionGracePeriodSeconds: undefined,
    generation: undefined,
    resourceVersion: undefined,
    selfLink: undefined,
  });
}

function checkNamespace(
  { store }: Cluster,
  resource: Resource,
  namespace: string | undefined,
  name: string,
): void {
  if (!resource.isNamespaced) return;
  if (namespace === undefined || namespace === '') {
    throw badRequest('an empty namespace may not be set during creation');
  }
  const found = store.get('namespaces', undefined, namespace);
  if (found === undefined) throw notFound({ group: '', plural: 'namespaces' }, namespace);
  if (!isDeleting(found)) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw forbidden(resource, name, why, [
    {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    },
  ]);
}

function withName(object: JsonObject, resource: Resource): JsonObject {
  const prefix = textAt(object, 'metadata', 'generateName') ?? '';
  if (nameOf(object) !== '' || prefix === '') return object;
  // 63 characters is what a label holds; five are for the suffix.
  const name = `${prefix.slice(0, 58)}${suffix()}`;
  return { ...object, kind: resource.kind, metadata: { ...objectAt(object, 'metadata'), name } };
}

/** Five characters without vowels, so that they spell nothing. */
function suffix(): string {
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  return Array.from({ length: 5 }, () => letters[randomInt(letters.length)] ?? '').join('');
}
