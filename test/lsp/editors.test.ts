// What docs/editors.md tells people to start is started, by a client that can next to nothing.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  type CompletionItem,
  type CompletionList,
  createMessageConnection,
  type Hover,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

const root = path.dirname(path.dirname(import.meta.dirname));
const page = await readFile(path.join(root, 'docs/editors.md'), 'utf8');
const placeholder = '/opt/egress-router-tools';

const uri = 'file:///home/someone/router.yaml';
const text = `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: egress-a
  namespace: demo
spec:
  networkInterface:
    macvlan:
      mode: VEPA
  addresses:
    - ip: 192.168.12.99/24
      gateway: 192.168.12.1
  redirect:
    redirectRules:
      - port: 8080
        protocol: tcp
        destinationIP: 203.0.113.25
`;
const protocolLine = text.split('\n').findIndex((line) => line.includes('protocol'));
const atProtocol = { textDocument: { uri }, position: { line: protocolLine, character: 18 } };

test('every editor of the page starts the same program', () => {
  const commands = page.split('\n').filter((line) => line.includes('server.mjs') && line.includes('--stdio'));
  expect(commands.length).toBeGreaterThanOrEqual(8);
  for (const command of commands) {
    const words = command.match(/[\w./-]+/g)?.filter((word) => /^(node|--stdio|.*server\.mjs)$/.test(word));
    const program = `${placeholder}/dist/server.mjs`;
    // Helix names the program apart from its arguments.
    expect(words, command).toEqual(
      command.startsWith('args') ? [program, '--stdio'] : ['node', program, '--stdio'],
    );
  }
});

test.each([
  { reconciler: 'cno', warns: true },
  { reconciler: 'agent', warns: false },
])('it serves a client without any capability, with the settings of the page: $reconciler', async (row) => {
  const [, line = ''] = /```sh\n(.*)\n```/.exec(page) ?? [];
  const [, ...args] = line.replace(placeholder, root).split(' ');
  await using server = start(args);
  const { connection } = server;
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
    initializationOptions: { settings: { reconciler: row.reconciler } },
  });
  await connection.sendNotification('initialized', {});
  const published = new Promise<PublishDiagnosticsParams>((resolve) => {
    connection.onNotification('textDocument/publishDiagnostics', resolve);
  });
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'yaml', version: 1, text },
  });
  const { diagnostics } = await published;
  const codes = diagnostics.map(({ code }) => code);
  expect(codes).toContain('protocol-lower-case');
  const ofPlatform = diagnostics.filter(
    ({ code, severity }) => String(code).startsWith('cno-') && severity === 2,
  );
  expect(ofPlatform.length > 0, codes.join()).toBe(row.warns);

  const answer = await connection.sendRequest<CompletionList | CompletionItem[]>(
    'textDocument/completion',
    atProtocol,
  );
  const items = Array.isArray(answer) ? answer : answer.items;
  expect(items.map(({ label }) => label)).toEqual(expect.arrayContaining(['TCP', 'UDP', 'SCTP']));
  expect(items.filter(({ insertTextFormat }) => insertTextFormat === 2)).toEqual([]);
  const hover = await connection.sendRequest<Hover>('textDocument/hover', atProtocol);
  expect(JSON.stringify(hover.contents)).toMatch(/TCP/);
});

function start(args: readonly string[]) {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  return {
    connection,
    [Symbol.asyncDispose]: async () => {
      connection.dispose();
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
