// npm run bench:explorer [-- --routers N --namespaces N --events N]: what the sidebar does with many routers, measured
// in this process, which does what the extension's does: the session's watch, the rows of the view, and the facts for
// the language server. The API server is a process of its own. Prints one JSON line for each figure.
import { execFile, fork } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual, parseArgs, promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ConnectionView } from '#client/cluster/connection.ts';
import { openSession } from '#cluster/session.ts';
import type { RoutersSnapshot } from '#cluster/view.ts';
import { parseJson, textAt } from '#core/json-value.ts';
import { LoopBlock, threadMs } from './loop-block.ts';
import { median } from './measure.ts';

const { values } = parseArgs({
  options: {
    routers: { type: 'string', default: '5000' },
    namespaces: { type: 'string', default: '500' },
    events: { type: 'string', default: '10000' },
  },
});
const routers = Number(values.routers);
const root = path.resolve(import.meta.dirname, '../..');

// The texts of the client are VS Code's to translate, which is not here.
registerHooks({
  resolve: (name, context, next) =>
    next(name === 'vscode' ? path.join(root, 'client/test/vscode.ts') : name, context),
});
const { FactsFeed } = await import('#client/cluster/facts-feed.ts');
const { SidebarMaker } = await import('#client/tree/sidebar.ts');
setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
const block = new LoopBlock();

const folder = await mkdtemp(path.join(tmpdir(), 'ert-bench-explorer-'));
const server = fork(path.join(import.meta.dirname, 'explorer-server.ts'), [
  values.routers,
  values.namespaces,
]);
const said: { readonly kind: string; readonly [field: string]: unknown }[] = [];
let lastList = { wallMs: 0, threadMs: 0 };
server.on('message', (message: { readonly kind: string }) => {
  said.push(message);
  if (message.kind === 'listed') lastList = { wallMs: performance.now(), threadMs: threadMs() };
});
try {
  const up = await heard('up');
  const kubeconfig = path.join(folder, 'kubeconfig');
  await writeFile(kubeconfig, toKubeconfig(String(up['port']), String(up['ca'])));
  await measureWatch(kubeconfig);
  await measureActivate();
  const manifest = parseJson(await readFile(path.join(root, 'package.json'), 'utf8'));
  const vsix = path.join(root, `dist/${textAt(manifest, 'name')}-${textAt(manifest, 'version')}.vsix`);
  const size = await stat(vsix).catch(() => undefined);
  if (size !== undefined) report({ what: 'VSIX', ours: size.size / 1_000_000, unit: 'MB', target: 4 });
} finally {
  server.disconnect();
  await rm(folder, { recursive: true });
}

interface Figure {
  readonly what: string;
  readonly ours: number;
  readonly unit: 'ms' | 'MB' | 'per second' | 'routers' | 'requests';
  readonly target?: number;
  readonly runs?: number;
}

function report(figure: Figure): void {
  const ours = Math.round(figure.ours * 10) / 10;
  process.stdout.write(`${JSON.stringify({ bench: 'explorer', ...figure, ours })}\n`);
}

async function measureWatch(kubeconfigPath: string): Promise<void> {
  const session = openSession({ kubeconfigPaths: [kubeconfigPath], allowExec: false, log: () => undefined });
  const sidebar = new SidebarMaker();
  let facts = 0;
  const feed = new FactsFeed({
    surroundings: async () => ({ networks: [], nics: [], usedAddresses: [] }),
    send: () => {
      facts += 1;
    },
    log: () => undefined,
  });
  let paints = 0;
  let painted = { wallMs: 0, threadMs: 0 };
  let last: RoutersSnapshot | undefined;
  const paintMs: number[] = [];

  await settle();
  const heapBefore = process.memoryUsage().heapUsed;
  block.reset();
  const startMs = performance.now();
  const watch = session.watchRouters((snapshot) => {
    last = snapshot;
    const view: ConnectionView = { kind: 'open', snapshot, namespace: session.namespace };
    const before = performance.now();
    // Groups are closed at first: their rows are asked for when they are opened.
    sidebar.make(view, { namespace: undefined, grouping: 'flat', filter: '' });
    feed.update(view);
    paints += 1;
    painted = { wallMs: performance.now(), threadMs: threadMs() };
    paintMs.push(painted.wallMs - before);
  });
  while (last?.connection.kind !== 'live' || last.routers.length < routers) await delay(5);
  report({
    what: `first paint of ${routers} routers, from the first request`,
    ours: painted.wallMs - startMs,
    unit: 'ms',
  });
  report({
    what: 'first paint after the last list was answered',
    ours: painted.wallMs - lastList.wallMs,
    unit: 'ms',
    target: 1000,
  });
  report({
    what: 'of processor time, first paint after the last list',
    ours: painted.threadMs - lastList.threadMs,
    unit: 'ms',
    target: 1000,
  });
  reportBlock('until then');

  await delay(1000);
  await settle();
  const heap = (process.memoryUsage().heapUsed - heapBefore) / 1024 / 1024;
  report({ what: 'memory of the store and the view', ours: heap, unit: 'MB', target: 60 });

  paints = 0;
  paintMs.length = 0;
  server.send({ burst: Number(values.events) });
  await heard('bursting');
  block.reset();
  const burst = { wallMs: performance.now(), threadMs: threadMs() };
  await heard('sent');
  const sentMs = performance.now() - burst.wallMs;
  await quiet(() => paints);
  const tookMs = painted.wallMs - burst.wallMs;
  reportBlock(`in a burst of ${values.events} events`);
  report({
    what: 'repaints in the burst',
    ours: (paints * 1000) / Math.max(tookMs, 1000),
    unit: 'per second',
    target: 10,
  });
  report({ what: 'longest repaint', ours: Math.max(...paintMs), unit: 'ms' });
  report({ what: 'burst, until the server had sent it', ours: sentMs, unit: 'ms' });
  report({ what: 'burst, until it was painted', ours: tookMs, unit: 'ms' });
  report({ what: 'burst, of processor time', ours: painted.threadMs - burst.threadMs, unit: 'ms' });
  block.stop();
  watch.close();
  const fresh = await session.status({}, AbortSignal.timeout(60_000));
  const wrong = fresh.routers.filter(
    (router, index) => !isDeepStrictEqual(router, last?.routers[index]),
  ).length;
  const missing = Math.abs(fresh.routers.length - (last?.routers.length ?? 0));
  report({ what: 'not as a fresh list has them', ours: wrong + missing, unit: 'routers', target: 0 });
  feed.dispose();
  session.close();
  if (facts === 0) throw new Error('The language server was told nothing.');
}

/** On a machine that does other things too, the clock counts them as well. */
function reportBlock(when: string): void {
  const { wallMs, threadMs } = block.longest;
  report({ what: `longest block of the event loop ${when}`, ours: wallMs, unit: 'ms', target: 50 });
  report({ what: `of processor time, the longest ${when}`, ours: threadMs, unit: 'ms', target: 50 });
}

/** In new processes, each of which loads the built extension with a stub of the editor. */
async function measureActivate(): Promise<void> {
  const bundle = path.join(root, 'dist/extension.cjs');
  if ((await stat(bundle).catch(() => undefined)) === undefined) return;
  const script = path.join(import.meta.dirname, 'explorer-activate.ts');
  const runs: {
    readonly loadMs: number;
    readonly activateMs: number;
    readonly outside: readonly string[];
  }[] = [];
  for (let run = 0; run < 11; run += 1) {
    const { stdout } = await promisify(execFile)(process.execPath, [script, bundle]);
    runs.push(JSON.parse(stdout));
  }
  report({
    what: 'load of the built extension',
    ours: median(runs.map(({ loadMs }) => loadMs)),
    unit: 'ms',
    runs: runs.length,
  });
  report({
    what: 'activate of the built extension',
    ours: median(runs.map(({ activateMs }) => activateMs)),
    unit: 'ms',
    runs: runs.length,
    target: 20,
  });
  const outside = runs.flatMap((run) => run.outside);
  report({
    what: 'connections, look-ups and programs in activate',
    ours: outside.length,
    unit: 'requests',
    target: 0,
  });
}

async function settle(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    collect();
    await delay(50);
  }
}

/** Until nothing has changed for half a second. */
async function quiet(count: () => number): Promise<void> {
  for (let seen = -1; seen !== count(); ) {
    seen = count();
    await delay(500);
  }
}

async function heard(kind: string): Promise<Readonly<Record<string, unknown>>> {
  for (;;) {
    const found = said.find((message) => message.kind === kind);
    if (found !== undefined) return found;
    await delay(5);
  }
}

function toKubeconfig(port: string, ca: string): string {
  const data = Buffer.from(ca).toString('base64');
  return JSON.stringify({
    clusters: [
      { name: 'b', cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority-data': data } },
    ],
    users: [{ name: 'b', user: { token: 'bench' } }],
    contexts: [{ name: 'b', context: { cluster: 'b', user: 'b', namespace: 'team-0' } }],
    'current-context': 'b',
  });
}
