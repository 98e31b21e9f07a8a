// What helps to write, over the wire: for a client that can all of it, and for one that can next to nothing.
import { expect, test } from 'vitest';
import {
  CancellationToken,
  CancellationTokenSource,
  type CodeLens,
  type CompletionItem,
  type CompletionList,
  type FoldingRange,
  type Hover,
  type InlayHint,
  LSPErrorCodes,
  type SelectionRange,
  type SymbolInformation,
} from 'vscode-languageserver/node';
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
        protocol: TCP
        destinationIP: 203.0.113.25
`;
const facts = {
  context: 'lab',
  reconciler: 'cno',
  networks: [],
  nics: [{ node: 'a', name: 'enp1s0', addresses: ['192.168.12.10/24'] }],
  routers: [
    { namespace: 'web', name: 'partner-api', addresses: ['192.168.12.99'], rules: [], state: 'Ready' },
  ],
  usedAddresses: [],
};

/** The position of the `|` in a text, and the text without it. */
function cursorIn(source: string): { text: string; position: { line: number; character: number } } {
  const before = source.slice(0, source.indexOf('|'));
  const line = before.split('\n').length - 1;
  const position = { line, character: before.length - (before.lastIndexOf('\n') + 1) };
  return { text: source.replace('|', ''), position };
}

function completionsOf(server: ServerProcess, position: unknown): Promise<CompletionItem[]> {
  return server.completions({ textDocument: { uri }, position });
}

test('a client that can nothing gets plain text', async () => {
  await using server = ServerProcess.overStdio();
  const { capabilities } = await server.initialize(undefined, {});
  expect(capabilities).toMatchObject({ positionEncoding: 'utf-16', renameProvider: true });
  expect(capabilities).not.toHaveProperty('codeActionProvider');
  const { text, position } = cursorIn(router.replace('  redirect:', '  |\n  redirect:'));
  await server.open(uri, text);
  const items = await completionsOf(server, position);
  expect(
    items.map(({ label, insertTextFormat, textEdit, documentation, command }) => ({
      label,
      insertTextFormat,
      newText: textEdit?.newText,
      isText: typeof documentation === 'string',
      command,
    })),
  ).toEqual([
    { label: 'mode', insertTextFormat: 1, newText: 'mode: Redirect', isText: true, command: undefined },
    {
      label: 'networkInterface',
      insertTextFormat: 1,
      newText: 'networkInterface:',
      isText: true,
      command: undefined,
    },
  ]);
  for (const { documentation } of items) expect(documentation).not.toMatch(/\*\*|```/);
  const hover = await server.request<Hover>('textDocument/hover', {
    textDocument: { uri },
    position: cursorIn(text.replace('192.168.12.1\n', '192|.168.12.1\n')).position,
  });
  expect(hover.contents).toMatchObject({
    kind: 'plaintext',
    value: expect.stringMatching(
      /^192\.168\.12\.1 is in 192\.168\.12\.0\/24, the subnet of 192\.168\.12\.99\./,
    ),
  });
  const symbols = await server.request<SymbolInformation[]>('textDocument/documentSymbol', {
    textDocument: { uri },
  });
  expect(symbols.map(({ name, containerName, location }) => [name, containerName, location.uri])).toEqual([
    ['partner-api', undefined, uri],
    ['192.168.12.99/24', 'partner-api', uri],
    ['8080/TCP → 203.0.113.25:8080', 'partner-api', uri],
  ]);
  expect(await server.stop()).toBe(0);
  expect(server.log).toEqual([]);
});

test('values are asked for again while one is typed, and keys are not', async () => {
  await using server = ServerProcess.overStdio();
  await server.initialize();
  const isIncomplete = async (name: string, source: string): Promise<boolean> => {
    const { text, position } = cursorIn(source);
    const textDocument = { uri: `file:///project/${name}.yaml` };
    await server.open(textDocument.uri, text);
    const params = { textDocument, position };
    return (await server.request<CompletionList>('textDocument/completion', params)).isIncomplete;
  };
  // A whole value by itself takes the offers away.
  expect(await isIncomplete('value', router.replace('203.0.113.25', '203.|'))).toBe(true);
  expect(await isIncomplete('key', router.replace('  redirect:', '  |\n  redirect:'))).toBe(false);
});

test('what the cluster knows is in completion, hover, lenses and diagnostics', async () => {
  await using server = ServerProcess.overStdio();
  await server.initialize();
  const { text, position } = cursorIn(
    `${router}    fallbackIP: 203.0.113.26\n  networkInterface:\n    macvlan:\n      master: |\n`,
  );
  await server.open(uri, text);
  await server.diagnosticsOf(uri);
  await server.connection.sendNotification('egressRouter/clusterFacts', facts);
  expect((await completionsOf(server, position)).map(({ label }) => label)).toEqual(['enp1s0']);
  const lenses = await server.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
  expect(lenses.map(({ command }) => [command?.title, command?.command])).toEqual([
    ['Deploy', 'egressRouter.deploy'],
    ['Diff', 'egressRouter.diff'],
    ['Expose', 'egressRouter.expose'],
    ['Tear Down', 'egressRouter.teardown'],
    ['● Ready in lab', 'egressRouter.reveal'],
  ]);
  const hover = await server.request<Hover>('textDocument/hover', {
    textDocument: { uri },
    position: { line: 1, character: 2 },
  });
  expect(JSON.stringify(hover.contents)).toContain('In cluster lab: **Ready**');
  // The platform's operator makes the routers there: what it ignores is no mere information any more.
  const severities = server.diagnostics.map(({ diagnostics }) =>
    diagnostics.filter(({ code }) => code === 'cno-ignores-fallback').map(({ severity }) => severity),
  );
  expect(severities.at(0)).toEqual([3]);
  expect(severities.at(-1)).toEqual([2]);
  await server.connection.sendNotification('egressRouter/clusterFacts', null);
  expect(await completionsOf(server, position)).toEqual([]);
});

for (const [title, configure] of Object.entries({
  'settings that are asked for': (server: ServerProcess) => {
    server.connection.onRequest('workspace/configuration', () => [{ reconciler: 'cno' }]);
    return server.initialize({}, { workspace: { configuration: true } });
  },
  'settings that come with initialize, of a client that has no others': (server: ServerProcess) => {
    server.connection.onRequest('workspace/configuration', () => [null]);
    return server.initialize({ settings: { reconciler: 'cno' } }, { workspace: { configuration: true } });
  },
  'settings that are pushed': async (server: ServerProcess) => {
    await server.initialize({}, {});
    const settings = { egressRouter: { reconciler: 'cno' } };
    await server.connection.sendNotification('workspace/didChangeConfiguration', { settings });
  },
  'settings that come with initialize, of a client that pushes those of others': async (
    server: ServerProcess,
  ) => {
    await server.initialize({ settings: { reconciler: 'cno' } }, {});
    const settings = { yaml: { format: true } };
    await server.connection.sendNotification('workspace/didChangeConfiguration', { settings });
  },
  'settings that come with initialize': (server: ServerProcess) =>
    server.initialize({ settings: { reconciler: 'cno' } }, {}),
})) {
  test(`${title} say who reconciles`, async () => {
    await using server = ServerProcess.overStdio();
    await configure(server);
    await server.open(uri, `${router}    fallbackIP: 203.0.113.26\n`);
    const severityNow = async (): Promise<unknown> => {
      // An answer comes after all that was pushed before it was asked for.
      await server.request('textDocument/codeLens', { textDocument: { uri } }).catch(() => undefined);
      return server.diagnostics.at(-1)?.diagnostics.find(({ code }) => code === 'cno-ignores-fallback')
        ?.severity;
    };
    await expect.poll(severityNow, { timeout: 10_000 }).toBe(2);
  });
}

test('folds, selections and hints', async () => {
  await using server = ServerProcess.overStdio();
  await server.initialize();
  await server.open(uri, router);
  const textDocument = { uri };
  const folds = await server.request<FoldingRange[]>('textDocument/foldingRange', { textDocument });
  expect(folds.map(({ startLine, endLine }) => [startLine, endLine])).toEqual([
    [2, 4],
    [5, 13],
    [6, 8],
    [7, 8],
    [9, 13],
    [10, 13],
    [11, 13],
  ]);
  const [selection] = await server.request<SelectionRange[]>('textDocument/selectionRange', {
    textDocument,
    positions: [{ line: 8, character: 16 }],
  });
  expect(selection?.range).toEqual({ start: { line: 8, character: 15 }, end: { line: 8, character: 27 } });
  expect(selection?.parent?.range.start).toEqual({ line: 8, character: 6 });
  const hints = await server.request<InlayHint[]>('textDocument/inlayHint', {
    textDocument,
    range: { start: { line: 11, character: 0 }, end: { line: 14, character: 0 } },
  });
  expect(hints).toEqual([
    {
      position: { line: 13, character: 35 },
      label: ':8080',
      tooltip: 'There is no targetPort: connections go to port 8080 of the server.',
      paddingLeft: false,
    },
  ]);
});

test('a long file that is being formatted keeps nobody waiting, and ends when it is called off or changes', async () => {
  await using server = ServerProcess.overStdio();
  await server.initialize(undefined, {});
  await server.open(uri, Array.from({ length: 400 }, () => router).join('---\n'));
  const answered: string[] = [];
  const format = (id: string, cancelled = CancellationToken.None): Promise<unknown> =>
    server.connection
      .sendRequest('textDocument/formatting', { textDocument: { uri }, options: { tabSize: 2 } }, cancelled)
      .catch((error: unknown) => error)
      .finally(() => answered.push(id));
  const hover = async (): Promise<void> => {
    await server.request('textDocument/hover', {
      textDocument: { uri },
      position: { line: 7, character: 12 },
    });
    answered.push('hover');
  };
  const first = format('formatted');
  await hover();
  expect(await first).toEqual([]);
  expect(answered.splice(0)).toEqual(['hover', 'formatted']);
  const source = new CancellationTokenSource();
  const second = format('called off', source.token);
  await hover();
  source.cancel();
  for (const _ of [1, 2]) await hover();
  expect(answered.splice(0)).toContain('called off');
  await second;
  const third = format('changed');
  await hover();
  await server.change(uri, 2, [{ text: router }]);
  expect(await third).toMatchObject({ code: LSPErrorCodes.ContentModified });
  expect(answered).toEqual(['hover', 'changed']);
});
