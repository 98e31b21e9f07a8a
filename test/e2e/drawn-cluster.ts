// A cluster that shows every state a router can be in, at once and for as long as a picture takes. Its answers are
// those of an API server; that real ones answer so is tested in test/cluster.
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { numberAt } from '#core/json-value.ts';
import { simulatedAnnotation } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import {
  conditions,
  deployment,
  event,
  nad,
  ofCno,
  pod,
  router,
  service,
} from '../../cluster/test/objects-of-a-router.ts';

export type Behavior = 'well' | 'forbidden' | 'no-crd' | 'silent' | 'empty';

export interface DrawnCluster extends AsyncDisposable {
  /** How it answers from now on; those who watch are cut off. */
  behave(behavior: Behavior): void;
  /** How many pods of Deployments were asked for, one after the other. None of its pods ever ends. */
  readonly scales: readonly number[];
}

/** @param folder where its kubeconfig is written, as `kubeconfig` */
export async function startDrawnCluster(folder: string): Promise<DrawnCluster> {
  let behavior: Behavior = 'well';
  const scales: number[] = [];
  const server = createServer((request, response) => {
    if (request.method === 'GET') answer(behavior, request, response);
    else void change(request, response, scales);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const config = {
    clusters: [{ name: 'okd', cluster: { server: `http://127.0.0.1:${portOf(server.address())}` } }],
    users: [{ name: 'dev', user: { token: 'x' } }],
    contexts: [{ name: 'okd', context: { cluster: 'okd', user: 'dev', namespace: 'payments' } }],
    'current-context': 'okd',
  };
  writeFileSync(path.join(folder, 'kubeconfig'), JSON.stringify(config));
  return {
    scales,
    behave: (next) => {
      behavior = next;
      server.closeAllConnections();
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(behavior: Behavior, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://drawn');
  const [, namespace, plural = '', name] =
    /\/namespaces\/([^/]+)\/(egressrouters)\/([^/]+)$/.exec(pathname) ??
    /(?:\/namespaces\/([^/]+))?\/([^/]+)$/.exec(pathname) ??
    [];
  if (behavior === 'silent') {
    request.socket.destroy();
    return;
  }
  if (behavior === 'forbidden') return refuse(response, 403, {});
  if (pathname.endsWith('/openshift-config-managed/configmaps/console-public')) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(consolePublic));
    return;
  }
  if (behavior === 'no-crd' && plural === 'egressrouters') return refuse(response, 404, {});
  const found = behavior === 'well' ? objects.get(plural) : behavior === 'empty' ? [] : undefined;
  if (found === undefined && !known.has(plural)) return refuse(response, 404, { name: plural });
  // Open for as long as the page looks.
  if (searchParams.get('watch') === 'true') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    return;
  }
  if (name !== undefined) {
    const one = found?.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
    if (one === undefined) return refuse(response, 404, { name });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(one));
    return;
  }
  const isFurther = searchParams.get('labelSelector')?.includes('!=') === true;
  const items = (isFurther ? [] : (found ?? [])).filter(
    ({ metadata }) => namespace === undefined || metadata.namespace === namespace,
  );
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ kind: 'List', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items }));
}

/** Takes every change for done, and stays as it is. */
async function change(request: IncomingMessage, response: ServerResponse, scales: number[]): Promise<void> {
  let body = '';
  for await (const part of request) body += String(part);
  const replicas = request.method === 'PATCH' ? numberAt(JSON.parse(body), 'spec', 'replicas') : undefined;
  if (replicas !== undefined) scales.push(replicas);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify(request.method === 'PATCH' ? deploymentOfCno : { kind: 'Status', status: 'Success' }),
  );
}

function refuse(response: ServerResponse, code: number, details: object): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', code, details }));
}

/** Where OKD tells everybody who is logged in that its console is. */
const consolePublic = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'console-public', namespace: 'openshift-config-managed' },
  data: { consoleURL: 'https://console.okd.example' },
};

const known = new Set([
  'egressrouters',
  'network-attachment-definitions',
  'deployments',
  'pods',
  'services',
  'events',
  'namespaces',
]);

const missingNic =
  'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "1f": plugin type="multus" name="multus-cni-network" failed (add): [inventory/egress-router-cni-deployment-5d9-x/u:egress-router-cni-nad]: error adding container to network "egress-router-cni-nad": macvlan master "enp9s9" does not exist on this node (it has: enp1s0, cni0)';
const available = conditions({ Available: ['True', 'Available', 'The router pod is ready.'] });

/** A router of its own in each namespace. */
interface Drawn {
  readonly namespace: string;
  readonly name: string;
  readonly ip: string;
  readonly status?: Readonly<Record<string, unknown>>;
  /** What stands beside it: of the router of the fixtures, whose names are replaced. */
  readonly beside: readonly KubernetesObject[];
  /** Absent: the operator of this project makes its network. */
  readonly nad?: 'of-cno' | 'none';
}

const simulated = { [simulatedAnnotation]: 'network namespaces need root, this is an ordinary user' };
const [nadOfCno, deploymentOfCno] = ofCno('2026-01-01T11:00:00Z');

const drawn: readonly Drawn[] = [
  {
    namespace: 'payments',
    name: 'partner-api',
    ip: '192.168.12.20',
    status: available,
    beside: [deployment(), pod('ready'), service({ app: 'egress-router-cni' })],
  },
  { namespace: 'mail', name: 'smtp-relay', ip: '192.168.12.21', beside: [deployment(), pod('pending')] },
  {
    namespace: 'inventory',
    name: 'warehouse',
    ip: '192.168.12.22',
    beside: [deployment(), pod('pending'), event('FailedCreatePodSandBox', missingNic)],
  },
  {
    namespace: 'billing',
    name: 'bank',
    ip: '192.168.12.23',
    beside: [nadOfCno, deploymentOfCno, pod('ready')],
    nad: 'of-cno',
  },
  {
    namespace: 'crm',
    name: 'leads',
    ip: '192.168.12.24',
    status: available,
    beside: [deployment(), pod('ready')],
  },
  { namespace: 'crm-test', name: 'leads', ip: '192.168.12.24', beside: [deployment(), pod('pending')] },
  { namespace: 'reports', name: 'statistics', ip: '192.168.12.25', beside: [], nad: 'none' },
  {
    namespace: 'training',
    name: 'course',
    ip: '192.168.12.26',
    status: available,
    beside: [deployment(), pod('ready', { annotations: simulated })],
  },
];

const objects: ReadonlyMap<string, readonly KubernetesObject[]> = byPlural();

function byPlural(): ReadonlyMap<string, readonly KubernetesObject[]> {
  const all = drawn.flatMap(({ namespace, name, ip, status, beside, nad: network }) => {
    const renamed = (object: KubernetesObject): KubernetesObject =>
      JSON.parse(
        JSON.stringify(object)
          .replaceAll('"demo"', `"${namespace}"`)
          .replaceAll('demo/', `${namespace}/`)
          .replaceAll('egress-a', name)
          .replaceAll('192.168.12.99', ip)
          .replaceAll('"u-', `"u-${namespace}-`),
      );
    const own = renamed(router(status));
    // Its configuration has a MAC that is made of the router's name: no text to replace.
    const made = network === undefined ? [renamed(nad(own))] : [];
    return [own, ...made, ...beside.map(renamed)];
  });
  const namespaces = drawn.map(({ namespace: name }) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  }));
  const plurals = new Map<string, KubernetesObject[]>();
  for (const object of [...all, ...namespaces]) {
    const plural =
      object.kind === 'NetworkAttachmentDefinition'
        ? 'network-attachment-definitions'
        : `${object.kind.toLowerCase()}s`;
    plurals.set(plural, [...(plurals.get(plural) ?? []), object]);
  }
  return plurals;
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
