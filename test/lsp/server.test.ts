import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { CodeLens, DocumentSymbol, Hover, TextEdit } from 'vscode-languageserver/node';
import type { DocumentsResult } from '#core/protocol.ts';
import { ServerProcess, serverPath } from './server-process.ts';

const uri = 'file:///project/router.yaml';
const router = `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: partner-api
  namespace: web
spec:
  addresses:
    - ip: 192.168.12.99/24
      gateway: 192.168.12.1
  redirect:
    redirectRules:
      - port: 8080
        protocol: TCP
        destinationIP: 203.0.113.25
        targetPort: 80
`;
const wrong = router.replace('.12.1\n', '.13.1\n');

/** The position of the `|` in a text, and the text without it. */
function cursorIn(source: string): { text: string; position: { line: number; character: number } } {
  const before = source.slice(0, source.indexOf('|'));
  const line = before.split('\n').length - 1;
  const position = { line, character: before.length - (before.lastIndexOf('\n') + 1) };
  return { text: source.replace('|', ''), position };
}

const transports = { stdio: () => ServerProcess.overStdio(), ipc: () => ServerProcess.overIpc() };

for (const [name, start] of Object.entries(transports)) {
  test(`over ${name}: starts, checks, completes, explains and ends`, async () => {
    await using server = start();
    const { capabilities } = await server.initialize();
    expect(capabilities).toEqual({
      positionEncoding: 'utf-16',
      textDocumentSync: { openClose: true, change: 2 },
      completionProvider: { triggerCharacters: expect.arrayContaining([' ', '"', '.', '0']) },
      hoverProvider: true,
      documentSymbolProvider: true,
      foldingRangeProvider: true,
      selectionRangeProvider: true,
      inlayHintProvider: true,
      definitionProvider: true,
      referencesProvider: true,
      documentHighlightProvider: true,
      documentLinkProvider: {},
      renameProvider: { prepareProvider: true },
      codeLensProvider: {},
      documentFormattingProvider: true,
    });
    await server.open(uri, wrong);
    expect(await server.diagnosticsOf(uri)).toEqual({
      uri,
      version: 1,
      diagnostics: [
        {
          range: { start: { line: 8, character: 15 }, end: { line: 8, character: 27 } },
          severity: 1,
          code: 'gateway-outside-subnet',
          source: 'egress-router',
          message: 'The gateway 192.168.13.1 is outside 192.168.12.0/24, the subnet of 192.168.12.99/24.',
        },
      ],
    });
    const textDocument = { uri };
    const gateways = await server.completions({
      textDocument,
      position: { line: 8, character: 15 },
    });
    expect(gateways.map(({ label }) => label)).toEqual(['192.168.12.1', '192.168.12.254']);
    const hover = await server.request<Hover>('textDocument/hover', {
      textDocument,
      position: { line: 11, character: 16 },
    });
    expect(JSON.stringify(hover.contents)).toContain(
      'client → router:8080/TCP → **203.0.113.25:80**, seen as **192.168.12.99**',
    );
    const symbols = await server.request<DocumentSymbol[]>('textDocument/documentSymbol', { textDocument });
    expect(symbols.map((symbol) => symbol.name)).toEqual(['partner-api']);
    expect(await server.stop()).toBe(0);
    expect(server.log).toEqual([]);
  });
}

test('keys are completed with their documentation', async () => {
  await using server = ServerProcess.overStdio();
  await server.initialize();
  const { text, position } = cursorIn(router.replace('gateway: 192.168.12.1', 'gate|'));
  await server.open(uri, text);
  const items = await server.completions({
    textDocument: { uri },
    position,
  });
  expect(
    items.map(({ label, textEdit, documentation }) => [label, textEdit?.newText, documentation]),
  ).toEqual([
    [
      'gateway',
      'gateway: ',
      { kind: 'markdown', value: expect.stringContaining('```yaml\ngateway: 192.168.12.1\n```') },
    ],
  ]);
});

test('the bundled YAML service formats a router', async () => {
  await using server = ServerProcess.overStdio();
  await server.initialize();
  await server.open(uri, `a:   1\n---\n${router.replace('name: ', 'name:   ')}`);
  const edits = await server.request<TextEdit[]>('textDocument/formatting', {
    textDocument: { uri },
    options: { tabSize: 2, insertSpaces: true },
  });
  expect(edits.map(({ newText }) => newText)).toEqual([router]);
});

test('diagnostics follow edits, each with its version', async () => {
  await using server = ServerProcess.overStdio();
  await server.initialize();
  await server.open(uri, wrong);
  expect((await server.diagnosticsOf(uri)).diagnostics).toHaveLength(1);
  const octet = { start: { line: 8, character: 23 }, end: { line: 8, character: 25 } };
  await server.change(uri, 2, [{ range: octet, text: '12' }]);
  expect((await server.diagnosticsOf(uri, 2)).diagnostics).toEqual([]);
});

test('a burst of edits is answered for the last of them', async () => {
  await using server = ServerProcess.overStdio();
  await server.initialize();
  await server.open(uri, router);
  await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      server.change(uri, index + 2, [{ text: index === 49 ? wrong : router }]),
    ),
  );
  const last = await server.diagnosticsOf(uri, 51);
  expect(last.diagnostics.map(({ code }) => code)).toEqual(['gateway-outside-subnet']);
  const versions = server.diagnostics.map(({ version }) => version ?? 0);
  expect(versions).toEqual(versions.toSorted((a, b) => a - b));
});

test('diagnostics go when the file is closed or holds no router any more', async () => {
  await using server = ServerProcess.overStdio();
  await server.initialize();
  await server.open(uri, wrong);
  await server.diagnosticsOf(uri);
  await server.change(uri, 2, [{ text: 'a: 1\n' }]);
  expect((await server.diagnosticsOf(uri, 2)).diagnostics).toEqual([]);
  await server.change(uri, 3, [{ text: wrong }]);
  await server.diagnosticsOf(uri, 3);
  await server.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  await server.stop();
  expect(server.diagnostics.at(-1)).toEqual({ uri, diagnostics: [] });
});

test('every router of a file with several documents, and nothing else in it', async () => {
  await using server = ServerProcess.overStdio();
  await server.initialize();
  await server.open(uri, `kind: [\n---\n${wrong}---\nkind: x\nkind: y\n---\n${router}...\n${wrong}`);
  const { diagnostics } = await server.diagnosticsOf(uri);
  expect(diagnostics.map(({ code, range }) => [code, range.start.line])).toEqual([
    ['gateway-outside-subnet', 10],
    ['same-name', 24],
    ['same-name', 40],
    ['gateway-outside-subnet', 45],
  ]);
  const { version, documents } = await server.request<DocumentsResult>('egressRouter/documents', {
    textDocument: { uri },
  });
  expect(version).toBe(1);
  expect(
    documents.map(({ name, namespace, problems, range }) => [
      name,
      namespace,
      problems.length,
      range.start.line,
      range.end.line,
    ]),
  ).toEqual([
    ['partner-api', 'web', 1, 2, 16],
    ['partner-api', 'web', 0, 21, 35],
    ['partner-api', 'web', 1, 37, 51],
  ]);
});

test('silent on other YAML', async () => {
  await using server = ServerProcess.overStdio();
  await server.initialize();
  const { text, position } = cursorIn('apiVersion: apps/v1\nkind: Deployment\nspec:\n  |\nbroken: [\n');
  await server.open(uri, text);
  const at = { textDocument: { uri }, position };
  expect(await server.completions(at)).toEqual([]);
  expect(await server.request('textDocument/hover', at)).toBeNull();
  expect(await server.request('textDocument/documentSymbol', at)).toEqual([]);
  expect(await server.request('textDocument/codeLens', at)).toEqual([]);
  expect(
    await server.request('textDocument/formatting', { ...at, options: { tabSize: 2, insertSpaces: true } }),
  ).toEqual([]);
  expect(await server.request('egressRouter/documents', at)).toEqual({ version: 1, documents: [] });
  expect(await server.stop()).toBe(0);
  expect(server.diagnostics).toEqual([]);
});

test('a text that is not open has no answers and does no harm', async () => {
  await using server = ServerProcess.overStdio();
  await server.initialize();
  const at = { textDocument: { uri: 'file:///nowhere.yaml' }, position: { line: 3, character: 9 } };
  expect(await server.completions(at)).toEqual([]);
  expect(await server.request('textDocument/hover', at)).toBeNull();
  await server.change(at.textDocument.uri, 2, [{ text: 'x' }]);
  expect(await server.stop()).toBe(0);
});

test('broken YAML is told, and the server goes on', async () => {
  await using server = ServerProcess.overStdio();
  await server.initialize();
  await server.open(uri, router.replace('TCP', '"TCP'));
  expect(
    (await server.diagnosticsOf(uri)).diagnostics.map(({ code, range }) => [code, range.start.line]),
  ).toEqual([['yaml-syntax', 12]]);
  await server.change(uri, 2, [{ text: wrong }]);
  expect((await server.diagnosticsOf(uri, 2)).diagnostics).toHaveLength(1);
});

test('a request that cannot be answered is logged, and the server goes on', async () => {
  await using server = ServerProcess.overStdio();
  await server.initialize();
  await server.open(uri, wrong);
  expect(await server.request('textDocument/hover', { textDocument: { uri } })).toBeNull();
  await expect(server.request('textDocument/noSuchThing', {})).rejects.toThrow('Unhandled method');
  const at = { textDocument: { uri }, position: { line: 99_999, character: 99_999 } };
  expect(await server.request('textDocument/hover', at)).toBeNull();
  expect((await server.diagnosticsOf(uri)).diagnostics).toHaveLength(1);
  expect(await server.stop()).toBe(0);
  expect(server.log).toEqual([expect.stringContaining(`Cannot answer for ${uri}`)]);
});

test('untitled texts and JSON', async () => {
  await using server = ServerProcess.overStdio();
  await server.initialize();
  await server.open('untitled:Untitled-1', wrong);
  expect((await server.diagnosticsOf('untitled:Untitled-1')).diagnostics).toHaveLength(1);
  const json = JSON.stringify({
    apiVersion: 'network.operator.openshift.io/v1',
    kind: 'EgressRouter',
    metadata: { name: 'a' },
    spec: {},
  });
  await server.open('file:///router.json', json, 'json');
  expect((await server.diagnosticsOf('file:///router.json')).diagnostics.map(({ code }) => code)).toEqual([
    'missing-field',
    'missing-field',
  ]);
});

test('lenses carry the router that they stand on, for clients that have the commands', async () => {
  await using server = ServerProcess.overStdio();
  await server.initialize();
  await server.open(uri, router);
  const lenses = await server.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
  const target = {
    uri,
    name: 'partner-api',
    namespace: 'web',
    range: { start: { line: 0, character: 0 }, end: { line: 14, character: 22 } },
  };
  expect(lenses.map(({ command }) => command)).toEqual([
    { title: 'Deploy', command: 'egressRouter.deploy', arguments: [target] },
    { title: 'Diff', command: 'egressRouter.diff', arguments: [target] },
    { title: 'Expose', command: 'egressRouter.expose', arguments: [target] },
    { title: 'Tear Down', command: 'egressRouter.teardown', arguments: [target] },
  ]);
});

test('a client without the commands gets no lenses, one with another formatter no formatting', async () => {
  await using server = ServerProcess.overStdio();
  const { capabilities } = await server.initialize({ format: false });
  expect(capabilities.codeLensProvider).toBeUndefined();
  expect(capabilities.documentFormattingProvider).toBeUndefined();
});

test('a whole manifest is proposed in an empty file', async () => {
  await using server = ServerProcess.overStdio();
  await server.initialize({});
  await server.open('file:///empty.yaml', '');
  const items = await server.completions({
    textDocument: { uri: 'file:///empty.yaml' },
    position: { line: 0, character: 0 },
  });
  expect(items.map(({ label }) => label)).toContain('egress-router');
});

test('no schema is ever fetched, whatever a modeline asks for', async () => {
  let requests = 0;
  const trap = createServer((_request, response) => {
    requests += 1;
    response.end('{"type": "string"}');
  });
  trap.listen(0, '127.0.0.1');
  await once(trap, 'listening');
  const { port } = trap.address() as AddressInfo;
  try {
    await using server = ServerProcess.overStdio();
    await server.initialize();
    const schema = `http://127.0.0.1:${port}/schema.json`;
    const { text, position } = cursorIn(
      `# yaml-language-server: $schema=${schema}\n# $schema: ${schema}\n${router.replace('gateway: 192.168.12.1', 'gate|')}"$schema": ${schema}\n`,
    );
    await server.open(uri, text);
    await server.diagnosticsOf(uri);
    const at = { textDocument: { uri }, position };
    // Our own schema still serves: the modeline has no say.
    const items = await server.completions(at);
    expect(items.map(({ label }) => label)).toEqual(['gateway']);
    await server.request('textDocument/hover', { ...at, position: { line: 4, character: 3 } });
    expect(await server.stop()).toBe(0);
  } finally {
    trap.close();
  }
  expect(requests).toBe(0);
});

test('works where there is no network', async () => {
  // Root runs it in a namespace without any interface; others can only look that it opens no socket.
  const isRoot = process.getuid?.() === 0 && process.platform === 'linux';
  await using server = ServerProcess.overStdio(isRoot ? ['unshare', '-n'] : []);
  await server.initialize();
  const { text, position } = cursorIn(router.replace('gateway: 192.168.12.1', 'gate|'));
  await server.open(uri, text);
  const at = { textDocument: { uri }, position };
  const items = await server.completions(at);
  expect(items.map(({ label }) => label)).toEqual(['gateway']);
  if (process.platform === 'linux') expect(await networkSockets(server.process.pid)).toEqual([]);
  expect(await server.stop()).toBe(0);
});

/** The TCP and UDP sockets that a process has open, by inode. Its pipes are sockets too, of another kind. */
async function networkSockets(pid: number | undefined): Promise<string[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`);
  const targets = await Promise.all(
    descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => 'closed meanwhile')),
  );
  const tables = await Promise.all(
    ['tcp', 'tcp6', 'udp', 'udp6'].map((kind) => readFile(`/proc/${pid}/net/${kind}`, 'utf8')),
  );
  const inodes = new Set(
    tables.flatMap((table) => table.split('\n').map((row) => row.trim().split(/\s+/)[9] ?? '')),
  );
  return targets.filter((target) => inodes.has(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? 'none'));
}

test('ends when its client does', async () => {
  // A client that dies without a word: its end of the pipe closes.
  await using server = ServerProcess.overStdio();
  await server.initialize();
  server.process.stdin?.end();
  expect(await server.exit()).toBe(1);
});

test('what was compiled is kept where the user keeps such things', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ert-cache-'));
  try {
    await using server = ServerProcess.overStdio(['env', `XDG_CACHE_HOME=${folder}`]);
    await server.initialize();
    await server.stop();
    const kept = await readdir(path.join(folder, 'egress-router-tools/compiled'), { recursive: true });
    expect(kept.length).toBeGreaterThan(1);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('started by hand, it says how it is started', async () => {
  const child = spawn(process.execPath, [serverPath], { stdio: 'pipe' });
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said += String(data);
  });
  await once(child, 'exit');
  expect([child.exitCode, said]).toEqual([2, expect.stringContaining('server.mjs --stdio')]);
});

test('lives where V8 may not compile', async () => {
  await using server = ServerProcess.overStdio(['env', 'NODE_OPTIONS=--jitless']);
  await server.initialize();
  await server.open(uri, wrong);
  await server.diagnosticsOf(uri);
  // Enough for V8 to want to.
  const text = Array.from({ length: 1000 }, () => router).join('---\n');
  await server.change(uri, 2, [{ text }]);
  await server.diagnosticsOf(uri, 2);
  expect(await server.stop()).toBe(0);
});
