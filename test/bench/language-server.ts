// node test/bench/language-server.ts [--runs N]: how long the built language server takes, beside
// yaml-language-server with the same schema. Prints a table of medians; nothing fails here.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  createMessageConnection,
  type MessageConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { egressRouterSchema } from '#core/egress-router/schema.generated.ts';
import { toDraft07 } from '#language/draft-07.ts';

const root = path.dirname(path.dirname(import.meta.dirname));
const uri = 'file:///bench/routers.yaml';
const documents = 1000;
/** Keystrokes of one kind; far enough apart that none of the servers merges them. */
const { values } = parseArgs({ options: { runs: { type: 'string', default: '15' } } });
const runs = Number(values.runs);

const folder = mkdtempSync(path.join(tmpdir(), 'ert-bench-'));
const schemaFile = path.join(folder, 'schema.json');
writeFileSync(schemaFile, JSON.stringify(toDraft07(egressRouterSchema)));

const servers = {
  'this server': ['dist/server.mjs', '--stdio'],
  'yaml-language-server': ['node_modules/yaml-language-server/bin/yaml-language-server', '--stdio'],
};
const rows = new Map<string, Record<string, string>>();
try {
  note('node -e 0', 'any', await repeat(runs, () => timeOf(runNothing)));
  for (const [name, args] of Object.entries(servers)) await measure(name, args);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.table(Object.fromEntries(rows));

async function measure(name: string, args: readonly string[]): Promise<void> {
  note('start to initialize, ms', name, await repeat(runs, () => timeOf(() => startAndStop(args))));
  const { child, connection } = start(args);
  await initialize(connection);
  let resolveNext: ((params: PublishDiagnosticsParams) => void) | undefined;
  connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
    if (params.uri === uri) resolveNext?.(params);
  });
  /** Sends a text change and waits for the answer that says what it must. */
  const until = (count: number, send: () => Promise<void>): Promise<number> =>
    timeOf(async () => {
      const done = new Promise<void>((resolve) => {
        resolveNext = ({ diagnostics }) => {
          if (diagnostics.length === count) resolve();
        };
      });
      await send();
      await done;
    });
  const text = Array.from({ length: documents }, (_, index) => router(index)).join('---\n');
  const opened = await until(1, () =>
    connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'yaml', version: 1, text },
    }),
  );
  note(`${documents} documents opened, ms`, name, [opened]);
  let version = 1;
  const middle = text.slice(0, text.indexOf(`router-${documents / 2}\n`)).split('\n').length - 1;
  const protocolLine = middle + 7;
  const edit = async (from: string, to: string): Promise<void> => {
    version += 1;
    const start = { line: protocolLine, character: '        protocol: '.length };
    const range = { start, end: { line: start.line, character: start.character + from.length } };
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range, text: to }],
    });
  };
  const edits: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    edits.push(await until(2, () => edit('TCP', 'tcp')));
    edits.push(await until(1, () => edit('tcp', 'TCP')));
  }
  note('edit to diagnostics, ms', name, edits);
  const position = { line: protocolLine, character: '        protocol: T'.length };
  const ask = (method: string) => () =>
    timeOf(() => connection.sendRequest(method, { textDocument: { uri }, position }));
  note('first hover, ms', name, [await ask('textDocument/hover')()]);
  note('hover, ms', name, await repeat(runs, ask('textDocument/hover')));
  position.character = 8;
  note('first completion of keys, ms', name, [await ask('textDocument/completion')()]);
  note('completion of keys, ms', name, await repeat(runs, ask('textDocument/completion')));
  await stop(child, connection);
}

/** The last document has the one fault that the first answer must show. */
function router(index: number): string {
  return `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: router-${index}
spec:
  addresses: [{ip: 10.${index >> 8}.${index & 255}.5/24, gateway: 10.${index >> 8}.${index & 255}.1}]
  redirect:
    redirectRules:
      - port: ${index === documents - 1 ? 80_000 : 8080}
        destinationIP: 203.0.113.25
        protocol: TCP
`;
}

function start(args: readonly string[]): { child: ChildProcess; connection: MessageConnection } {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['pipe', 'pipe', 'ignore'] });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.onRequest('workspace/configuration', ({ items }: { items: readonly { section?: string }[] }) =>
    items.map(({ section }) => (section === 'yaml' ? yamlSettings() : {})),
  );
  connection.onRequest('client/registerCapability', () => null);
  connection.listen();
  return { child, connection };
}

function yamlSettings(): unknown {
  return {
    validate: true,
    hover: true,
    completion: true,
    schemaStore: { enable: false },
    kubernetesCRDStore: { enable: false },
    schemas: { [`file://${schemaFile}`]: '*.yaml' },
  };
}

async function initialize(connection: MessageConnection): Promise<void> {
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {
      workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
      textDocument: { completion: { completionItem: { snippetSupport: true } } },
    },
  });
  await connection.sendNotification('initialized', {});
  await connection.sendNotification('workspace/didChangeConfiguration', {
    settings: { yaml: yamlSettings() },
  });
}

async function startAndStop(args: readonly string[]): Promise<void> {
  const { child, connection } = start(args);
  await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
  void stop(child, connection);
}

async function stop(child: ChildProcess, connection: MessageConnection): Promise<void> {
  connection.dispose();
  child.kill();
  await once(child, 'exit');
}

async function runNothing(): Promise<void> {
  await once(spawn(process.execPath, ['-e', '0']), 'exit');
}

async function timeOf(run: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await run();
  return performance.now() - before;
}

async function repeat(count: number, run: () => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) times.push(await run());
  return times;
}

function note(what: string, name: string, times: readonly number[]): void {
  const median = times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
  rows.set(what, { ...rows.get(what), [name]: median.toFixed(1) });
}
