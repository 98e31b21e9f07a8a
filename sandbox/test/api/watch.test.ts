import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Judge } from '#sandbox/api/admission/judge.ts';
import { createTokenSigner } from '#sandbox/api/auth/service-account-token.ts';
import type { Cluster } from '#sandbox/api/cluster.ts';
import { Registry } from '#sandbox/api/kinds/registry.ts';
import { readRepresentation } from '#sandbox/api/read/representation.ts';
import { watchObjects } from '#sandbox/api/read/watch.ts';
import { Store } from '#sandbox/api/store.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A watch whose client reads nothing: what is written stays in the response, which is ended but never closed. */
function openWatch(query: string) {
  const store = new Store(100);
  const registry = new Registry(store);
  const faults: unknown[] = [];
  const cluster: Cluster = {
    store,
    registry,
    world: { store, serviceNetworks: { ip4: '172.30.0.0/16', ip6: 'fd30::/112' } },
    judge: new Judge(store),
    signer: createTokenSigner('https://kubernetes.default.svc'),
    users: () => [],
    kubelet: { scheme: 'http' },
    bookmarkIntervalMs: 700,
    reportFault: (error) => void faults.push(error),
  };
  const resource = registry.find('', 'v1', 'configmaps');
  if (resource === undefined) throw new Error('There are no ConfigMaps');
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  response.on('error', (error) => void faults.push(error));
  const written = vi.spyOn(response, 'write');
  const parameters = new URLSearchParams(query);
  const representation = readRepresentation(undefined, resource, parameters);
  watchObjects(cluster, resource, {}, parameters, representation, response);
  return {
    response,
    faults,
    put: (name: string, more = {}) => {
      const metadata = { namespace: 'default', name, resourceVersion: '0' };
      store.put('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata, ...more });
    },
    types: () => written.mock.calls.map(([line]) => String(JSON.parse(String(line)).type)),
  };
}

test('a watch whose time is up sends nothing more, however long its client takes to read the rest', async () => {
  const { response, faults, put, types } = openWatch('timeoutSeconds=1&allowWatchBookmarks=true');
  put('before');
  await vi.advanceTimersByTimeAsync(1000);
  expect([response.writableEnded, types()]).toEqual([true, ['ADDED', 'BOOKMARK', 'BOOKMARK']]);
  put('after');
  await vi.advanceTimersByTimeAsync(5000);
  expect([faults, types().length, vi.getTimerCount()]).toEqual([[], 3, 0]);
});

test('a watch whose client has gone sends nothing more', async () => {
  const { response, faults, put, types } = openWatch('allowWatchBookmarks=true');
  response.destroy();
  put('after');
  await vi.advanceTimersByTimeAsync(5000);
  expect([faults, types(), vi.getTimerCount()]).toEqual([[], [], 0]);
});

test('a fault in a watch ends that watch alone, and is reported', async () => {
  const { response, faults, put } = openWatch('allowWatchBookmarks=true');
  vi.spyOn(response, 'write').mockImplementation(() => {
    throw new Error('cannot write');
  });
  put('one');
  put('two');
  await vi.advanceTimersByTimeAsync(5000);
  expect([String(faults), response.destroyed, vi.getTimerCount()]).toEqual(['Error: cannot write', true, 0]);
});
