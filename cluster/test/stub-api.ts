import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, type ConnectOptions, connect } from '#cluster/connect.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * A server that answers as told, for what a well-behaved API server does not do on demand: cut connections, fall
 * silent, forget versions. What it says in good order is tested against real ones in test/cluster.
 */
export interface StubApi extends AsyncDisposable {
  readonly connection: Connection;
  handler: Handler;
  /** As `GET /api/v1/pods?watch=true`, in the order received. */
  readonly requests: readonly string[];
  /** Ends every open connection without a word. */
  cut(): void;
}

export async function startStubApi(
  handler: Handler,
  user: object = { token: 'secret' },
  options: Partial<ConnectOptions> = {},
): Promise<StubApi> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    stub.handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'ert-stub-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const config = {
    clusters: [{ name: 's', cluster: { server: `http://127.0.0.1:${portOf(server.address())}` } }],
    users: [{ name: 's', user }],
    contexts: [{ name: 's', context: { cluster: 's', user: 's', namespace: 'demo' } }],
    'current-context': 's',
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  const connection = connect({
    kubeconfigPaths: [kubeconfig],
    allowExec: true,
    requestTimeoutMs: 2000,
    ...options,
  });
  const stub: StubApi = {
    connection,
    handler,
    requests,
    cut: () => server.closeAllConnections(),
    [Symbol.asyncDispose]: async () => {
      connection.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
  return stub;
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

export function podList(version: string, names: readonly string[]) {
  return {
    kind: 'PodList',
    apiVersion: 'v1',
    metadata: { resourceVersion: version },
    items: names.map((name) => ({ metadata: { name, namespace: 'demo', resourceVersion: version } })),
  };
}

export function podEvent(type: string, name: string, version: string): string {
  const metadata = { name, namespace: 'demo', resourceVersion: version };
  return `${JSON.stringify({ type, object: { apiVersion: 'v1', kind: 'Pod', metadata } })}\n`;
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
