import type { ServerResponse } from 'node:http';
import type { JsonObject } from '#core/schema/json-schema.ts';
import { badRequest, methodNotAllowed, noSuchPath } from './api-error.ts';
import type { Cluster } from './cluster.ts';
import type { Admitted } from './request/admitted.ts';
import { mediaTypeOf, readObject, readText } from './request/body.ts';
import { readCall } from './request/call.ts';
import type { Verb } from './request/verb.ts';
import { sendJson } from './send.ts';
import { planExec, planLog, proxyLog } from './serve/kubelet-proxy.ts';
import { bindPod, evictPod } from './serve/pod-actions.ts';
import { patchScale, readScale, replaceScale } from './serve/scale.ts';
import { requestToken } from './serve/token-request.ts';
import { patchObject } from './write/patch.ts';
import { currentObject, type Place, replaceObject } from './write/update.ts';

/** Requests to a part of an object. @throws ApiError */
export async function subresourceRoute(
  cluster: Cluster,
  admitted: Admitted,
  place: Place,
  verb: Verb,
  response: ServerResponse,
): Promise<void> {
  const { resource, subresource = '' } = place;
  const { request, url, user } = admitted;
  const isServed =
    (subresource === 'status' && resource.hasStatus) ||
    (subresource === 'scale' && resource.scale !== undefined) ||
    resource.subresources.includes(subresource);
  if (!isServed) throw noSuchPath();
  const call = readCall(request, url.searchParams, user);
  const sent = (): Promise<JsonObject> => readObject(request);
  switch (`${verb} ${subresource}`) {
    case 'get status':
      return sendJson(response, 200, currentObject(cluster, place));
    case 'update status':
    case 'update finalize': {
      const body = await sent();
      const { object, warnings } = replaceObject(cluster, place, () => body, call, false);
      return sendJson(response, 200, object, warnings);
    }
    case 'patch status': {
      const text = await readText(request);
      const { object, warnings } = patchObject(cluster, place, text, mediaTypeOf(request), call);
      return sendJson(response, 200, object, warnings);
    }
    case 'get scale':
      return sendJson(response, 200, readScale(cluster, place));
    case 'update scale':
      return sendJson(response, 200, replaceScale(cluster, place, await sent(), call));
    case 'patch scale': {
      const text = await readText(request);
      return sendJson(response, 200, patchScale(cluster, place, text, mediaTypeOf(request), call));
    }
    case 'create binding':
      return sendJson(response, 201, bindPod(cluster, place, await sent()));
    case 'create eviction':
      return sendJson(response, 201, evictPod(cluster, place, await sent()));
    case 'create token':
      return sendJson(response, 201, requestToken(cluster, place, await sent()));
    case 'get log': {
      const plan = planLog(cluster, place, url.searchParams);
      if (plan !== undefined) return proxyLog(plan, response);
      response.writeHead(204);
      response.end();
      return;
    }
    case 'get exec':
    case 'create exec':
    case 'get attach':
    case 'create attach':
      planExec(cluster, place, subresource === 'exec' ? 'exec' : 'attach', url.searchParams);
      throw badRequest('Upgrade request required');
    default:
      throw methodNotAllowed();
  }
}
