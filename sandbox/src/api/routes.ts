import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from '#core/schema/json-schema.ts';
import { methodNotAllowed, noSuchPath } from './api-error.ts';
import { admit } from './auth/admit.ts';
import { authenticate } from './auth/authenticate.ts';
import { impersonate } from './auth/impersonate.ts';
import type { Attributes } from './auth/rbac.ts';
import type { Cluster } from './cluster.ts';
import { readObject } from './request/body.ts';
import { parseTarget, type ResourceTarget } from './request/target.ts';
import { type Verb, verbOf } from './request/verb.ts';
import { resourceRoute } from './resource-routes.ts';
import { parseFieldSelector } from './select/field-selector.ts';
import { sendJson } from './send.ts';
import { answerPath } from './serve/paths.ts';
import { reviewFor, reviewObject } from './serve/reviews.ts';

/** @throws ApiError whatever is wrong with the request */
export async function handle(
  cluster: Cluster,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'https://localhost');
  const user = impersonate(request, authenticate(request, cluster), cluster.store);
  const target = parseTarget(url.pathname);
  if (target.kind === 'path') {
    const verb = (request.method ?? 'GET').toLowerCase();
    admit(cluster.store, user, { kind: 'path', verb: verb === 'head' ? 'get' : verb, path: target.path });
    answerPath(cluster, request, url, response);
    return;
  }
  const verb = verbOf(request.method ?? 'GET', target, url.searchParams);
  admit(cluster.store, user, attributesOf(target, verb, url.searchParams));
  const review = target.version === 'v1' ? reviewFor(target.group, target.plural) : undefined;
  if (review !== undefined) {
    if (verb !== 'create') throw methodNotAllowed();
    const sent = await readObject(request);
    const body: JsonObject = review.answer(cluster, user, sent, target.namespace);
    sendJson(response, 201, reviewObject(target.group, review.kind, body));
    return;
  }
  await resourceRoute(cluster, { request, url, user }, target, verb, response);
}

/** The same checks for a connection that asks to be upgraded. */
export function admitUpgrade(
  cluster: Cluster,
  request: IncomingMessage,
): { readonly url: URL; readonly target: ResourceTarget } {
  const url = new URL(request.url ?? '/', 'https://localhost');
  const user = impersonate(request, authenticate(request, cluster), cluster.store);
  const target = parseTarget(url.pathname);
  if (target.kind === 'path') throw noSuchPath();
  const verb = verbOf(request.method ?? 'GET', target, url.searchParams);
  admit(cluster.store, user, attributesOf(target, verb, url.searchParams));
  return { url, target };
}

function attributesOf(target: ResourceTarget, verb: Verb, query: URLSearchParams): Attributes {
  const { group, plural, namespace, subresource } = target;
  const name = target.name ?? selectedName(verb, query);
  return {
    kind: 'resource',
    verb,
    group,
    resource: plural,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

/** A role that names an object also grants lists and watches that can hold no other. */
function selectedName(verb: Verb, query: URLSearchParams): string | undefined {
  if (verb !== 'list' && verb !== 'watch' && verb !== 'deletecollection') return undefined;
  const requirements = parseFieldSelector(query.get('fieldSelector') ?? '');
  return requirements.find(({ field, isEqual }) => field === 'metadata.name' && isEqual)?.value;
}
