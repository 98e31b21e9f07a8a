import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Finished, until } from './command.ts';
import { isFiltered } from './is-filtered.ts';
import { dualConfig } from './netconfs.ts';
import { executable, type Pod, Topology } from './topology.ts';

const done = { code: 0, stdout: '', stderr: '' };
/** The same moments in every run, as far as the machine keeps time. */
const seed = 20_260_101;
const rounds = 10;

let net: Topology;
let pod: Pod;
let before: string;

beforeAll(async () => {
  net = await Topology.make('rand');
  pod = await net.makePod();
  before = await net.snapshot(pod);
});

afterAll(() => net?.remove());

/** What a runtime kills, whose patience has an end, is the plugin; what the kernel or systemd kills is all of it. */
type Victim = 'plugin' | 'plugin and all that it started';

const victims: readonly Victim[] = ['plugin', 'plugin and all that it started'];

describe.each(victims)('SIGKILL of the %s at any moment', (victim) => {
  test('of ADD: never open, and the next DEL leaves the pod as it was', async () => {
    const random = randomFrom(seed);
    const durationMs = await timeOf('ADD');
    await net.cni('DEL', pod, dualConfig);
    for (let round = 0; round < rounds; round += 1) {
      const delayMs = random() * durationMs * 1.1;
      await killed('ADD', victim, delayMs);
      await expectFiltered(`ADD killed after ${delayMs} ms`);
      expect(await net.cni('DEL', pod, dualConfig), `DEL, ADD killed after ${delayMs} ms`).toEqual(done);
      await expectAsBefore(`after DEL, ADD killed after ${delayMs} ms`);
    }
  });

  test('of ADD: a next ADD takes its place, or says that it is there', async () => {
    const random = randomFrom(seed + 1);
    const durationMs = await timeOf('ADD');
    await net.cni('DEL', pod, dualConfig);
    for (let round = 0; round < rounds; round += 1) {
      const delayMs = random() * durationMs * 1.1;
      await killed('ADD', victim, delayMs);
      const again = await addUntilFree();
      const explain = `ADD killed after ${delayMs} ms; the next said ${again.stdout}`;
      if (again.code !== 0) {
        // SPEC §2: an interface of that name is an error; a runtime sends DEL first.
        expect(JSON.parse(again.stdout), explain).toMatchObject({ code: 101, details: 'interface-exists' });
        expect(await net.cni('DEL', pod, dualConfig), explain).toEqual(done);
        expect(await net.cni('ADD', pod, dualConfig), explain).toMatchObject({ code: 0 });
      }
      expect(await net.cni('CHECK', pod, { ...dualConfig, prevResult: {} }), explain).toEqual(done);
      expect(await net.cni('DEL', pod, dualConfig), explain).toEqual(done);
      await expectAsBefore(explain);
    }
  });

  test('of DEL: never open, and the next DEL leaves the pod as it was', async () => {
    const random = randomFrom(seed + 2);
    await net.cni('ADD', pod, dualConfig);
    const durationMs = await timeOf('DEL');
    for (let round = 0; round < rounds; round += 1) {
      expect(await net.cni('ADD', pod, dualConfig)).toMatchObject({ code: 0 });
      const delayMs = random() * durationMs * 1.1;
      await killed('DEL', victim, delayMs);
      await expectFiltered(`DEL killed after ${delayMs} ms`);
      expect(await net.cni('DEL', pod, dualConfig), `DEL killed after ${delayMs} ms`).toEqual(done);
      await expectAsBefore(`DEL killed after ${delayMs} ms`);
    }
  });
});

/** SPEC §5, code 11: to be tried again, as what the killed plugin had started is still at work. */
async function addUntilFree(): Promise<Finished> {
  let finished = await net.cni('ADD', pod, dualConfig);
  for (let turn = 0; turn < 100 && finished.stdout.includes('"code":11,'); turn += 1) {
    finished = await net.cni('ADD', pod, dualConfig);
  }
  return finished;
}

async function expectFiltered(explain: string): Promise<void> {
  expect(await isFiltered(net, pod), explain).toBe(true);
}

async function expectAsBefore(explain: string): Promise<void> {
  expect((await net.snapshot(pod)).split('\n'), explain).toEqual(before.split('\n'));
}

async function killed(command: string, victim: Victim, delayMs: number): Promise<void> {
  const child = start(command);
  const closed = once(child, 'exit');
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  if (child.pid === undefined) throw new Error(`${command} was not started`);
  if (victim === 'plugin') child.kill('SIGKILL');
  else await killGroup(child.pid);
  await closed;
}

/** With everything of the group gone, what is there is what the kill left. */
async function killGroup(leader: number): Promise<void> {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    // ESRCH: it has ended already.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
  await until(
    async () => (await stateOfGroup(leader)).every((state) => state === 'Z'),
    5000,
    () => `process group ${leader} is still there`,
  );
}

/** proc(5): after the name in parentheses the state, the parent and the group. */
async function stateOfGroup(leader: number): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^[0-9]+$/.test(name));
  // One that ends meanwhile has no state.
  const texts = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return texts.flatMap((text) => {
    const [state = '', , group] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return group === String(leader) ? [state] : [];
  });
}

async function timeOf(command: string): Promise<number> {
  const begun = performance.now();
  const [code] = await once(start(command), 'exit');
  expect(code).toBe(0);
  return performance.now() - begun;
}

/** The executable, in a process group of its own: nsenter and env become it. */
function start(command: string): ChildProcess {
  const settings = {
    PATH: process.env['PATH'] ?? '',
    CNI_COMMAND: command,
    CNI_CONTAINERID: 'killed',
    CNI_NETNS: pod.netns,
    CNI_IFNAME: 'net1',
    CNI_PATH: '/opt/cni/bin',
  };
  const env = ['env', '-i', ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)];
  const [file = '', ...args] = net.inside('node', [...env, executable]);
  const child = spawn(file, args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  // A plugin that is killed before it has read its input.
  child.stdin?.on('error', () => {});
  child.stdin?.end(JSON.stringify(dualConfig));
  return child;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
