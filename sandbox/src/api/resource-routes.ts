import type { ServerResponse } from 'node:http';
import type { JsonObject } from '#core/schema/json-schema.ts';
import { methodNotAllowed, NoPage, noSuchPath } from './api-error.ts';
import type { Cluster } from './cluster.ts';
import { nameOf, namespaceOf } from './json.ts';
import { listObjects } from './read/list.ts';
import { readRepresentation, wholeList } from './read/representation.ts';
import { watchObjects } from './read/watch.ts';
import type { Admitted } from './request/admitted.ts';
import { mediaTypeOf, readObject, readOptions, readText } from './request/body.ts';
import { readCall } from './request/call.ts';
import type { ResourceTarget } from './request/target.ts';
import type { Verb } from './request/verb.ts';
import type { Resource } from './resource.ts';
import { sendJson } from './send.ts';
import { resourceList } from './serve/discovery.ts';
import { subresourceRoute } from './subresource-routes.ts';
import { createObject } from './write/create.ts';
import { deletedAnswer, deleteObject, readDeleteOptions } from './write/delete.ts';
import { patchObject } from './write/patch.ts';
import { currentObject, type Place, replaceObject } from './write/update.ts';

/** Requests to objects. @throws ApiError */
export async function resourceRoute(
  cluster: Cluster,
  admitted: Admitted,
  target: ResourceTarget,
  verb: Verb,
  response: ServerResponse,
): Promise<void> {
  const resource = cluster.registry.find(target.group, target.version, target.plural);
  if (resource === undefined) {
    const { group, version } = target;
    throw resourceList(group, version, cluster.registry.all()) === undefined ? new NoPage() : noSuchPath();
  }
  const namespace = resource.isNamespaced ? target.namespace : undefined;
  if (target.name !== undefined) {
    const place = { resource, namespace, name: target.name, subresource: target.subresource };
    if (resource.isNamespaced && namespace === undefined) throw noSuchPath();
    await (target.subresource === undefined
      ? objectRoute(cluster, admitted, place, verb, response)
      : subresourceRoute(cluster, admitted, place, verb, response));
    return;
  }
  await collectionRoute(cluster, admitted, resource, namespace, verb, response);
}

async function collectionRoute(
  cluster: Cluster,
  { request, url, user }: Admitted,
  resource: Resource,
  namespace: string | undefined,
  verb: Verb,
  response: ServerResponse,
): Promise<void> {
  const query = url.searchParams;
  const representation = readRepresentation(request.headers.accept, resource, query);
  const isAcrossNamespaces = resource.isNamespaced && namespace === undefined;
  if (isAcrossNamespaces && verb !== 'list' && verb !== 'watch') throw methodNotAllowed();
  switch (verb) {
    case 'list': {
      const { items, metadata } = listObjects(cluster, resource, namespace, query);
      sendJson(response, 200, representation.list(items, metadata));
      return;
    }
    case 'watch':
      watchObjects(
        cluster,
        resource,
        namespace === undefined ? {} : { namespace },
        query,
        representation,
        response,
      );
      return;
    case 'create': {
      const call = readCall(request, query, user);
      const sent = await readObject(request, resource.kind);
      const { object, warnings } = createObject(cluster, resource, namespace, sent, call);
      sendJson(response, 201, representation.one(object), warnings);
      return;
    }
    case 'deletecollection': {
      const options = readDeleteOptions(await readOptions(request), query);
      const { items, metadata } = listObjects(cluster, resource, namespace, query);
      for (const item of items) deleteObject(cluster, placeOf(resource, item), options);
      sendJson(response, 200, wholeList(resource, items, metadata));
      return;
    }
    default:
      throw methodNotAllowed();
  }
}

async function objectRoute(
  cluster: Cluster,
  { request, url, user }: Admitted,
  place: Place,
  verb: Verb,
  response: ServerResponse,
): Promise<void> {
  const { resource, namespace, name } = place;
  const query = url.searchParams;
  const representation = readRepresentation(request.headers.accept, resource, query);
  switch (verb) {
    case 'get':
      sendJson(response, 200, representation.one(currentObject(cluster, place)));
      return;
    case 'watch': {
      const scope = { name, ...(namespace === undefined ? {} : { namespace }) };
      watchObjects(cluster, resource, scope, query, representation, response);
      return;
    }
    case 'update': {
      const call = readCall(request, query, user);
      const sent = await readObject(request, resource.kind);
      const { object, warnings } = replaceObject(cluster, place, () => sent, call, false);
      sendJson(response, 200, representation.one(object), warnings);
      return;
    }
    case 'patch': {
      const call = readCall(request, query, user);
      const text = await readText(request);
      const { object, warnings, isNew } = patchObject(cluster, place, text, mediaTypeOf(request), call);
      sendJson(response, isNew ? 201 : 200, representation.one(object), warnings);
      return;
    }
    case 'delete': {
      const options = readDeleteOptions(await readOptions(request), query);
      sendJson(response, 200, deletedAnswer(resource, deleteObject(cluster, place, options)));
      return;
    }
    default:
      throw methodNotAllowed();
  }
}

function placeOf(resource: Resource, item: JsonObject): Place {
  return { resource, namespace: namespaceOf(item), name: nameOf(item), subresource: undefined };
}
