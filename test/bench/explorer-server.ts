// What an API server answers about many routers, fast enough not to be what is measured: lists by page, and watches.
// A process of its own, so that its work does not block the one that is measured. Started by explorer.ts.
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { createAuthority } from '#sandbox/api/certificates.ts';
import { type BenchRouter, benchRouter } from './explorer-world.ts';

const [routers = 5000, namespaces = 500] = process.argv.slice(2).map(Number);
const parts = ['egressRouter', 'nad', 'deployment', 'pod', 'service'] as const;
type Part = (typeof parts)[number];
const plurals: Readonly<Record<string, Part>> = {
  egressrouters: 'egressRouter',
  'network-attachment-definitions': 'nad',
  deployments: 'deployment',
  pods: 'pod',
  services: 'service',
};

const world = new Map<Part, Map<string, KubernetesObject>>(parts.map((part) => [part, new Map()]));
const keys: Readonly<Record<Part, string>>[] = [];
for (let index = 0; index < routers; index += 1) put(benchRouter(index, namespaces));
const watchers: { readonly part: Part; readonly selector: string; readonly response: ServerResponse }[] = [];
let version = 1;
let lists = 0;

const authority = await createAuthority('bench-ca');
const { key, cert } = await authority.issueServer('bench');
const server = createServer({ key, cert }, (request, response) => {
  const url = new URL(request.url ?? '/', 'https://bench');
  const part = plurals[url.pathname.split('/').at(-1) ?? ''];
  const selector = url.searchParams.get('labelSelector') ?? '';
  if (url.searchParams.get('watch') === 'true') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    if (part !== undefined) watchers.push({ part, selector, response });
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  if (part === undefined) return void response.end(JSON.stringify(emptyList()));
  const matching = [...(world.get(part)?.values() ?? [])].filter((object) => matches(object, selector));
  const from = Number(url.searchParams.get('continue') ?? 0);
  const to = from + Number(url.searchParams.get('limit') ?? routers);
  const metadata = {
    resourceVersion: String(version),
    ...(to < matching.length ? { continue: String(to) } : {}),
  };
  lists += 1;
  response.end(
    JSON.stringify({ kind: 'List', apiVersion: 'v1', metadata, items: matching.slice(from, to) }),
    () => {
      process.send?.({ kind: 'listed', part, isLast: to >= matching.length, lists });
    },
  );
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  process.send?.({ kind: 'up', port, ca: authority.caCert });
});

process.on('message', (message: { readonly burst?: number }) => {
  if (message.burst !== undefined) void burst(message.burst);
});
process.on('disconnect', () => process.exit());

interface Change {
  readonly part: Part;
  readonly object: KubernetesObject;
  readonly line: string;
}

/** Pods whose readiness flips, edited routers, written Services, and routers that go and come: as fast as they are taken. */
async function burst(count: number): Promise<void> {
  const changes: Change[] = [];
  for (let made = 0; made < count; made += 1) {
    const index = (made * 7919) % routers;
    const choice = made % 10;
    if (choice < 6) changes.push(change('pod', 'MODIFIED', index, flipped));
    else if (choice < 8) changes.push(change('egressRouter', 'MODIFIED', index, (one) => edited(one, made)));
    else if (choice < 9) changes.push(change('service', 'MODIFIED', index, (one) => one));
    else changes.push(change('egressRouter', made % 20 === 9 ? 'DELETED' : 'MODIFIED', index, (one) => one));
  }
  process.send?.({ kind: 'bursting' });
  for (const { part, object, line } of changes) {
    for (const watcher of watchers) {
      if (watcher.part !== part || !matches(object, watcher.selector)) continue;
      if (!watcher.response.write(line)) {
        await new Promise((resolve) => watcher.response.once('drain', resolve));
      }
    }
  }
  process.send?.({ kind: 'sent' });
}

function change(
  part: Part,
  type: 'MODIFIED' | 'DELETED',
  index: number,
  edit: (object: KubernetesObject) => KubernetesObject,
): Change {
  version += 1;
  const key = keys[index]?.[part] ?? '';
  const objects = world.get(part);
  // One that has gone before comes again.
  const present = objects?.get(key);
  const before = edit(present ?? benchRouter(index, namespaces)[part]);
  const object = { ...before, metadata: { ...before.metadata, resourceVersion: String(version) } };
  if (type === 'DELETED' && present !== undefined) objects?.delete(key);
  else objects?.set(key, object);
  const told = present === undefined ? 'ADDED' : type;
  return { part, object, line: `${JSON.stringify({ type: told, object })}\n` };
}

function flipped(pod: KubernetesObject): KubernetesObject {
  const text = JSON.stringify(pod);
  const isReady = text.includes('"type":"Ready","status":"True"');
  const [from, to] = isReady ? ['True', 'False'] : ['False', 'True'];
  return JSON.parse(text.replace(`"type":"Ready","status":"${from}"`, `"type":"Ready","status":"${to}"`));
}

function edited(router: KubernetesObject, by: number): KubernetesObject {
  return JSON.parse(JSON.stringify(router).replace(/"targetPort":\d+/, `"targetPort":${1 + (by % 60_000)}`));
}

function put(router: BenchRouter): void {
  for (const part of parts) world.get(part)?.set(keyOf(router[part]), router[part]);
  keys.push({
    egressRouter: keyOf(router.egressRouter),
    nad: keyOf(router.nad),
    deployment: keyOf(router.deployment),
    pod: keyOf(router.pod),
    service: keyOf(router.service),
  });
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** The two selectors that the store has. */
function matches({ metadata }: KubernetesObject, selector: string): boolean {
  if (selector === '') return true;
  const isDocumented = metadata.labels?.['app'] === 'egress-router-cni';
  return selector.includes('!=') ? !isDocumented : isDocumented;
}

function emptyList() {
  return { kind: 'List', apiVersion: 'v1', metadata: { resourceVersion: String(version) }, items: [] };
}
