import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DraftResult } from '#core/protocol.ts';
import { ServerProcess } from './server-process.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ert-draft-'));
  const router = `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata: {name: one, namespace: demo}
spec:
  addresses: [{ip: 192.168.12.99/24, gateway: 192.168.12.7}]
  networkInterface: {macvlan: {mode: Bridge}}
  redirect: {redirectRules: [{destinationIP: 203.0.113.25, port: 80, protocol: TCP}]}
`;
  await writeFile(path.join(folder, 'one.yaml'), router);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('a field of a router that is not written yet is helped with by the files of the workspace', async () => {
  await using server = ServerProcess.overStdio();
  await server.initialize({}, {}, [pathToFileURL(folder).href]);
  const ask = (field: 'ip' | 'gateway', address: Readonly<Record<string, string>>): Promise<DraftResult> =>
    server.request<DraftResult>('egressRouter/draft', {
      path: ['spec', 'addresses', 0, field],
      value: {
        apiVersion: 'network.operator.openshift.io/v1',
        kind: 'EgressRouter',
        metadata: { name: 'two', namespace: 'demo' },
        spec: { addresses: [address] },
      },
    });
  const { offers, problem } = await ask('ip', { ip: '192.168.12.99/24' });
  expect(problem).toEqual({
    severity: 'warning',
    message: 'Router one of this workspace has this address. Take another one.',
    isTaken: true,
  });
  expect(offers[0]).toMatchObject({ text: '192.168.12.100/24', isExample: false });
  const free = await ask('ip', { ip: '192.168.12.100/24' });
  expect(free.problem).toBeUndefined();
  const gateway = await ask('gateway', { ip: '192.168.12.100/24', gateway: '10.0.0.1' });
  expect(gateway.problem).toMatchObject({ severity: 'error' });
  expect(gateway.offers[0]).toMatchObject({ text: '192.168.12.7' });
});
