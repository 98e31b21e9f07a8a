// npm run bench:cni [-- --runs N --peer PATH]: how long the built CNI executable takes for a whole ADD, and what
// it weighs. PATH is another egress-router plugin: it gets the same configuration, in turn with ours, each ADD
// in a new pod. Prints one JSON line for each figure; nothing fails here. Needs root, and makes a network
// namespace of its own to be the node.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { attempt, run } from '../netns/command.ts';
import { inTurn, median, repeat, timeOf } from './measure.ts';

const ours = path.join(import.meta.dirname, '../../dist/agent/egress-router');
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '15' },
    peer: { type: 'string' },
    executable: { type: 'string', default: ours },
  },
});
const runs = Number(values.runs);
const insideVariable = 'ERT_BENCH_NODE';
const podName = `ert-bench-${process.pid}`;

if (process.env[insideVariable] === undefined) {
  const args = ['--net', process.execPath, ...process.argv.slice(1)];
  const bench = spawn('unshare', args, { stdio: 'inherit', env: { ...process.env, [insideVariable]: '1' } });
  const [code] = await once(bench, 'exit');
  process.exitCode = code ?? 1;
} else {
  const folder = mkdtempSync(path.join(tmpdir(), 'ert-bench-cni-'));
  try {
    await makeNode();
    await measureAdd(1, 0.6);
    await measureAdd(1000, 0.75);
    await measureAdd(10_000);
    await measureDefaultWindow();
    await measureDel();
    await measureStart();
    await measureSize(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    // There only where something went wrong.
    await attempt(['ip', 'netns', 'del', podName]);
  }
}

/** `target`: what ours may be at most, as a part of the peer's. */
async function measureAdd(rules: number, target?: number): Promise<void> {
  const config = configOf(rules, { dad: { timeoutMs: 0 } });
  // The first run of each warms the page cache.
  for (const executable of subjects()) await timeAdd(executable, config);
  const { peer } = values;
  const what = `ADD of ${rules} rules, duplicate address detection off`;
  if (peer === undefined) {
    const times = await repeat(runs, () => timeAdd(values.executable, config));
    print({ what, unit: 'ms', runs, ours: round(median(times)) });
    return;
  }
  const times = await inTurn(runs, { ours: values.executable, peer }, (file) => timeAdd(file, config));
  const ratio = Math.round((times.ours / times.peer) * 1000) / 1000;
  print({
    what,
    unit: 'ms',
    runs,
    ours: round(times.ours),
    peer: round(times.peer),
    ratio,
    ...(target === undefined ? {} : { targetRatio: target }),
  });
}

async function measureDefaultWindow(): Promise<void> {
  const times = await repeat(runs, () => timeAdd(values.executable, configOf(1)));
  print({
    what: 'ADD of 1 rule, duplicate address detection as by default',
    unit: 'ms',
    runs,
    ours: round(median(times)),
  });
}

async function measureDel(): Promise<void> {
  const config = configOf(1, { dad: { timeoutMs: 0 } });
  const times = await repeat(runs, async () => {
    const pod = await makePod();
    await cni(values.executable, 'ADD', pod, config);
    const time = await timeOf(() => cni(values.executable, 'DEL', pod, config));
    await removePod(pod);
    return time;
  });
  print({ what: 'DEL of 1 rule', unit: 'ms', runs, ours: round(median(times)) });
}

/** By a shell that starts it again and again, as starting a process from Node costs more than what is measured. */
async function measureStart(): Promise<void> {
  const count = 50;
  const script = `n=0; while [ $n -lt ${count} ]; do n=$((n + 1)); echo '{"cniVersion":"1.1.0"}' | "$0" >/dev/null; done`;
  const timeOne = async (file: string): Promise<number> =>
    (await timeOf(() => run(['env', 'CNI_COMMAND=VERSION', 'sh', '-ec', script, file]))) / count;
  const { peer } = values;
  const nothing = '/bin/true';
  const times =
    peer === undefined
      ? await inTurn(7, { ours: values.executable, nothing }, timeOne)
      : await inTurn(7, { ours: values.executable, nothing, peer }, timeOne);
  const beyond = Object.entries(times).flatMap(([name, ms]) =>
    name === 'nothing' ? [] : [[name, round(ms - times.nothing)] as const],
  );
  print({
    what: 'VERSION, beyond starting /bin/true',
    unit: 'ms',
    runs: 7 * count,
    ...Object.fromEntries(beyond),
    target: 3,
  });
}

async function measureSize(folder: string): Promise<void> {
  const { executable } = values;
  const megabytes = (bytes: number): number => Math.round(bytes / 10_000) / 100;
  print({ what: 'file', unit: 'MB', ours: megabytes(statSync(executable).size), target: 5 });
  const listed = await attempt(['ldd', executable]);
  const isStatic = /not a dynamic executable|statically linked/.test(`${listed.stdout}${listed.stderr}`);
  print({
    what: 'shared libraries',
    unit: 'libraries',
    ours: isStatic ? 0 : listed.stdout.trim().split('\n').length,
    target: 0,
  });
  for (const rules of [1, 10_000]) {
    const kilobytes = await peakOfAdd(folder, rules);
    print({
      what: `resident at most, ADD of ${rules} rules`,
      unit: 'MB',
      ours: megabytes(kilobytes * 1024),
      target: 8,
    });
  }
}

/** Each tool that ADD starts first notes how much its parent has needed so far. */
async function peakOfAdd(folder: string, rules: number): Promise<number> {
  const notes = path.join(folder, `peaks-${rules}`);
  for (const tool of ['ip', 'nft']) {
    const real = (await run(['sh', '-c', 'command -v "$0"', tool])).trim();
    const script = `#!/bin/sh\ngrep VmHWM /proc/$PPID/status >>${notes}\nexec ${real} "$@"\n`;
    writeFileSync(path.join(folder, tool), script);
    chmodSync(path.join(folder, tool), 0o755);
  }
  const pod = await makePod();
  const search = `${folder}:${process.env['PATH']}`;
  await cni(values.executable, 'ADD', pod, configOf(rules, { dad: { timeoutMs: 0 } }), search);
  await removePod(pod);
  const peaks = [...readFileSync(notes, 'utf8').matchAll(/([0-9]+) kB/g)].map(([, number]) => Number(number));
  return Math.max(...peaks);
}

async function timeAdd(executable: string, config: string): Promise<number> {
  const pod = await makePod();
  const time = await timeOf(() => cni(executable, 'ADD', pod, config));
  await removePod(pod);
  return time;
}

async function cni(
  executable: string,
  command: string,
  pod: string,
  config: string,
  search = process.env['PATH'] ?? '',
): Promise<void> {
  const child = spawn(executable, [], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      PATH: search,
      CNI_COMMAND: command,
      CNI_CONTAINERID: pod,
      CNI_NETNS: `/run/netns/${pod}`,
      CNI_IFNAME: 'net1',
      CNI_PATH: '/opt/cni/bin',
    },
  });
  child.stdin.end(config);
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += String(chunk);
  });
  const [code] = await once(child, 'close');
  const hasResult = command !== 'ADD' || JSON.parse(said).ips !== undefined;
  if (code !== 0 || !hasResult) throw new Error(`${command} of ${executable} ended with ${code}: ${said}`);
}

/** This process' own namespace, with a NIC on a LAN of nobody. */
async function makeNode(): Promise<void> {
  const lines = [
    'link set lo up',
    'link add nic0 type veth peer name lan0',
    'address add 192.168.12.10/24 dev nic0',
    'link set nic0 up',
    'link set lan0 up',
    'route add default via 192.168.12.1',
  ];
  await run(['ip', '-batch', '-'], { input: lines.join('\n') });
}

async function makePod(): Promise<string> {
  const pod = podName;
  await run(['ip', 'netns', 'add', pod]);
  await run(['ip', '-batch', '-'], {
    input: `link add pod0 type veth peer name eth0 netns ${pod}\nlink set pod0 up\n`,
  });
  const lines = [
    'link set lo up',
    'address add 10.128.0.5/24 dev eth0',
    'link set eth0 up',
    'route add default via 10.128.0.1',
  ];
  await run(['ip', '-n', pod, '-batch', '-'], { input: lines.join('\n') });
  return pod;
}

async function removePod(pod: string): Promise<void> {
  // At once: what goes with its namespace answers for the reserved address a while longer.
  await attempt(['ip', '-n', pod, 'link', 'del', 'net1']);
  await run(['ip', 'link', 'del', 'pod0']);
  await run(['ip', 'netns', 'del', pod]);
}

function configOf(rules: number, more: object = {}): string {
  const destinations = Array.from(
    { length: rules },
    (_, index) => `${index + 1} TCP 203.0.${index >> 8}.${index & 255} 80`,
  );
  return JSON.stringify({
    cniVersion: '0.4.0',
    name: 'bench',
    type: 'egress-router',
    interfaceType: 'macvlan',
    interfaceArgs: { mode: 'bridge', master: 'nic0' },
    ip: { addresses: ['192.168.12.99/24'], gateway: '192.168.12.1', destinations },
    ...more,
  });
}

function subjects(): readonly string[] {
  return values.peer === undefined ? [values.executable] : [values.executable, values.peer];
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}

function print(figure: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify({ bench: 'cni', ...figure })}\n`);
}
