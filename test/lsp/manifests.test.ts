import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ManifestsResult } from '#core/protocol.ts';
import { ServerProcess } from './server-process.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ert-manifests-'));
  await writeFile(path.join(folder, 'a.yaml'), `# of the web team\n---\n${router('one')}`);
  await writeFile(path.join(folder, 'b.yaml'), 'kind: ConfigMap\n');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function router(name: string): string {
  return `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata: {name: ${name}, namespace: demo}
spec:
  addresses: [{ip: 192.168.12.99/24}]
  networkInterface: {macvlan: {mode: Bridge}}
  redirect: {redirectRules: [{destinationIP: 203.0.113.25, port: 80, protocol: TCP}]}
`;
}

test('where the routers of a workspace are written is told when it is asked for, and whenever it changes', async () => {
  await using server = ServerProcess.overStdio();
  const told: string[][] = [];
  server.connection.onNotification('egressRouter/manifestsChanged', (result: ManifestsResult) => {
    told.push(summary(result));
  });
  await server.initialize({}, {}, [pathToFileURL(folder).href]);
  const uri = pathToFileURL(path.join(folder, 'b.yaml')).href;
  // Nobody has opened anything, and nobody has asked.
  const all = await server.request<ManifestsResult>('egressRouter/manifests', null);
  expect(summary(all)).toEqual(['a.yaml one:2']);
  await server.open(uri, router('two'));
  await expect.poll(() => told).toEqual([['b.yaml two:0']]);
  await server.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  await expect.poll(() => told.at(-1)).toEqual(['b.yaml']);
  expect(await server.stop()).toBe(0);
  expect(server.log).toEqual([]);
});

function summary({ files }: ManifestsResult): string[] {
  return files.map(({ uri, manifests }) =>
    [path.basename(uri), ...manifests.map(({ name, range }) => `${name}:${range.start.line}`)].join(' '),
  );
}
