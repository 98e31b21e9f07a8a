import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { ApiError, badRequest, unsupportedMediaType } from '../api-error.ts';
import { applyConflict } from '../apply/apply-conflict.ts';
import { applyConfig } from '../apply/ownership.ts';
import { typedProblems } from '../apply/typed-check.ts';
import { admit } from '../auth/admit.ts';
import type { Cluster } from '../cluster.ts';
import { invalidOptions, required } from '../field-error.ts';
import { nameOf, namespaceOf, valueAt, withValue } from '../json.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import { applyStrategicMerge } from '../patch/strategic-merge.ts';
import { present } from '../present.ts';
import { parseText } from '../request/body.ts';
import type { Call } from '../request/call.ts';
import { apiVersionOf } from '../resource.ts';
import { decode } from '../schema/decode.ts';
import { insert, type Written, withFreshMetadata, withoutStatus, withWarnings } from './create.ts';
import { checkIdentity, checkPreconditions, writerFor } from './prepare.ts';
import { confine, type Place, replaceObject, store } from './update.ts';

/** A PATCH of any of the kinds that its media type can name. */
export function patchObject(
  cluster: Cluster,
  place: Place,
  text: string,
  mediaType: string,
  call: Call,
): Written {
  switch (mediaType) {
    case 'application/json-patch+json': {
      const patch = parseText(text, false);
      return replaceObject(cluster, place, (current) => applyJsonPatch(current, patch), call, true);
    }
    case 'application/merge-patch+json': {
      const patch = objectOf(parseText(text, false));
      return replaceObject(cluster, place, (current) => applyMergePatch(current, patch), call, true);
    }
    case 'application/strategic-merge-patch+json': {
      if (place.resource.isCustom)
        throw unsupportedMediaType(patchTypes.filter((type) => type !== mediaType));
      const patch = objectOf(parseText(text, false));
      const { schema } = place.resource;
      return replaceObject(
        cluster,
        place,
        (current) => applyStrategicMerge(current, patch, schema),
        call,
        true,
      );
    }
    case 'application/apply-patch+yaml':
      return applyObject(cluster, place, objectOf(parseText(text, true)), call);
    default:
      throw new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  }
}

const patchTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];

function applyObject(cluster: Cluster, place: Place, sent: JsonObject, call: Call): Written {
  const { resource, namespace, name, subresource } = place;
  if (!call.isManagerGiven) {
    throw invalidOptions('PatchOptions', required('fieldManager', 'is required for apply patch'));
  }
  const managed = valueAt(sent, 'metadata', 'managedFields');
  if (Array.isArray(managed) && managed.length > 0) throw badRequest('metadata.managedFields must be nil');
  if (sent['apiVersion'] === undefined || sent['kind'] === undefined) {
    throw badRequest(
      `invalid object type: ${sent['apiVersion'] === undefined ? 'apiVersion' : 'kind'} must be set`,
    );
  }
  const config = asObject(withoutNulls(checkIdentity(sent, resource, namespace, name)));
  const problems = typedProblems(config, resource.schema);
  if (problems.length > 0) {
    const where = `${namespaceOf(sent) ?? ''}/${nameOf(config)}; ${apiVersionOf(resource)}, Kind=${resource.kind}`;
    const list =
      problems.length === 1
        ? (problems[0] ?? '')
        : `errors:\n${problems.map((one) => `  ${one}`).join('\n')}`;
    throw new ApiError(500, '', `failed to create typed patch object (${where}): ${list}`);
  }
  const stored = cluster.store.get(resource.table, namespace, name);
  const writer = writerFor(resource, call, 'Apply', subresource);
  if (stored === undefined) {
    if (subresource !== undefined) return replaceObject(cluster, place, () => config, call, true);
    const { group, plural } = resource;
    const creation = { kind: 'resource', verb: 'create', group, resource: plural, name } as const;
    admit(cluster.store, call.user, { ...creation, ...(namespace === undefined ? {} : { namespace }) });
    const identity = {
      apiVersion: config['apiVersion'],
      kind: config['kind'],
      metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    };
    const result = applyConfig(identity, config, resource.schema, writer, call.isForced);
    if (result.kind === 'conflicts') throw applyConflict(result.conflicts);
    const { object, warnings } = decode(result.object, resource, call.fieldValidation);
    const fresh = withFreshMetadata(withoutStatus(object, resource));
    return withWarnings(warnings, insert(cluster, resource, namespace, fresh, call));
  }
  const current = present(resource, stored);
  checkPreconditions(resource, config, current, { isPatch: true, subresource });
  const result = applyConfig(current, config, resource.schema, writer, call.isForced);
  if (result.kind === 'conflicts') throw applyConflict(result.conflicts);
  const { object, warnings } = decode(result.object, resource, call.fieldValidation);
  const managers = valueAt(result.object, 'metadata', 'managedFields');
  const confined = confine(object, current, place);
  const owned = withValue(confined, ['metadata', 'managedFields'], managers);
  return withWarnings(warnings, store(cluster, place, current, owned, call));
}

function objectOf(value: unknown): JsonObject {
  if (!isJsonObject(value)) throw badRequest('error decoding patch: the patch must be an object');
  return value;
}

function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** In a configuration a null says nothing. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null && item !== undefined)
      .map(([key, item]) => [key, withoutNulls(item)]),
  );
}
