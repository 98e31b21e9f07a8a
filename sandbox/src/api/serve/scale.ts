import type { JsonObject } from '#core/schema/json-schema.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { methodNotAllowed, notFound } from '../api-error.ts';
import type { Cluster } from '../cluster.ts';
import { numberAt, textAt, textsAt, valueAt, withValue } from '../json.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import { parseText } from '../request/body.ts';
import type { Call } from '../request/call.ts';
import type { Resource, ScalePaths } from '../resource.ts';
import { currentObject, type Place, replaceObject } from '../write/update.ts';

/** `autoscaling/v1` Scale of an object that has replicas. @throws ApiError 404 where the kind has none */
export function readScale(cluster: Cluster, place: Place): JsonObject {
  return toScale(currentObject(cluster, place), pathsOf(place.resource, place.name));
}

export function replaceScale(cluster: Cluster, place: Place, scale: JsonObject, call: Call): JsonObject {
  const paths = pathsOf(place.resource, place.name);
  const replicas = numberAt(scale, 'spec', 'replicas') ?? 0;
  const revision = textAt(scale, 'metadata', 'resourceVersion');
  const change = (current: JsonObject): JsonObject =>
    withValue(withValue(current, paths.specReplicas, replicas), ['metadata', 'resourceVersion'], revision);
  // The main object is written; only the record of owners says which way it came.
  const main = { ...place, subresource: undefined, recordedAs: 'scale' };
  return toScale(replaceObject(cluster, main, change, call, true).object, paths);
}

export function patchScale(
  cluster: Cluster,
  place: Place,
  text: string,
  mediaType: string,
  call: Call,
): JsonObject {
  const scale = readScale(cluster, place);
  const patch = parseText(text, mediaType.includes('yaml'));
  const isJsonPatch = mediaType === 'application/json-patch+json';
  if (!isJsonPatch && !isJsonObject(patch)) throw methodNotAllowed();
  const next = isJsonObject(patch) ? applyMergePatch(scale, patch) : applyJsonPatch(scale, patch);
  return replaceScale(cluster, place, next, call);
}

function pathsOf(resource: Resource, name: string): ScalePaths {
  if (resource.scale === undefined) throw notFound(resource, name);
  return resource.scale;
}

function toScale(object: JsonObject, paths: ScalePaths): JsonObject {
  const selector = paths.selector === undefined ? undefined : valueAt(object, ...paths.selector);
  const metadata = Object.fromEntries(
    ['name', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp'].map((key) => [
      key,
      valueAt(object, 'metadata', key),
    ]),
  );
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata,
    spec: { replicas: numberAt(object, ...paths.specReplicas) ?? 0 },
    status: {
      replicas: numberAt(object, ...paths.statusReplicas) ?? 0,
      ...(selector === undefined ? {} : { selector: shownSelector(selector) }),
    },
  };
}

function shownSelector(selector: unknown): string {
  if (typeof selector === 'string') return selector;
  return Object.entries(textsAt(selector, 'matchLabels'))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
