import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from '#core/schema/json-schema.ts';
import { methodNotAllowed, NoPage, noSuchPath } from '../api-error.ts';
import type { Cluster } from '../cluster.ts';
import { sendJson } from '../send.ts';
import { coreVersions, groupList, oneGroup, resourceList } from './discovery.ts';
import { openApiDocument, openApiIndex } from './openapi.ts';

/** The version whose behavior this server has. */
export const serverVersion: JsonObject = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.0+sandbox',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'linux/amd64',
};

/** Paths that are no resource: discovery, health, version. @throws ApiError 404, 405 */
export function answerPath(
  cluster: Cluster,
  request: IncomingMessage,
  url: URL,
  response: ServerResponse,
): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
  const path = url.pathname.replace(/\/+$/, '');
  if (['/healthz', '/livez', '/readyz'].some((health) => path === health || path.startsWith(`${health}/`))) {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
    response.end('ok');
    return;
  }
  const answer = documentAt(cluster, path, request.headers.host ?? '');
  if (answer === undefined) throw new NoPage();
  sendJson(response, 200, answer);
}

function documentAt({ registry, store }: Cluster, path: string, host: string): JsonObject | undefined {
  const resources = registry.all();
  const [, first, second, third, ...rest] = path.split('/');
  switch (first) {
    case undefined:
      return {
        paths: ['/api', '/api/v1', '/apis', '/healthz', '/livez', '/openapi/v3', '/readyz', '/version'],
      };
    case 'version':
      if (second !== undefined) throw noSuchPath();
      return serverVersion;
    case 'api':
      if (second === undefined) return coreVersions(host);
      return third === undefined ? resourceList('', second, resources) : undefined;
    case 'apis':
      if (second === undefined) return groupList(resources);
      if (third === undefined) return oneGroup(second, resources);
      return rest.length === 0 ? resourceList(second, third, resources) : undefined;
    case 'openapi':
      if (second !== 'v3') return undefined;
      if (third === undefined) return openApiIndex(resources, store.revision);
      return openApiDocument([third, ...rest].join('/'), resources);
    default:
      return undefined;
  }
}
