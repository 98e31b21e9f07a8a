import { expect, test } from 'vitest';
import type { CodeAction, TextEdit, WorkspaceEdit } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { ServerProcess } from './server-process.ts';

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
        protocol: tcp # lower case
        destinationIP: 203.0.113.25
      - port: 8081
        protocol: udp
        destinationIP: 203.0.113.25
`;
const mended = router.replace('tcp', 'TCP').replace('udp', 'UDP');

/** What an editor of today says of itself, as far as it has to do with fixes. */
const capabilities = {
  workspace: { applyEdit: true, workspaceEdit: { documentChanges: true } },
  textDocument: {
    codeAction: {
      dataSupport: true,
      resolveSupport: { properties: ['edit'] },
      codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source.fixAll'] } },
    },
    publishDiagnostics: {
      codeDescriptionSupport: true,
      relatedInformation: true,
      tagSupport: { valueSet: [1, 2] },
    },
  },
};

async function started(given: object = capabilities): Promise<ServerProcess> {
  const server = ServerProcess.overStdio();
  await server.initialize({ documentation: 'https://docs.example.com/{code}' }, given);
  return server;
}

/** What is offered where a text stands in the file; nothing else is asked for than `only`. */
async function actionsAt(
  server: ServerProcess,
  text: string,
  at: string,
  only?: readonly string[],
): Promise<CodeAction[]> {
  const document = TextDocument.create(uri, 'yaml', 1, text);
  const position = document.positionAt(text.indexOf(at));
  const context = { diagnostics: [], ...(only === undefined ? {} : { only }) };
  const range = { start: position, end: position };
  return server.request('textDocument/codeAction', { textDocument: { uri }, range, context });
}

function applied(text: string, edit: WorkspaceEdit | undefined): string {
  const edits = edit?.documentChanges?.flatMap((change): TextEdit[] =>
    'edits' in change && change.textDocument.version === 1 && change.textDocument.uri === uri
      ? change.edits.filter((one) => 'newText' in one)
      : [],
  );
  const document = TextDocument.create(uri, 'yaml', 1, text);
  return TextDocument.applyEdits(document, edits ?? edit?.changes?.[uri] ?? []);
}

test('a quick fix mends the diagnostic that it belongs to', async () => {
  await using server = await started();
  await server.open(uri, router);
  const { diagnostics } = await server.diagnosticsOf(uri);
  expect(diagnostics.map(({ code, codeDescription }) => [code, codeDescription?.href])).toEqual([
    ['protocol-lower-case', 'https://docs.example.com/protocol-lower-case'],
    ['protocol-lower-case', 'https://docs.example.com/protocol-lower-case'],
  ]);
  const actions = await actionsAt(server, router, 'tcp');
  expect(actions.map(({ title, kind, isPreferred }) => [title, kind, isPreferred])).toEqual([
    ['Use TCP', 'quickfix', true],
    ['Fix all "protocol-lower-case" in this file', 'quickfix', undefined],
    ['Fix all safe problems of this file', 'source.fixAll.egressRouter', undefined],
  ]);
  expect(actions[0]?.diagnostics).toEqual([diagnostics[0]]);
  const text = applied(router, actions[0]?.edit);
  expect(text).toBe(router.replace('tcp', 'TCP'));
  await server.change(uri, 2, [{ text }]);
  expect((await server.diagnosticsOf(uri, 2)).diagnostics.map(({ range }) => range.start.line)).toEqual([15]);
});

test('an editor is told which kinds of actions there are, to run one of them on saving', async () => {
  await using server = ServerProcess.overStdio();
  const { capabilities: offered } = await server.initialize({}, capabilities);
  expect(offered.codeActionProvider).toEqual({
    codeActionKinds: ['quickfix', 'source.fixAll.egressRouter', 'refactor.rewrite.egressRouter.migrate'],
    resolveProvider: true,
  });
});

test('nothing is offered where nothing is wrong, and only what was asked for', async () => {
  await using server = await started();
  await server.open(uri, router);
  expect((await actionsAt(server, router, 'namespace', ['quickfix'])).map(({ title }) => title)).toEqual([]);
  expect((await actionsAt(server, router, 'tcp', ['refactor'])).map(({ title }) => title)).toEqual([]);
  for (const kind of ['source', 'source.fixAll', 'source.fixAll.egressRouter']) {
    expect((await actionsAt(server, router, 'namespace', [kind])).map(({ title }) => title)).toEqual([
      'Fix all safe problems of this file',
    ]);
  }
});

test('all that is certain is mended when a person wants it', async () => {
  await using server = await started();
  await server.open(uri, router);
  const [action] = await actionsAt(server, router, 'spec', ['source.fixAll']);
  expect(action?.edit).toBeUndefined();
  const resolved = await server.request<CodeAction>('codeAction/resolve', action);
  expect(applied(router, resolved.edit)).toBe(mended);
  await server.change(uri, 2, [{ text: mended }]);
  expect((await server.diagnosticsOf(uri, 2)).diagnostics).toEqual([]);
  await expect(server.request('codeAction/resolve', action)).rejects.toThrow('has changed');
});

test('an editor that resolves nothing has the edit at once', async () => {
  const { codeActionLiteralSupport } = capabilities.textDocument.codeAction;
  await using server = await started({ textDocument: { codeAction: { codeActionLiteralSupport } } });
  await server.open(uri, router);
  const [action] = await actionsAt(server, router, 'spec', ['source.fixAll']);
  expect(applied(router, action?.edit)).toBe(mended);
});

test('a name is looked up when a person wants it, who is told where it has no address', async () => {
  const text = mended.replace('203.0.113.25', 'partner.invalid');
  await using server = await started();
  const told = new Promise<{ message: string }>((resolve) => {
    server.connection.onNotification('window/showMessage', resolve);
  });
  await server.open(uri, text);
  const [action] = await actionsAt(server, text, 'partner.invalid', ['quickfix']);
  expect([action?.title, action?.edit]).toEqual(['Look up the address of partner.invalid', undefined]);
  await server.request('workspace/executeCommand', action?.command);
  expect((await told).message).toMatch(
    /^No address was found for partner\.invalid: the name service of this machine/,
  );
});

test('the address of a name is written', async () => {
  const text = mended.replace('203.0.113.25', 'localhost');
  await using server = await started();
  const written = new Promise<WorkspaceEdit>((resolve) => {
    server.connection.onRequest('workspace/applyEdit', ({ edit }: { edit: WorkspaceEdit }) => {
      resolve(edit);
      return { applied: true };
    });
  });
  await server.open(uri, text);
  const [action] = await actionsAt(server, text, 'localhost', ['quickfix']);
  await server.request('workspace/executeCommand', action?.command);
  expect(applied(text, await written)).toBe(text.replace('localhost', '127.0.0.1'));
});

test('a name is not looked up for a text that has changed since', async () => {
  const text = mended.replace('203.0.113.25', 'localhost');
  await using server = await started();
  const told = new Promise<{ message: string }>((resolve) => {
    server.connection.onNotification('window/showMessage', resolve);
  });
  await server.open(uri, text);
  const [action] = await actionsAt(server, text, 'localhost', ['quickfix']);
  await server.change(uri, 2, [{ text: `# above\n${text}` }]);
  await server.request('workspace/executeCommand', action?.command);
  expect((await told).message).toContain('the text has changed meanwhile');
});

test('a quick fix of a long document gets its edit once it is chosen', async () => {
  await using server = await started();
  const long = `${router}# ${'.'.repeat(60_000)}\n`;
  await server.open(uri, long);
  const [fix] = await actionsAt(server, long, 'tcp', ['quickfix']);
  expect(fix).toMatchObject({ title: 'Use TCP', isPreferred: true });
  expect(fix?.edit).toBeUndefined();
  const { edit } = await server.request<CodeAction>('codeAction/resolve', fix);
  expect(applied(long, edit)).toBe(long.replace('tcp', 'TCP'));
});
