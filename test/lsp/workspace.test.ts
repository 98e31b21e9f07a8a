import { expect, test } from 'vitest';
import type { Diagnostic } from 'vscode-languageserver/node';
import { ServerProcess } from './server-process.ts';

const [a, b] = ['file:///project/a.yaml', 'file:///project/b.yaml'];

function router(name: string, ip: string): string {
  return `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: ${name}
  namespace: ${name}
spec:
  addresses:
    - ip: ${ip}/24
      gateway: 192.168.12.1
  redirect:
    redirectRules:
      - {port: 8080, protocol: TCP, destinationIP: 203.0.113.25}
`;
}

const capabilities = { textDocument: { publishDiagnostics: { relatedInformation: true } } };

test('what two files are to each other is told in both, and follows the changes of either', async () => {
  await using server = ServerProcess.overStdio();
  await server.initialize({}, capabilities);
  await server.open(a, router('one', '192.168.12.99'));
  expect((await server.diagnosticsOf(a)).diagnostics).toEqual([]);
  await server.open(b, router('two', '192.168.12.99'));
  const place = (uri: string, line: number) => ({
    uri,
    range: { start: { line, character: 10 }, end: { line, character: 26 } },
  });
  const [inB] = (await server.diagnosticsOf(b)).diagnostics;
  expect([inB?.code, inB?.relatedInformation?.map(({ location }) => location)]).toEqual([
    'address-in-use',
    [place(a, 7)],
  ]);
  const pushed = (uri: string) => server.diagnostics.filter((one) => one.uri === uri).at(-1);
  const ofA = () => pushed(a)?.diagnostics.map(({ code }) => code);
  await expect.poll(ofA).toEqual(['address-in-use']);
  // The place in a.yaml moves by a line.
  const start = { line: 0, character: 0 };
  await server.change(a, 2, [{ range: { start, end: start }, text: '# moved\n' }]);
  await expect
    .poll(() => pushed(b)?.diagnostics[0]?.relatedInformation?.map(({ location }) => location))
    .toEqual([place(a, 8)]);
  await server.connection.sendNotification('textDocument/didClose', { textDocument: { uri: b } });
  await expect.poll(ofA).toEqual([]);
  expect(await server.stop()).toBe(0);
  expect(server.log).toEqual([]);
});

test('a change that says nothing new of another file sends nothing of it', async () => {
  await using server = ServerProcess.overStdio();
  await server.initialize({}, capabilities);
  await server.open(a, router('one', '192.168.12.99'));
  await server.open(b, router('two', '192.168.12.98'));
  await server.diagnosticsOf(b);
  await server.change(b, 2, [{ text: router('three', '192.168.12.97') }]);
  await server.diagnosticsOf(b, 2);
  expect(await server.stop()).toBe(0);
  expect(server.diagnostics.map(({ uri, version }) => [uri, version])).toEqual([
    [a, 1],
    [b, 1],
    [b, 2],
  ]);
});

test('a patch for what its router does not have is told of, until the router has it', async () => {
  await using server = ServerProcess.overStdio();
  await server.initialize({}, capabilities);
  const patch = 'file:///project/patch.yaml';
  await server.open(a, router('one', '192.168.12.99'));
  await server.open(
    'file:///project/kustomization.yaml',
    'resources: [a.yaml]\npatches: [{path: patch.yaml, target: {kind: EgressRouter, name: one}}]\n',
  );
  await server.open(patch, '- op: remove\n  path: /spec/redirect/fallbackIP\n');
  const last = () => server.diagnostics.filter(({ uri }) => uri === patch).at(-1)?.diagnostics;
  await expect
    .poll(() =>
      last()?.map(({ code, message, relatedInformation: [place] = [] }) => [
        code,
        message,
        place?.location.uri,
      ]),
    )
    .toEqual([
      [
        'patch-leads-nowhere',
        'The EgressRouter one has no /spec/redirect/fallbackIP; Kustomize refuses to build with this "remove". Leave the operation out, or correct the path.',
        a,
      ],
    ]);
  const end = { line: 11, character: 0 };
  await server.change(a, 2, [{ range: { start: end, end }, text: '    fallbackIP: 203.0.113.26\n' }]);
  await expect.poll(last).toEqual([]);
  expect(await server.stop()).toBe(0);
  expect(server.log).toEqual([]);
});

test('a client that can take no push asks for diagnostics, and is told to ask again', async () => {
  await using server = ServerProcess.overStdio();
  let refreshes = 0;
  server.connection.onRequest('workspace/diagnostic/refresh', () => {
    refreshes += 1;
    return null;
  });
  const { capabilities: offered } = await server.initialize(
    {},
    { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } },
  );
  expect(offered.diagnosticProvider).toEqual({ interFileDependencies: true, workspaceDiagnostics: false });
  await server.open(a, router('one', '192.168.12.99'));
  const pull = async () => {
    const { items } = await server.request<{ items: Diagnostic[] }>('textDocument/diagnostic', {
      textDocument: { uri: a },
    });
    return items.map(({ code }) => code);
  };
  expect(await pull()).toEqual([]);
  await server.open(b, router('two', '192.168.12.99'));
  await expect.poll(() => refreshes).toBe(1);
  expect(await pull()).toEqual(['address-in-use']);
  expect(await server.stop()).toBe(0);
  expect(server.diagnostics).toEqual([]);
});

test('a client that takes a push is offered no pull beside it: all would show twice', async () => {
  await using server = ServerProcess.overStdio();
  const { capabilities: offered } = await server.initialize(
    {},
    { textDocument: { diagnostic: {}, publishDiagnostics: {} } },
  );
  expect(offered).not.toHaveProperty('diagnosticProvider');
});

test('a patch of Kustomize is nothing to deploy, and has no defaults', async () => {
  await using server = ServerProcess.overStdio();
  await server.initialize({ commands: true }, capabilities);
  await server.open(a, router('one', '192.168.12.99'));
  const lenses = () => server.request<object[]>('textDocument/codeLens', { textDocument: { uri: a } });
  const range = { start: { line: 0, character: 0 }, end: { line: 12, character: 0 } };
  const hints = () => server.request<object[]>('textDocument/inlayHint', { textDocument: { uri: a }, range });
  expect(await lenses()).not.toEqual([]);
  expect(await hints()).not.toEqual([]);
  await server.open('file:///project/kustomization.yaml', 'patches: [{path: a.yaml}]\n');
  expect(await lenses()).toEqual([]);
  expect(await hints()).toEqual([]);
  expect(await server.stop()).toBe(0);
});
