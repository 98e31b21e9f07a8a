import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { toLinkBatch, toLinkCommand, toRouteBatch } from '#core/attachment/ip-batch.ts';
import { toNftRuleset } from '#core/attachment/nft-ruleset.ts';
import { type AttachmentPlan, planAttachment } from '#core/attachment/plan.ts';
import { routerSysctls } from '#core/attachment/sysctl.ts';
import { parseCidr } from '#core/net/cidr.ts';
import { parseIfName } from '#core/net/ifname.ts';
import { parseIp } from '#core/net/ip.ts';
import type { NetConf } from '#core/netconf/model.ts';
import { parseNetConf } from '#core/netconf/parse.ts';

const execFileAsync = promisify(execFile);
const agent = path.join(import.meta.dirname, '../../dist/agent/router.mjs');
const capabilities = {
  'net-admin': ['--bounding-set=-all,+net_admin', '--inh-caps=-all'],
  none: ['--bounding-set=-all', '--inh-caps=-all'],
} as const;

/** A node and a pod of it, as network namespaces; the pod is attached by the plan and text that CNI ADD runs. */
export class RouterPod {
  readonly #id: string;
  readonly #folder: string;
  readonly #agents: ReturnType<typeof spawn>[] = [];

  constructor(id: string, folder: string) {
    this.#id = id;
    this.#folder = folder;
  }

  static async make(): Promise<RouterPod> {
    const folder = await mkdtemp(path.join(tmpdir(), 'router-pod-'));
    const pod = new RouterPod(`ert-rp${process.pid}-${path.basename(folder).slice(-6)}`, folder);
    await pod.#makeNamespaces();
    return pod;
  }

  get configPath(): string {
    return path.join(this.#folder, 'config.json');
  }

  async #makeNamespaces(): Promise<void> {
    const [node, pod] = [`${this.#id}-node`, `${this.#id}-pod`];
    await run('ip', ['netns', 'add', node]);
    await run('ip', ['netns', 'add', pod]);
    const inNode = (args: string) => run('ip', ['-n', node, ...args.split(' ')]);
    const inPod = (args: string) => run('ip', ['-n', pod, ...args.split(' ')]);
    await inNode('link set lo up');
    await inPod('link set lo up');
    await inNode('link add nic0 type veth peer name lan0');
    await inNode('link set nic0 up');
    await inNode('link set lan0 up');
    // The other end of the NIC is the LAN, with the gateway on it.
    await inNode('address add 192.168.12.1/24 dev lan0');
    await inNode('address add fd12::1/64 dev lan0 nodad');
    await inNode(`link add pod0 type veth peer name eth0 netns ${pod}`);
    await inNode('address add 10.128.0.1/24 dev pod0');
    await inNode('link set pod0 up');
    await inPod('address add 10.128.0.5/24 dev eth0');
    await inPod('link set eth0 up');
    await inPod('route add default via 10.128.0.1');
  }

  async attach(conf: NetConf): Promise<void> {
    const plan = planFor(conf);
    const name = ifName('ert-tmp');
    const target = `/run/netns/${this.#id}-pod`;
    await this.inNode('ip', toLinkCommand(plan, name, target));
    await this.inPod('nft', ['-f', await this.#file('rules.nft', [...toNftRuleset(plan)].join(''))]);
    const hasIpv6 = plan.families.some(({ family }) => family === 6);
    const forwarding = ['ipv4/conf/eth0/forwarding', ...(hasIpv6 ? ['ipv6/conf/all/forwarding'] : [])];
    const settings = [
      ...routerSysctls(name, hasIpv6).map(({ key, value }) => `net/${key}=${value}`),
      ...forwarding.map((key) => `net/${key}=1`),
    ];
    await this.inPod('sysctl', ['-q', '-w', ...settings]);
    await this.inPod('ip', ['-batch', await this.#file('link.batch', toLinkBatch(plan, name))]);
    for (const family of plan.families) {
      const batch = await this.#file('route.batch', toRouteBatch(plan, family));
      await this.inPod('ip', [`-${family.family}`, '-batch', batch]);
    }
  }

  async writeConfig(document: unknown): Promise<void> {
    await this.#file('config.json', JSON.stringify(document));
  }

  inNode(command: string, args: readonly string[]): Promise<string> {
    return run('nsenter', [`--net=/run/netns/${this.#id}-node`, command, ...args]);
  }

  inPod(command: string, args: readonly string[]): Promise<string> {
    return run('nsenter', [`--net=/run/netns/${this.#id}-pod`, command, ...args]);
  }

  /** Starts the built router process with these capabilities and waits until it answers. */
  async startAgent(allowed: keyof typeof capabilities): Promise<RunningAgent> {
    const child = spawn('nsenter', [`--net=/run/netns/${this.#id}-pod`, ...this.#agentCommand(allowed)], {
      env: { PATH: process.env['PATH'], EGRESS_ROUTER_CONFIG: this.configPath },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#agents.push(child);
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    await until(
      async () => (await this.ask('/healthz')).status === 200,
      () => log,
    );
    return {
      stop: () => {
        child.kill('SIGTERM');
        return exited;
      },
      log: () => log,
    };
  }

  async inspect(): Promise<unknown> {
    const command = [...this.#agentCommand('net-admin'), 'inspect', '-o', 'json'];
    const env = [`EGRESS_ROUTER_CONFIG=${this.configPath}`];
    return JSON.parse(await this.inPod('env', [...env, ...command]));
  }

  #agentCommand(allowed: keyof typeof capabilities): readonly string[] {
    return ['setpriv', ...capabilities[allowed], process.execPath, agent];
  }

  /** Asks the router process from the node, as the kubelet does. */
  async ask(target: string): Promise<{ readonly status: number; readonly body: string }> {
    const url = `http://10.128.0.5:9410${target}`;
    const args = ['-s', '--max-time', '5', '-w', '\n%{http_code}', url];
    // curl fails where nothing listens yet: then it prints the status 000.
    const answer = await this.inNode('curl', args).catch(() => '\n000');
    const end = answer.lastIndexOf('\n');
    return { status: Number(answer.slice(end + 1)), body: answer.slice(0, end) };
  }

  async remove(): Promise<void> {
    for (const child of this.#agents) child.kill('SIGKILL');
    await run('ip', ['netns', 'del', `${this.#id}-pod`]);
    await run('ip', ['netns', 'del', `${this.#id}-node`]);
    await rm(this.#folder, { recursive: true });
  }

  async #file(name: string, text: string): Promise<string> {
    const file = path.join(this.#folder, name);
    await writeFile(file, text);
    return file;
  }
}

interface RunningAgent {
  /** The exit code after SIGTERM. */
  readonly stop: () => Promise<number | null>;
  readonly log: () => string;
}

/** Asks again until it is so; the process under test takes a moment to start or to look again. */
export async function until(isSo: () => Promise<boolean>, explain: () => string): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`It did not come to be. ${explain()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export function netConf(document: unknown): NetConf {
  const { conf, problems } = parseNetConf(document);
  if (conf === undefined) throw new Error(JSON.stringify(problems));
  return conf;
}

function planFor(conf: NetConf): AttachmentPlan {
  const link = (name: string, address?: string) => ({
    name: ifName(name),
    mtu: 1500,
    isUp: true,
    isLoopback: false,
    addresses: [parseCidr(address ?? '')].filter((cidr) => cidr !== undefined),
  });
  const gateway = parseIp('10.128.0.1');
  const destination = parseCidr('0.0.0.0/0');
  if (gateway === undefined || destination === undefined) throw new Error('unreachable');
  const route = {
    family: 4,
    table: 'main',
    destination,
    gateway,
    link: ifName('eth0'),
    isOnlink: false,
  } as const;
  const planned = planAttachment(
    conf,
    {
      node: { links: [link('nic0')], defaultRouteLinks: [ifName('nic0')] },
      pod: {
        links: [link('eth0', '10.128.0.5/24')],
        routes: [route],
        rules: [],
        hasIpv6: true,
        sysctls: new Map(),
      },
    },
    ifName('net1'),
  );
  if (planned.kind === 'refused') throw new Error(planned.problem.message);
  return planned.plan;
}

function ifName(text: string) {
  const name = parseIfName(text);
  if (name === undefined) throw new Error(`${text} is no interface name`);
  return name;
}

async function run(command: string, args: readonly string[]): Promise<string> {
  return (await execFileAsync(command, [...args])).stdout;
}
