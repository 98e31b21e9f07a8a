// npm run bench:lsp [-- --runs N --documents 1000,10000]: how long the built language server takes, and what memory,
// beside yaml-language-server with the same schema and file, both measured in turn. One line of JSON for each
// figure, with medians; what is above its target is told at the end, and nothing fails for it. Ours is measured as
// users have it but for the very first start: what Node has compiled of it is kept, here in a folder of the run.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { egressRouterSchema } from '#core/egress-router/schema.generated.ts';
import { toDraft07 } from '#language/draft-07.ts';
import { EditorClient } from './editor-client.ts';
import { type Figure, inTurn, median, repeat, runNothing, timeOf } from './measure.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '15' },
    documents: { type: 'string', default: '1000,10000' },
  },
});
const runs = Number(values.runs);
const root = path.dirname(path.dirname(import.meta.dirname));
const folder = mkdtempSync(path.join(tmpdir(), 'ert-bench-'));
const schemaFile = path.join(folder, 'schema.json');
writeFileSync(schemaFile, JSON.stringify(toDraft07(egressRouterSchema)));

// Where the server keeps what was compiled.
process.env['XDG_CACHE_HOME'] = path.join(folder, 'cache');

const commands = {
  ours: ['dist/server.mjs', '--stdio'],
  peer: ['node_modules/yaml-language-server/bin/yaml-language-server', '--stdio'],
};
const missed: Figure[] = [];
try {
  const nothing = await repeat(runs, () => timeOf(runNothing));
  tell({ what: 'node -e 0', ours: median(nothing), unit: 'ms', runs });
  const first = await inTurn(1, commands, timeOfStart);
  tell({ what: 'first start ever to initialize', ...first, unit: 'ms', runs: 1 });
  const started = await inTurn(runs, commands, timeOfStart);
  tell({ what: 'start to initialize', ...started, unit: 'ms', runs, target: 100 });
  for (const count of values.documents.split(',')) await measure(Number(count));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const { what, documents, ours, target, unit } of missed) {
  const where = documents === undefined ? '' : `, ${documents} documents`;
  process.stderr.write(`Above its target: ${what}${where}: ${ours} ${unit}, target ${target} ${unit}\n`);
}

async function measure(documents: number): Promise<void> {
  const text = Array.from({ length: documents }, (_, index) => router(index, documents)).join('---\n');
  const isLarge = documents > 2000;
  const target = (small: number, large?: number): { target?: number } =>
    isLarge ? (large === undefined ? {} : { target: large }) : { target: small };
  const kilobytes = Math.round(text.length / 1000);
  const about = { documents, kilobytes };

  // Cold: each run starts a server and opens the file at once.
  const coldRuns = isLarge ? 3 : Math.max(5, runs >> 1);
  const opened = await inTurn(coldRuns, commands, async (command) => {
    const client = await start(command);
    const took = await timeOf(() => client.open(text, 1));
    await client.stop();
    return took;
  });
  tell({ what: 'open to diagnostics', ...about, ...opened, unit: 'ms', runs: coldRuns, ...target(150) });

  const clients = { ours: await start(commands.ours), peer: await start(commands.peer) };
  await clients.ours.open(text, 1);
  await clients.peer.open(text, 1);
  const memory = { ours: clients.ours.memory(), peer: clients.peer.memory() };
  tell({
    what: 'resident memory, file open',
    ...about,
    ...ofKind(memory, 'rss'),
    unit: 'MB',
    runs: 1,
    ...target(150),
  });
  tell({
    what: 'proportional memory, file open',
    ...about,
    ...ofKind(memory, 'pss'),
    unit: 'MB',
    runs: 1,
    ...target(150),
  });

  const protocolLine = text.slice(0, text.indexOf(`router-${documents / 2}\n`)).split('\n').length + 11;
  const editRuns = isLarge ? 5 : runs;
  const edited = await inTurn(editRuns, clients, async (client) => {
    // One fault more, and gone again.
    const there = await timeOf(() => client.replace(protocolLine, 18, 'TCP', 'XXX', 2));
    const back = await timeOf(() => client.replace(protocolLine, 18, 'XXX', 'TCP', 1));
    return (there + back) / 2;
  });
  tell({ what: 'edit to diagnostics', ...about, ...edited, unit: 'ms', runs: editRuns, ...target(10, 15) });
  const typed = await inTurn(editRuns, clients, async (client) => {
    const there = await timeOf(() => client.replace(protocolLine, 0, '', '#\n', 1));
    const back = await timeOf(() => client.replace(protocolLine, 0, '#\n', '', 1));
    return (there + back) / 2;
  });
  tell({
    what: 'line added or removed to diagnostics',
    ...about,
    ...typed,
    unit: 'ms',
    runs: editRuns,
    ...target(10, 15),
  });

  for (const [what, method, character] of [
    ['hover', 'textDocument/hover', 19],
    ['completion of keys', 'textDocument/completion', 8],
    ['completion of values', 'textDocument/completion', 18],
  ] as const) {
    const ask = (client: EditorClient): Promise<number> =>
      timeOf(() => client.ask(method, { line: protocolLine, character }));
    const first = await inTurn(1, clients, ask);
    const answered = await inTurn(editRuns, clients, ask);
    tell({ what: `first ${what}`, ...about, ...first, unit: 'ms', runs: 1 });
    tell({ what, ...about, ...answered, unit: 'ms', runs: editRuns, ...target(3) });
  }
  for (const [what, method] of [
    ['outline', 'textDocument/documentSymbol'],
    ['lenses', 'textDocument/codeLens'],
  ] as const) {
    const took = await inTurn(editRuns, { ours: clients.ours }, (client) => timeOf(() => client.ask(method)));
    tell({ what, ...about, ...took, unit: 'ms', runs: editRuns });
  }
  const after = { ours: clients.ours.memory(), peer: clients.peer.memory() };
  tell({ what: 'resident memory, after all that', ...about, ...ofKind(after, 'rss'), unit: 'MB', runs: 1 });
  await clients.ours.stop();
  await clients.peer.stop();
}

function ofKind(
  memory: Record<'ours' | 'peer', { readonly rss: number; readonly pss: number }>,
  kind: 'rss' | 'pss',
): { ours: number; peer: number } {
  return { ours: memory.ours[kind], peer: memory.peer[kind] };
}

async function timeOfStart(command: readonly string[]): Promise<number> {
  const before = performance.now();
  const client = await start(command);
  const took = performance.now() - before;
  await client.stop();
  return took;
}

async function start(command: readonly string[]): Promise<EditorClient> {
  const client = new EditorClient(root, command, schemaFile);
  await client.initialize();
  return client;
}

function tell(figure: Figure): void {
  const { ours, peer, target } = figure;
  const ratio = peer === undefined ? {} : { ratio: rounded(peer / ours) };
  const line = {
    bench: 'lsp',
    ...figure,
    ours: rounded(ours),
    ...(peer === undefined ? {} : { peer: rounded(peer) }),
    ...ratio,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  if (target !== undefined && ours > target) missed.push({ ...figure, ours: rounded(ours) });
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** 480 characters, as people write them. The last document has the one fault that the first answer must show. */
function router(index: number, documents: number): string {
  const network = `10.${index >> 8}.${index & 255}`;
  return `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: router-${index}
  namespace: project-${index}
  labels:
    team: payments
spec:
  # The partner's address.
  addresses:
    - ip: ${network}.5/24
      gateway: ${network}.1
  redirect:
    redirectRules:
      - port: ${index === documents - 1 ? 80_000 : 8080}
        protocol: TCP
        destinationIP: 203.0.113.25
        targetPort: 80
      - port: 8443
        protocol: TCP
        destinationIP: 203.0.113.26
        targetPort: 443
`;
}
