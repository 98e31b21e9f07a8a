import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { build } from '../esbuild.mjs';
import { setupVsCode } from '../tools/vscode-host/setup.mjs';
import { endMarked, findMarkedAfter, type Mark, type MarkedProcess } from './marked-processes.ts';
import { root } from './node24.mjs';
import { whenOrphaned } from './orphan.mjs';
import { describeEnding, type Ending, type ProcessGroup, startGroup } from './process-group.ts';
import { type Counts, type RingResults, readRingResults } from './ring-results.ts';
import { type Ring, resultsFile, resultsFolder, rings } from './rings.ts';
import { findBrowser } from './setup.mjs';

type Outcome =
  | {
      readonly kind: 'ran';
      readonly ring: Ring;
      readonly results: RingResults;
      readonly seconds: number;
      readonly about?: string;
    }
  | { readonly kind: 'left-out'; readonly ring: Ring; readonly reason: string };

/** Builds, runs the rings two at a time, and prints what came of them. Gives the exit code. */
export async function runRings(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { ring: { type: 'string' } } });
  const names = values.ring?.split(',');
  const wanted = rings.filter(({ name }) => names === undefined || names.includes(name));
  mkdirSync(resultsFolder, { recursive: true });
  for (const { name } of wanted) rmSync(resultsFile(name), { force: true });
  const fault = wanted.every(({ readsSourcesOnly }) => readsSourcesOnly) ? undefined : await buildAll();

  const running = new Set<ProcessGroup>();
  const mark = { name: 'EGRESS_ROUTER_TEST_RUN', value: randomUUID() };
  const end = () => {
    void Promise.all([...running].map((group) => group.stop(1000)))
      .then(() => endMarked(mark, 20_000))
      .then(() => process.exit(1));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end);
  whenOrphaned(end);
  const queue = wanted.values();
  const outcomes: Outcome[] = [];
  const lane = async () => {
    for (const ring of queue) {
      const reason =
        fault !== undefined && ring.readsSourcesOnly !== true ? 'the build failed' : ring.whyNot();
      outcomes.push(
        reason === undefined ? await runRing(ring, mark, running) : { kind: 'left-out', ring, reason },
      );
    }
  };
  await Promise.all([lane(), lane()]);

  const inOrder = wanted.flatMap((ring) => outcomes.filter((outcome) => outcome.ring === ring));
  printFailures(inOrder);
  if (fault !== undefined) console.log(`\nFAILED build\n${fault}`);
  console.log('');
  for (const outcome of inOrder) console.log(describe(outcome));
  const total = inOrder
    .map(countsOf)
    .reduce(add, { passed: 0, failed: fault === undefined ? 0 : 1, skipped: 0 });
  console.log(`\n${totals(total)}`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

/** Builds all parts and installs VS Code, which takes long the first time. Gives what went wrong. */
async function buildAll(): Promise<string | undefined> {
  const started = performance.now();
  try {
    await build({});
    if (findBrowser() !== undefined) setupVsCode();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    console.log(`build    | ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
}

async function runRing(ring: Ring, run: Mark, running: Set<ProcessGroup>): Promise<Outcome> {
  const started = performance.now();
  console.log(`${ring.name.padEnd(8)} |   started`);
  const mark = { name: `EGRESS_ROUTER_RING_${ring.name.toUpperCase()}`, value: run.value };
  const marks = { [run.name]: run.value, [mark.name]: mark.value };
  const env = { ...process.env, ...marks, FORCE_COLOR: '0', NO_COLOR: '1' };
  const group = startGroup(process.execPath, ring.args, {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(group);
  for (const stream of [group.child.stdout, group.child.stderr]) {
    if (stream !== null) printLines(ring.name, stream);
  }
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    void group.stop(5000);
  }, ring.timeoutMs);
  const ending = await group.ended;
  clearTimeout(timer);
  await group.stop(5000);
  const left = await findMarkedAfter(mark, 2000);
  await endMarked(mark, 20_000);
  running.delete(group);
  const late = isLate ? `was stopped after ${ring.timeoutMs / 1000} s` : undefined;
  const ended = withEnding(ring.name, readRingResults(resultsFile(ring.name)), ending, late);
  const results = withLeftovers(ring.name, ended, left);
  const seconds = (performance.now() - started) / 1000;
  const about = await ring.about?.();
  const outcome: Outcome = { kind: 'ran', ring, results, seconds, ...(about === undefined ? {} : { about }) };
  console.log(describe(outcome));
  return outcome;
}

/** A ring that says all is well and then does not end well has failed. */
function withEnding(
  name: string,
  results: RingResults,
  ending: Ending,
  late: string | undefined,
): RingResults {
  if (late === undefined && ((ending.kind === 'exited' && ending.code === 0) || results.failed > 0))
    return results;
  const message = `The ring ${late ?? describeEnding(ending)}: its output above says more.`;
  return { ...results, failed: results.failed + 1, failures: [...results.failures, { name, message }] };
}

/** A ring cleans up after itself: what it leaves running would also be left by the product. */
function withLeftovers(name: string, results: RingResults, left: readonly MarkedProcess[]): RingResults {
  if (left.length === 0) return results;
  const commands = left.map(({ pid, command }) => `  ${pid} ${command}`);
  const message = `The ring left processes running, which were ended now:\n${commands.join('\n')}`;
  return { ...results, failed: results.failed + 1, failures: [...results.failures, { name, message }] };
}

function printLines(name: string, stream: Readable): void {
  createInterface({ input: stream }).on('line', (line) => {
    if (line.trim() !== '') console.log(`${name.padEnd(8)} | ${line}`);
  });
}

function printFailures(outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes) {
    if (outcome.kind === 'left-out') continue;
    for (const { name, message } of outcome.results.failures) {
      console.log(`\nFAILED ${outcome.ring.name}: ${name}\n${message}`);
    }
    for (const { name, message } of outcome.results.secondTries) {
      console.log(`\nPASSED ONLY WHEN TRIED AGAIN ${outcome.ring.name}: ${name}\n${message}`);
    }
  }
}

function describe(outcome: Outcome): string {
  const name = outcome.ring.name.padEnd(11);
  if (outcome.kind === 'left-out') return `${name} left out: ${outcome.reason}`;
  const about = outcome.about === undefined ? '' : `, ${outcome.about}`;
  return `${name} ${totals(outcome.results)}, ${outcome.seconds.toFixed(1)} s${about}`;
}

function countsOf(outcome: Outcome): Counts {
  return outcome.kind === 'ran' ? outcome.results : { passed: 0, failed: 0, skipped: 1 };
}

function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

function totals({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
