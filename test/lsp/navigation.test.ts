// What leads from one file of a workspace to another, files that are not open among them.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DocumentLink, Location, WorkspaceEdit } from 'vscode-languageserver/node';
import { router, service } from '../../language/test/cursor.ts';
import { ServerProcess } from './server-process.ts';

const nameAt = { line: 3, character: 10 };
const selectorAt = { line: 7, character: 12 };

let folder = '';
const uriOf = (file: string): string => pathToFileURL(path.join(folder, file)).href;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ert-navigation-'));
  for (const hidden of ['.cache', 'node_modules/x', 'deep/er']) {
    await mkdir(path.join(folder, hidden), { recursive: true });
    await writeFile(path.join(folder, hidden, 'router.yaml'), router);
  }
  await writeFile(path.join(folder, 'notes.txt'), router);
  await writeFile(path.join(folder, 'big.json'), `{"a": "${'x'.repeat(6 * 1024 * 1024)} EgressRouter"}`);
  await writeFile(path.join(folder, 'other.yaml'), 'kind: Pod\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function definitionsAt(server: ServerProcess, uri: string, position: unknown): Promise<Location[]> {
  return server.request('textDocument/definition', { textDocument: { uri }, position });
}

test('a file that is not open is found, followed and renamed with the one that is', async () => {
  await using server = ServerProcess.overStdio();
  const registered: object[] = [];
  server.connection.onRequest(
    'client/registerCapability',
    ({ registrations }: { registrations: { method: string; registerOptions?: object }[] }) => {
      registered.push(...registrations.map(({ method, registerOptions }) => ({ method, registerOptions })));
      return null;
    },
  );
  const capabilities = {
    textDocument: { rename: { prepareSupport: true } },
    workspace: {
      didChangeWatchedFiles: { dynamicRegistration: true },
      workspaceEdit: { documentChanges: true },
    },
  };
  await server.initialize({}, capabilities, [uriOf('')]);
  const uri = uriOf('service.yaml');
  await server.open(uri, service);
  const found = async (): Promise<readonly string[]> =>
    (await definitionsAt(server, uri, selectorAt)).map((one) => one.uri);
  // Of hidden folders, packages, other kinds of files and other texts nothing is read.
  await expect.poll(found, { timeout: 10_000 }).toEqual([uriOf('deep/er/router.yaml')]);
  expect(registered).toContainEqual({
    method: 'workspace/didChangeWatchedFiles',
    registerOptions: {
      watchers: [{ globPattern: '**/*.{yaml,yml,json}' }, { globPattern: '**/*', kind: 4 }],
    },
  });
  const links = await server.request<DocumentLink[]>('textDocument/documentLink', { textDocument: { uri } });
  expect(links.map(({ target }) => target)).toEqual([`${uriOf('deep/er/router.yaml')}#L4`]);
  const edit = await server.request<WorkspaceEdit>('textDocument/rename', {
    textDocument: { uri },
    position: nameAt,
    newName: 'bank-api',
  });
  const range = { start: { line: 3, character: 8 }, end: { line: 3, character: 19 } };
  expect(edit.documentChanges).toEqual(
    [
      {
        textDocument: { uri: uriOf('deep/er/router.yaml'), version: null },
        edits: [{ range, newText: 'bank-api' }],
      },
      { textDocument: { uri, version: 1 }, edits: [{ range, newText: 'bank-api' }] },
    ].toSorted((a, b) => Number(b.textDocument.version) - Number(a.textDocument.version)),
  );
  await expect(
    server.request('textDocument/rename', { textDocument: { uri }, position: nameAt, newName: 'Bank' }),
  ).rejects.toThrow('"Bank" cannot be the name of a Service');

  const file = path.join(folder, 'deep/er/router.yaml');
  const tell = (type: number): Promise<void> =>
    server.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: pathToFileURL(file).href, type }],
    });
  await writeFile(file, router.replace('namespace: web', 'namespace: shop'));
  await tell(2);
  await expect.poll(found, { timeout: 10_000 }).toEqual([]);
  await writeFile(file, router);
  await tell(1);
  await expect.poll(found, { timeout: 10_000 }).toHaveLength(1);
  await rm(file);
  await tell(3);
  await expect.poll(found, { timeout: 10_000 }).toEqual([]);
  expect(await server.stop()).toBe(0);
  expect(server.log).toEqual([]);
});

test('a patch of Kustomize that is not open counts as one that is', async () => {
  const project = await mkdtemp(path.join(tmpdir(), 'ert-patch-'));
  const uri = (file: string): string => pathToFileURL(path.join(project, file)).href;
  const operation = { op: 'replace', path: '/spec/addresses/0/ip', value: '192.168.12.70/24' };
  const overlay = `resources: [..]
patches:
  - {path: patch.json, target: {kind: EgressRouter, name: partner-api}}
  - target: {kind: EgressRouter, name: second}
    patch: |-
      - {op: add, path: /spec/addresses/-, value: {ip: 192.168.12.71/24}}
`;
  await mkdir(path.join(project, 'over'));
  await writeFile(path.join(project, 'kustomization.yaml'), 'resources: [router.yaml]\n');
  await writeFile(path.join(project, 'router.yaml'), router);
  await writeFile(path.join(project, 'over/kustomization.yaml'), overlay);
  await writeFile(path.join(project, 'over/patch.json'), JSON.stringify([operation]));
  try {
    await using server = ServerProcess.overStdio();
    await server.initialize({}, {}, [pathToFileURL(project).href]);
    const told = (file: string) => () =>
      server.diagnostics
        .findLast((one) => one.uri === uri(file))
        ?.diagnostics.filter(({ code }) => code === 'address-in-use')
        .map(({ range: { start } }) => [start.line, start.character]);
    const taken = (ip: string) => router.replace('partner-api', 'other').replace('192.168.12.99', ip);
    await server.open(uri('other.yaml'), taken('192.168.12.70'));
    await expect.poll(told('other.yaml'), { timeout: 10_000 }).toEqual([[7, 10]]);
    await server.change(uri('other.yaml'), 2, [{ text: taken('192.168.12.71') }]);
    await server.open(uri('over/kustomization.yaml'), overlay);
    await expect
      .poll(told('over/kustomization.yaml'), { timeout: 10_000 })
      .toEqual([[5, overlay.split('\n')[5]?.indexOf('192')]]);
    expect(await server.stop()).toBe(0);
    expect(server.log).toEqual([]);
  } finally {
    await rm(project, { recursive: true });
  }
});

test('folders that are opened and closed', async () => {
  const added = await mkdtemp(path.join(tmpdir(), 'ert-folder-'));
  await writeFile(path.join(added, 'router.yaml'), router);
  try {
    await using server = ServerProcess.overStdio();
    await server.initialize({}, { workspace: { workspaceFolders: true } }, [uriOf('.cache')]);
    const uri = uriOf('service.yaml');
    await server.open(uri, service);
    const found = async (): Promise<readonly string[]> =>
      (await definitionsAt(server, uri, selectorAt)).map((one) => path.basename(one.uri));
    await expect.poll(found, { timeout: 10_000 }).toEqual(['router.yaml']);
    const change = (event: unknown): Promise<void> =>
      server.connection.sendNotification('workspace/didChangeWorkspaceFolders', { event });
    const one = { uri: uriOf('.cache'), name: 'a' };
    await change({ added: [], removed: [one] });
    await expect.poll(found, { timeout: 10_000 }).toEqual([]);
    await change({ added: [{ uri: pathToFileURL(added).href, name: 'b' }], removed: [] });
    await expect.poll(found, { timeout: 10_000 }).toEqual(['router.yaml']);
    expect(await server.stop()).toBe(0);
    expect(server.log).toEqual([]);
  } finally {
    await rm(added, { recursive: true, force: true });
  }
});

test('without a word of egress routers no file of the workspace is read', async () => {
  await using server = ServerProcess.overStdio();
  const registered: unknown[] = [];
  server.connection.onRequest('client/registerCapability', (params: unknown) => {
    registered.push(params);
    return null;
  });
  const capabilities = { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } };
  await server.initialize({}, capabilities, [uriOf('')]);
  await server.open(uriOf('pod.yaml'), 'kind: Pod\n');
  expect(await definitionsAt(server, uriOf('pod.yaml'), { line: 0, character: 7 })).toEqual([]);
  expect(await server.stop()).toBe(0);
  expect(registered).toEqual([]);
});
