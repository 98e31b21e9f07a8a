import {
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import type { JsonObject } from '#core/schema/json-schema.ts';
import { ApiError, badRequest, conflict, internalError, notFound } from '../api-error.ts';
import type { Cluster, KubeletAccess } from '../cluster.ts';
import { nameOf, namespaceOf, numberAt, objectsAt, textAt } from '../json.ts';
import { currentObject, type Place } from '../write/update.ts';

/** A request to a kubelet, ready to send. */
export interface KubeletCall {
  readonly access: KubeletAccess;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** @returns undefined for a pod that no node runs yet: it has no log. @throws ApiError */
export function planLog(cluster: Cluster, place: Place, query: URLSearchParams): KubeletCall | undefined {
  const pod = currentObject(cluster, { ...place, subresource: undefined });
  const container = containerOf(pod, query.get('container'));
  if ((textAt(pod, 'spec', 'nodeName') ?? '') === '') return undefined;
  const passed = ['follow', 'previous', 'sinceSeconds', 'sinceTime', 'timestamps', 'tailLines', 'limitBytes'];
  return planCall(
    cluster,
    pod,
    `/containerLogs/${pathOf(pod)}/${encodeURIComponent(container)}`,
    passed,
    query,
  );
}

/** @throws ApiError */
export function planExec(
  cluster: Cluster,
  place: Place,
  verb: 'exec' | 'attach',
  query: URLSearchParams,
): KubeletCall {
  const pod = currentObject(cluster, { ...place, subresource: undefined });
  const container = containerOf(pod, query.get('container'));
  if ((textAt(pod, 'spec', 'nodeName') ?? '') === '') {
    throw badRequest(`pod ${nameOf(pod)} does not have a host assigned`);
  }
  const phase = textAt(pod, 'status', 'phase');
  if (phase === 'Succeeded' || phase === 'Failed') {
    const why = `cannot exec into a container in a completed pod; current phase is ${phase}`;
    throw badRequest(why);
  }
  const renamed = new URLSearchParams();
  for (const command of query.getAll('command')) renamed.append('command', command);
  // The kubelet knows the three streams by other names than the API does.
  for (const [own, theirs] of [
    ['stdin', 'input'],
    ['stdout', 'output'],
    ['stderr', 'error'],
    ['tty', 'tty'],
  ] as const) {
    const value = query.get(own);
    if (value === 'true' || value === '1') renamed.append(theirs, '1');
  }
  const path = `/${verb}/${pathOf(pod)}/${encodeURIComponent(container)}`;
  return planCall(cluster, pod, path, ['command', 'input', 'output', 'error', 'tty'], renamed);
}

/** Streams the kubelet's answer to the client as it comes. */
export function proxyLog(call: KubeletCall, response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const upstream = send(call, 'GET', {});
    upstream.on('error', (error) => reject(unreachable(call, error)));
    response.on('close', () => upstream.destroy());
    upstream.on('response', (answer) => {
      if (response.destroyed) {
        upstream.destroy();
        resolve();
      } else if (answer.statusCode === 200) {
        response.writeHead(200, { 'content-type': 'text/plain' });
        response.flushHeaders();
        answer.on('error', () => response.destroy());
        answer.pipe(response);
        answer.on('close', () => {
          response.end();
          resolve();
        });
      } else {
        readText(answer).then((text) => reject(refused(answer.statusCode ?? 500, text)), reject);
      }
    });
    upstream.end();
  });
}

/** Joins the two ends of an upgraded connection; what runs over them is theirs. */
export function proxyUpgrade(
  call: KubeletCall,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const names = ['connection', 'upgrade', 'x-stream-protocol-version'];
    const passed = Object.entries(request.headers).filter(
      ([name]) => names.includes(name) || name.startsWith('sec-websocket-'),
    );
    const upstream = send(call, request.method ?? 'GET', Object.fromEntries(passed));
    upstream.on('error', (error) => reject(unreachable(call, error)));
    socket.on('close', () => upstream.destroy());
    upstream.on('response', (answer) => {
      readText(answer).then((text) => reject(refused(answer.statusCode ?? 500, text)), reject);
    });
    upstream.on('upgrade', (answer, remote, remoteHead) => {
      remote.on('error', () => socket.destroy());
      if (socket.destroyed) {
        remote.destroy();
        resolve();
        return;
      }
      const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
      for (const [index, value] of answer.rawHeaders.entries()) {
        if (index % 2 === 0) lines.push(`${value}: ${answer.rawHeaders[index + 1] ?? ''}`);
      }
      socket.write(`${lines.join('\r\n')}\r\n\r\n`);
      socket.write(remoteHead);
      remote.write(head);
      remote.pipe(socket);
      socket.pipe(remote);
      socket.on('close', () => remote.destroy());
      remote.on('close', () => {
        socket.end();
        resolve();
      });
    });
    upstream.end();
  });
}

function planCall(
  { store, kubelet }: Cluster,
  pod: JsonObject,
  path: string,
  parameters: readonly string[],
  query: URLSearchParams,
): KubeletCall {
  const nodeName = textAt(pod, 'spec', 'nodeName') ?? '';
  const node = store.get('nodes', undefined, nodeName);
  if (node === undefined) throw notFound({ group: '', plural: 'pods' }, nodeName);
  const addresses = objectsAt(node, 'status', 'addresses');
  // The order of kube-apiserver's --kubelet-preferred-address-types, as far as it matters here.
  const address = ['Hostname', 'InternalIP'].flatMap((type) =>
    addresses.filter((one) => one['type'] === type),
  )[0];
  const host = textAt(address, 'address');
  if (host === undefined) throw internalError(`no preferred addresses found; known addresses: []`);
  const port = numberAt(node, 'status', 'daemonEndpoints', 'kubeletEndpoint', 'Port') ?? 10250;
  const passed = new URLSearchParams();
  for (const name of parameters) for (const value of query.getAll(name)) passed.append(name, value);
  const text = passed.toString();
  return { access: kubelet, host, port, path: text === '' ? path : `${path}?${text}` };
}

function containerOf(pod: JsonObject, asked: string | null): string {
  const all = [
    ...objectsAt(pod, 'spec', 'containers'),
    ...objectsAt(pod, 'spec', 'initContainers'),
    ...objectsAt(pod, 'spec', 'ephemeralContainers'),
  ].map((container) => textAt(container, 'name') ?? '');
  const own = objectsAt(pod, 'spec', 'containers').map((container) => textAt(container, 'name') ?? '');
  if (asked !== null && asked !== '') {
    if (all.includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${nameOf(pod)}`);
  }
  const annotated = textAt(pod, 'metadata', 'annotations', 'kubectl.kubernetes.io/default-container');
  const [only] = own;
  if (own.length === 1 && only !== undefined) return only;
  if (annotated !== undefined && all.includes(annotated)) return annotated;
  throw badRequest(
    `a container name must be specified for pod ${nameOf(pod)}, choose one of: [${own.join(' ')}]`,
  );
}

function send(
  { access, host, port, path }: KubeletCall,
  method: string,
  headers: OutgoingHttpHeaders,
): ReturnType<typeof httpRequest> {
  const options = {
    host,
    port,
    path,
    method,
    agent: false,
    headers: {
      ...headers,
      ...(access.token === undefined ? {} : { authorization: `Bearer ${access.token}` }),
    },
  } as const;
  if (access.scheme === 'http') return httpRequest(options);
  // kube-apiserver does not verify kubelets either, unless it is told which authority to trust.
  return httpsRequest({ ...options, rejectUnauthorized: false, ...access.client });
}

function unreachable({ access, host, port, path }: KubeletCall, error: Error): ApiError {
  const isRefused = 'code' in error && error.code === 'ECONNREFUSED';
  const why = isRefused ? `dial tcp ${host}:${port}: connect: connection refused` : error.message;
  return new ApiError(500, 'InternalError', `Get "${access.scheme}://${host}:${port}${path}": ${why}`);
}

function refused(code: number, text: string): ApiError {
  const message = text.trim();
  if (code === 404)
    return new ApiError(
      404,
      'NotFound',
      message === '' ? 'the server could not find the requested resource' : message,
    );
  if (code === 400) return badRequest(message);
  return code === 409
    ? conflict({ group: '', plural: 'pods' }, '', message)
    : new ApiError(code < 400 ? 502 : code, code >= 500 || code < 400 ? 'InternalError' : '', message);
}

async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function pathOf(pod: JsonObject): string {
  return `${encodeURIComponent(namespaceOf(pod) ?? '')}/${encodeURIComponent(nameOf(pod))}`;
}
