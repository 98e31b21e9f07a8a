import { type JsonObject, jsonEqual } from '#core/schema/json-schema.ts';
import { ApiError, badRequest, conflict } from '../api-error.ts';
import { setOfPaths } from '../apply/field-set.ts';
import type { Writer } from '../apply/ownership.ts';
import { type FieldError, invalid, invalidObject } from '../field-error.ts';
import { nameOf, namespaceOf, objectAt, textAt, timestamp, valueAt, withValue } from '../json.ts';
import { validateMetadata } from '../kinds/metadata.ts';
import { dnsLabel, pathSegment, subdomain, type TextRule } from '../kinds/name-rules.ts';
import type { Call } from '../request/call.ts';
import { apiVersionOf, type Resource } from '../resource.ts';
import { schemaErrors } from '../schema/field-errors.ts';

/** Checks that the body is of the kind, and the namespace and name, that the URL names. */
export function checkIdentity(
  sent: JsonObject,
  resource: Resource,
  namespace: string | undefined,
  name: string | undefined,
): JsonObject {
  const { kind, plural } = resource;
  const apiVersion = apiVersionOf(resource);
  const sentVersion = textAt(sent, 'apiVersion');
  const sentKind = textAt(sent, 'kind');
  if ((sentKind ?? kind) !== kind || (sentVersion ?? apiVersion) !== apiVersion) {
    const difference = `the API version in the data (${sentVersion}) does not match the expected API version (${apiVersion})`;
    if (resource.isCustom || sentKind === kind) throw badRequest(difference);
    const internal = resource.group === '' ? 'core' : (resource.group.split('.')[0] ?? '');
    throw badRequest(
      `${sentKind} in version "${resource.version}" cannot be handled as a ${kind}: converting ` +
        `(${resource.version}.${sentKind}) to (${internal}.${kind}): unknown conversion`,
    );
  }
  const own = namespaceOf(sent);
  if (namespace !== undefined && resource.isNamespaced && (own ?? namespace) !== namespace) {
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`);
  }
  if (name !== undefined && (textAt(sent, 'metadata', 'name') ?? name) !== name) {
    throw badRequest(`the name of the object (${nameOf(sent)}) does not match the name on the URL (${name})`);
  }
  if (!resource.isNamespaced && plural !== 'namespaces' && own !== undefined && own !== '') {
    throw badRequest('namespace may not be set on a cluster-scoped object');
  }
  const metadata: Record<string, unknown> = { ...objectAt(sent, 'metadata') };
  if (name !== undefined) metadata['name'] = name;
  if (resource.isNamespaced) metadata['namespace'] = namespace;
  else delete metadata['namespace'];
  return { ...sent, apiVersion, kind, metadata };
}

/** @throws ApiError 422 naming every fault. */
export function validateObject(resource: Resource, object: JsonObject, before: JsonObject | undefined): void {
  const structural = schemaErrors(resource.schema, object).filter(
    ({ reason, field }) => resource.isCustom || (reason === 'FieldValueRequired' && isInput(field)),
  );
  const own = resource.behavior.validate?.(object, before) ?? [];
  const known = new Set(own.map(({ field }) => field));
  const errors: FieldError[] = [
    ...validateMetadata(object, before, nameRuleFor(resource)),
    ...structural.filter(({ field }) => !known.has(field)),
    ...own,
  ];
  if (errors.length > 0) throw invalidObject(resource, nameOf(object), errors);
}

/** Who is recorded for this write, and which paths it cannot change. */
export function writerFor(
  resource: Resource,
  call: Call,
  operation: Writer['operation'],
  subresource: string | undefined,
): Writer {
  const status = [['status']];
  const others = [['spec'], ...(resource.isCustom ? [['metadata']] : [])];
  const ignored = subresource === 'status' ? others : resource.hasStatus ? status : [];
  return {
    manager: call.manager,
    operation,
    apiVersion: apiVersionOf(resource),
    ...(subresource === undefined ? {} : { subresource }),
    time: timestamp(),
    ignored: setOfPaths(...ignored),
  };
}

/** The new generation, where the kind counts its changes: metadata and status do not count. */
export function nextGeneration(
  resource: Resource,
  before: JsonObject,
  after: JsonObject,
): number | undefined {
  const generation = valueAt(before, 'metadata', 'generation');
  if (!resource.behavior.bumpsGeneration || typeof generation !== 'number') return undefined;
  return jsonEqual(countedPart(resource, before), countedPart(resource, after)) ? generation : generation + 1;
}

/**
 * A client that names the version it has seen must have seen the latest. Of a patch, the uid is a field as others are:
 * it cannot be changed, and in the status of a custom resource nothing of the metadata is looked at.
 */
export function checkPreconditions(
  resource: Resource,
  sent: JsonObject,
  current: JsonObject,
  { isPatch, subresource }: { readonly isPatch: boolean; readonly subresource: string | undefined },
): void {
  const uid = textAt(sent, 'metadata', 'uid');
  const currentUid = textAt(current, 'metadata', 'uid');
  const isLookedAt = !(isPatch && resource.isCustom && subresource === 'status');
  if (isLookedAt && uid !== undefined && uid !== '' && uid !== currentUid) {
    if (isPatch) {
      const error = invalid('metadata.uid', uid, 'field is immutable');
      throw invalidObject(resource, nameOf(current), [error]);
    }
    const place = [resource.isCustom ? resource.group : undefined, resource.plural, namespaceOf(current)];
    const key = ['/registry', ...place.filter((part) => part !== undefined), nameOf(current)].join('/');
    const why =
      `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ` +
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${currentUid}`;
    throw conflict(resource, nameOf(current), why);
  }
  const revision = textAt(sent, 'metadata', 'resourceVersion');
  if (revision === undefined || revision === '') return;
  if (!/^[0-9]+$/.test(revision)) {
    throw new ApiError(500, '', `strconv.ParseUint: parsing ${JSON.stringify(revision)}: invalid syntax`);
  }
  if (revision !== textAt(current, 'metadata', 'resourceVersion')) throw conflict(resource, nameOf(current));
}

export function withMetadata(object: JsonObject, values: JsonObject): JsonObject {
  return Object.entries(values).reduce<JsonObject>(
    (result, [key, value]) => withValue(result, ['metadata', key], value),
    object,
  );
}

function countedPart(resource: Resource, object: JsonObject): JsonObject {
  const { metadata: _metadata, ...rest } = object;
  if (!resource.hasStatus) return rest;
  const { status: _status, ...counted } = rest;
  return counted;
}

/** Status is written by programs that leave out what Go would fill with zero values. */
function isInput(field: string): boolean {
  return field !== 'status' && !field.startsWith('status.');
}

function nameRuleFor({ group, plural }: Resource): TextRule {
  if (group === 'rbac.authorization.k8s.io') return pathSegment;
  return group === '' && (plural === 'namespaces' || plural === 'services') ? dnsLabel : subdomain;
}
