// Editing without Node: what vscode.dev and other browsers run.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type {
  CodeAction,
  CompletionItem,
  CompletionList,
  Diagnostic,
  Hover,
  InitializeResult,
  PublishDiagnosticsParams,
} from 'vscode-languageserver';
import { startWorkerServer, type WorkerServer } from './worker-server.ts';

const uri = 'vscode-vfs://github/example/web/router.yaml';
const text = `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: egress-a
  namespace: demo
spec:
  addresses:
    - ip: 192.168.12.99/24
      gateway: 192.168.12.1
  redirect:
    redirectRules:
      - destinationIP: 203.0.113.25
        port: 8080
        protocol: tcp
`;
const protocolLine = text.split('\n').findIndex((line) => line.includes('protocol'));
const atProtocol = { textDocument: { uri }, position: { line: protocolLine, character: 18 } };

let server: WorkerServer;
let found: readonly Diagnostic[] = [];
const log: string[] = [];

beforeAll(async () => {
  server = await startWorkerServer();
  server.connection.onRequest('egressRouter/files', () => ({ uris: [] }));
  server.connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
    log.push(message);
  });
});
afterAll(() => server?.close());

test('it starts in a worker and says what it can', async () => {
  const { capabilities } = await server.connection.sendRequest<InitializeResult>('initialize', {
    processId: null,
    rootUri: null,
    capabilities: {
      textDocument: {
        completion: { completionItem: { snippetSupport: true } },
        codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } },
      },
    },
    initializationOptions: { files: true },
  });
  expect(capabilities).toMatchObject({
    hoverProvider: expect.anything(),
    completionProvider: expect.anything(),
    codeActionProvider: expect.anything(),
  });
  await server.connection.sendNotification('initialized', {});
});

test('it checks a manifest', async () => {
  const published = new Promise<PublishDiagnosticsParams>((resolve) => {
    server.connection.onNotification('textDocument/publishDiagnostics', resolve);
  });
  await server.connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'yaml', version: 1, text },
  });
  found = (await published).diagnostics;
  expect(found.map(({ code }) => code)).toContain('protocol-lower-case');
});

test('it completes', async () => {
  const answer = await server.connection.sendRequest<CompletionList | CompletionItem[]>(
    'textDocument/completion',
    atProtocol,
  );
  const items = Array.isArray(answer) ? answer : answer.items;
  expect(items.map(({ label }) => label)).toEqual(expect.arrayContaining(['TCP', 'UDP', 'SCTP']));
});

test('it explains', async () => {
  const hover = await server.connection.sendRequest<Hover>('textDocument/hover', atProtocol);
  expect(JSON.stringify(hover.contents)).toMatch(/TCP/);
});

test('it mends', async () => {
  const diagnostics = found.filter(({ code }) => code === 'protocol-lower-case');
  const actions = await server.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri },
    range: diagnostics[0]?.range,
    context: { diagnostics },
  });
  expect(actions.map(({ title }) => title)).toContain('Use TCP');
});

test('it formats', async () => {
  const edits = await server.connection.sendRequest<unknown[]>('textDocument/formatting', {
    textDocument: { uri },
    options: { tabSize: 2, insertSpaces: true },
  });
  expect(edits).toEqual([]);
});

test('it has nothing to complain of, and asks the network for nothing', () => {
  expect(log).toEqual([]);
  expect(server.asked.filter((url) => !url.startsWith('blob:'))).toEqual([]);
});
