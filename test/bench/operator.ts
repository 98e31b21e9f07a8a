// npm run bench:operator [-- --routers N --edits N]: the built operator against the API of the sandbox, which runs in
// this process. Prints one JSON line for each figure; nothing fails here.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Connection } from '#cluster/connect.ts';
import { kinds, type ResourceKind } from '#cluster/kinds.ts';
import { patchObject } from '#cluster/objects.ts';
import { watchObjects } from '#cluster/watch.ts';
import { listAt, textAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { startBuiltInApi } from '#sandbox/built-in-api.ts';
import { makeRouters } from '../cluster/many-routers.ts';
import { installCrds, openWorld, rule } from '../cluster/operations-world.ts';
import { operatorKubeconfig, type RunningOperator, startAsInImage } from '../cluster/operator-process.ts';
import { median } from './measure.ts';

const { values } = parseArgs({
  options: { routers: { type: 'string', default: '1000' }, edits: { type: 'string', default: '51' } },
});
const routers = Number(values.routers);
const edits = Number(values.edits);
const signal = AbortSignal.timeout(10 * 60_000);

const folder = await mkdtemp(path.join(tmpdir(), 'ert-bench-operator-'));
const api = await startBuiltInApi({ folder: path.join(folder, 'api') });
const admin = path.join(folder, 'kubeconfig');
await writeFile(admin, await api.kubeconfigOf('admin', 'sandbox'));
let operator: RunningOperator | undefined;
try {
  await installCrds(admin);
  await using world = await openWorld(admin);
  const { connection } = world;
  const kubeconfig = await operatorKubeconfig(world);
  await makeRouters(connection, routers, signal);

  const startedMs = performance.now();
  operator = await start(kubeconfig);
  await untilApplied(connection);
  report({
    what: `${routers} routers from nothing to applied`,
    ours: since(startedMs),
    unit: 'ms',
    target: 30_000,
  });
  await untilQuiet(operator);
  report({ what: 'requests for that', ours: await requests(operator, /./), unit: 'requests' });
  report({ what: 'resident memory after that', ours: await residentMb(operator), unit: 'MB', target: 120 });
  await reportEdits(connection);
  // What the last edit leaves to be written is no part of a resync.
  await untilQuiet(operator);
  await operator.stop();

  operator = await start(kubeconfig);
  const again = performance.now();
  await untilQuiet(operator, routers);
  report({ what: 'a resync after a restart', ours: since(again), unit: 'ms' });
  const writes = await requests(operator, /verb="(apply|patch|create|delete)"/);
  report({ what: 'writes of a resync', ours: writes, unit: 'requests', target: 0 });
  report({ what: 'resident memory of a resync', ours: await residentMb(operator), unit: 'MB', target: 120 });
} finally {
  operator?.kill();
  await api.close();
  await rm(folder, { recursive: true });
}

interface Figure {
  readonly what: string;
  readonly ours: number;
  readonly unit: 'ms' | 'MB' | 'requests';
  readonly runs?: number;
  readonly target?: number;
}

function start(kubeconfig: string): Promise<RunningOperator> {
  return startAsInImage(kubeconfig, ['--health-port=0']);
}

function report(figure: Figure): void {
  const ours = Math.round(figure.ours * 10) / 10;
  process.stdout.write(`${JSON.stringify({ bench: 'operator', ...figure, ours })}\n`);
}

function since(startedMs: number): number {
  return performance.now() - startedMs;
}

/** By a watch: a list of so many objects at short intervals would be the larger part of the API's work. */
async function untilApplied(connection: Connection): Promise<void> {
  const settled = new Set<string>();
  const deployments = new Set<string>();
  await new Promise<void>((resolve) => {
    const check = (): void => {
      if (settled.size === routers && deployments.size === routers) resolve();
    };
    const watch = (kind: ResourceKind, take: (object: KubernetesObject) => void) =>
      watchObjects(connection, kind, {
        onEvent: (event) => {
          if (event.kind === 'put') take(event.object);
          if (event.kind === 'listed') event.objects.forEach(take);
          check();
        },
      });
    watch(kinds.egressRouter, (object) => {
      if (listAt(object, 'status', 'conditions').length > 0) settled.add(object.metadata.namespace ?? '');
    });
    watch(kinds.deployment, ({ metadata }) => deployments.add(metadata.namespace ?? ''));
  });
}

/** Until each router was looked at and nothing is left to do. Routers that wait for their pod come back after 5 s. */
async function untilQuiet(running: RunningOperator, atLeast = 0): Promise<void> {
  for (;;) {
    const text = await metrics(running);
    const depth = valueOf(text, /queue_depth ([0-9]+)/);
    if (depth === 0 && sumOf(text, /reconcile_total\{result="success"\} ([0-9]+)/g) >= atLeast) return;
    await delay(50);
  }
}

async function requests(running: RunningOperator, which: RegExp): Promise<number> {
  const lines = (await metrics(running)).split('\n').filter((line) => line.includes('api_requests_total{'));
  return sumOf(
    lines.filter((line) => which.test(line) && !line.includes('verb="update"')).join('\n'),
    / ([0-9]+)$/gm,
  );
}

async function metrics(running: RunningOperator): Promise<string> {
  const port = /health on port ([0-9]+)/.exec(running.log())?.[1];
  if (port === undefined) return '';
  // A kept connection may be closed by the one side as the other one takes it up again.
  return (await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { connection: 'close' } })).text();
}

function valueOf(text: string, pattern: RegExp): number | undefined {
  const value = pattern.exec(text)?.[1];
  return value === undefined ? undefined : Number(value);
}

function sumOf(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].reduce((sum, match) => sum + Number(match[1]), 0);
}

async function residentMb({ pid }: RunningOperator): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+([0-9]+) kB/.exec(status)?.[1]) / 1024;
}

/** From the request for the edit to the plugin configuration that has it. */
async function reportEdits(connection: Connection): Promise<void> {
  const times: number[] = [];
  let look: (config: string) => void = () => undefined;
  const watch = watchObjects(connection, kinds.nad, {
    onEvent: (event) => {
      if (event.kind === 'put') look(textAt(event.object, 'spec', 'config') ?? '');
    },
  });
  await delay(1_000);
  for (let edit = 0; edit < edits; edit += 1) {
    const port = 10_000 + edit;
    const seen = new Promise<void>((resolve) => {
      look = (config) => {
        if (config.includes(`"${port} TCP`)) resolve();
      };
    });
    const place = { namespace: `team-${edit % routers}`, name: 'partner' };
    const startedMs = performance.now();
    await patchObject(
      connection,
      kinds.egressRouter,
      place,
      { spec: { redirect: { redirectRules: [rule(port)] } } },
      signal,
    );
    await seen;
    times.push(since(startedMs));
    await delay(20);
  }
  watch.close();
  report({
    what: 'one edit to its objects, median',
    ours: median(times),
    unit: 'ms',
    runs: edits,
    target: 100,
  });
  report({ what: 'one edit to its objects, slowest', ours: Math.max(...times), unit: 'ms', runs: edits });
}
