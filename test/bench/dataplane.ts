// npm run bench:dataplane [-- --runs 15 --rules 1,1000,10000 --milliseconds 400]: as root, on Linux. What the router's
// ruleset costs in one pod, attached by the built executable: new connections per second at the worst rule, beside a
// list with one rule for each port, and throughput, beside forwarding without any ruleset. The two of a pair take
// turns. One line of JSON for each figure, with medians; what misses its target is told at the end.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Background, run } from '../netns/command.ts';
import { type Pod, Topology } from '../netns/topology.ts';
import { median } from './measure.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '15' },
    rules: { type: 'string', default: '1,1000,10000' },
    milliseconds: { type: 'string', default: '400' },
  },
});
const runs = Number(values.runs);
const server = '192.168.12.66';
const [quickPort, bulkPort, firstPort] = [7000, 7001, 10_000];
const withoutTable = 'add table inet egress_router\ndelete table inet egress_router\n';
const missed: string[] = [];

const topology = await Topology.make('bench');
const load = path.join(topology.folder, 'load');
try {
  await run(['gcc', '-O2', '-o', load, path.join(import.meta.dirname, 'dataplane-load.c')]);
  // Connections wait for the server, which takes no time from those that are being measured.
  await topology.run('mallory', ['sysctl', '-q', '-w', 'net.core.somaxconn=1048576']);
  const argv = [load, 'serve', server, String(quickPort), String(bulkPort)];
  const served = await Background.start(topology.inside('mallory', argv), /^ready$/m);
  try {
    await measure();
  } finally {
    await served.stop();
  }
} finally {
  await topology.remove();
}
for (const line of missed) process.stderr.write(`Misses its target: ${line}\n`);

async function measure(): Promise<void> {
  const rates = new Map<number, number>();
  for (const count of values.rules.split(',').map(Number)) {
    const { ours, list, ratio } = await withRouter(count, (pod) => connectionRates(pod, count));
    rates.set(count, ours);
    const target = count >= 10_000 ? 4 : count >= 1000 ? 1.2 : undefined;
    tell({ what: 'new connections at the worst rule', rules: count, ours, list, unit: '1/s', ratio, target });
  }
  const [[few, least] = [0, 0], [many, most] = [0, 0]] = [[...rates][0], [...rates].at(-1)];
  if (few !== many) {
    tell({
      what: `new connections with ${many} rules to those with ${few}`,
      ratio: most / least,
      target: 0.9,
    });
  }
  const { ours, plain, ratio } = await withRouter(1, throughputs);
  tell({ what: 'throughput', ours, plain, unit: 'Gbit/s', ratio, target: 0.97 });
}

async function withRouter<T>(count: number, use: (pod: Pod) => Promise<T>): Promise<T> {
  const pod = await topology.makePod();
  const ports = Array.from({ length: count }, (_, index) => firstPort + index);
  const config = {
    cniVersion: '1.0.0',
    name: 'egress-router-cni-nad',
    type: 'egress-router',
    ip: {
      addresses: ['192.168.12.99/24'],
      gateway: '192.168.12.1',
      destinations: [
        ...ports.map((port) => `${port} TCP ${server} ${quickPort}`),
        `${bulkPort} TCP ${server}`,
      ],
    },
    dad: { timeoutMs: 0 },
  };
  const added = await topology.cni('ADD', pod, config);
  if (added.code !== 0) throw new Error(added.stdout);
  try {
    return await use(pod);
  } finally {
    await topology.cni('DEL', pod, config);
  }
}

async function connectionRates(
  pod: Pod,
  count: number,
): Promise<{ readonly ours: number; readonly list: number; readonly ratio: number }> {
  const worst = firstPort + count - 1;
  // The same marks and targets, looked for one by one.
  const rules = Array.from({ length: count }, (_, index) => {
    const port = firstPort + index;
    return `meta l4proto tcp tcp dport ${port} ct mark set ${(1 << 18) | port} dnat ip to ${server}:${quickPort}`;
  });
  const lines = rules.map((rule) => `add rule inet egress_router to_list ${rule}\n`);
  await nft(pod, `add chain inet egress_router to_list\n${lines.join('')}`);
  const jump = (chain: string): Promise<string> =>
    nft(
      pod,
      `flush chain inet egress_router prerouting
add rule inet egress_router prerouting iifname "eth0" fib daddr type local jump ${chain}\n`,
    );
  const rate = async (chain: string): Promise<number> => {
    await jump(chain);
    // The connections of the turns before would lengthen every look into the kernel's table of them.
    await topology.run(pod.name, ['conntrack', '-F']);
    const opened = await client('connect', pod.address, worst, '2');
    return (opened * 1000) / Number(values.milliseconds);
  };
  const pairs = await inPairs(
    () => rate('to_external'),
    () => rate('to_list'),
  );
  return { ours: Math.round(pairs.ours), list: Math.round(pairs.other), ratio: pairs.ratio };
}

async function throughputs(
  pod: Pod,
): Promise<{ readonly ours: number; readonly plain: number; readonly ratio: number }> {
  const table = await topology.run(pod.name, ['nft', 'list', 'table', 'inet', 'egress_router']);
  // Without a ruleset the pod is a router like any other, and both ends know their way.
  await topology.ip('client', `route add ${server} via ${pod.address}`);
  await topology.ip('mallory', 'route add 10.128.0.0/24 via 192.168.12.99');
  const gigabits = (bytes: number): number => (bytes * 8) / Number(values.milliseconds) / 1e6;
  const { ours, other, ratio } = await inPairs(
    async () => {
      await nft(pod, `${withoutTable}${table}`);
      return gigabits(await client('send', pod.address, bulkPort));
    },
    async () => {
      await nft(pod, withoutTable);
      return gigabits(await client('send', server, bulkPort));
    },
  );
  return { ours: round(ours), plain: round(other), ratio };
}

/** Medians. Each pair begins with the other one of the two, for whoever comes first may find the machine cooler. */
async function inPairs(
  ours: () => Promise<number>,
  other: () => Promise<number>,
): Promise<{ readonly ours: number; readonly other: number; readonly ratio: number }> {
  const pairs: (readonly [number, number])[] = [];
  for (let index = 0; index < runs; index += 1) {
    const first = index % 2 === 0 ? undefined : await other();
    const one = await ours();
    pairs.push([one, first ?? (await other())]);
  }
  return {
    ours: median(pairs.map(([one]) => one)),
    other: median(pairs.map(([, two]) => two)),
    ratio: median(pairs.map(([one, two]) => one / two)),
  };
}

function nft(pod: Pod, text: string): Promise<string> {
  return topology.run(pod.name, ['nft', '-f', '-'], { input: text });
}

/** What the load program counted in a client's namespace. */
async function client(
  what: string,
  address: string,
  port: number,
  ...rest: readonly string[]
): Promise<number> {
  const argv = [load, what, address, String(port), values.milliseconds, ...rest];
  return Number(await topology.run('client', argv));
}

interface Figure {
  readonly what: string;
  readonly rules?: number;
  readonly ours?: number;
  /** A list with one rule for each port. */
  readonly list?: number;
  /** Forwarding without a ruleset. */
  readonly plain?: number;
  readonly unit?: string;
  readonly ratio: number;
  /** What the ratio has to be at least. */
  readonly target?: number | undefined;
}

function tell(figure: Figure): void {
  const ratio = round(figure.ratio);
  process.stdout.write(`${JSON.stringify({ ...figure, ratio, runs })}\n`);
  if (figure.target !== undefined && figure.ratio < figure.target) {
    const rules = figure.rules === undefined ? '' : `, ${figure.rules} rules`;
    missed.push(`${figure.what}${rules}: ${ratio}, target ${figure.target}`);
  }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
