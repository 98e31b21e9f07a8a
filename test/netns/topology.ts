import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { attempt, Background, type Finished, type RunOptions, run, until } from './command.ts';

const here = import.meta.dirname;
/** As it is built for the node. */
export const executable = path.join(here, '../../dist/agent/egress-router');

/** The primary CNI's ways of giving a pod its routes. */
export type PodShape =
  /** A subnet and a default route. */
  | 'subnet'
  /** A host address, and a gateway that is on no subnet (Calico). */
  | 'host-route'
  /** A subnet, the default route, and the cluster's other networks by name (OVN-Kubernetes). */
  | 'subnets'
  /** Routes to the cluster's networks; the default routes deleted, as Multus' `default-route` does. */
  | 'no-default';

/** What this reads of `ip -j address show`. */
interface ShownLink {
  readonly operstate: string;
  readonly addr_info: readonly {
    readonly family: string;
    readonly scope: string;
    readonly tentative?: boolean;
  }[];
}

export interface Pod {
  readonly name: string;
  readonly netns: string;
  readonly address: string;
  readonly address6: string;
}

/**
 * A physical network and a node on it, in network namespaces of their own:
 * a LAN bridge (`lan`) with the node, its gateway (`gw`) and another host (`mallory`); servers behind the gateway
 * (`srv`); on the node a bridge with pods, and a network behind the node that pods are not on (`remote`).
 */
export class Topology {
  readonly #prefix: string;
  readonly folder: string;
  readonly #running: Background[] = [];
  #podCount = 0;

  private constructor(prefix: string, folder: string) {
    this.#prefix = prefix;
    this.folder = folder;
  }

  static async make(label: string): Promise<Topology> {
    await removeLeftovers();
    const folder = await mkdtemp(path.join(tmpdir(), 'ert-netns-'));
    const topology = new Topology(`ertn-${process.pid}-${label}`, folder);
    try {
      await topology.#makeNetworks();
      await topology.#startServers();
      return topology;
    } catch (error) {
      await topology.remove();
      throw error;
    }
  }

  netnsOf(name: string): string {
    return `/run/netns/${this.#prefix}-${name}`;
  }

  /** argv that runs in a namespace of this topology. */
  inside(name: string, argv: readonly string[]): readonly string[] {
    return ['nsenter', `--net=${this.netnsOf(name)}`, '--', ...argv];
  }

  run(name: string, argv: readonly string[], options?: RunOptions): Promise<string> {
    return run(this.inside(name, argv), options);
  }

  /** Lines of `ip -batch`. */
  async ip(name: string, ...lines: readonly string[]): Promise<void> {
    await this.run(name, ['ip', '-batch', '-'], { input: `${lines.join('\n')}\n` });
  }

  /** A pod with an interface on the node's pod bridge. */
  async makePod(shape: PodShape = 'subnet'): Promise<Pod> {
    this.#podCount += 1;
    const host = 10 + this.#podCount;
    const name = `pod${this.#podCount}`;
    const address = `10.128.0.${host}`;
    const address6 = `fd10:128::${host}`;
    await this.#makeNamespace(name);
    await this.#plug(name, 'eth0', 'node', 'cni0');
    const isHost = shape === 'host-route';
    await this.ip(
      name,
      `address add ${address}/${isHost ? 32 : 24} dev eth0`,
      `address add ${address6}/${isHost ? 128 : 64} dev eth0 nodad`,
      'link set eth0 up',
      ...routesOf[shape].map((route) => `route add ${route}`),
    );
    await this.#settle(name);
    return { name, netns: this.netnsOf(name), address, address6 };
  }

  /**
   * The kernel notices a carrier in its own time, up to a second later; only then comes the link-local address,
   * and even without detection of duplicates it takes a moment to become usable.
   */
  async #settle(name: string): Promise<void> {
    let shown: readonly ShownLink[] = [];
    const isSettled = async (): Promise<boolean> => {
      shown = JSON.parse(await this.run(name, ['ip', '-j', 'address', 'show', 'dev', 'eth0']));
      return shown.every(({ operstate, addr_info: addresses }) => {
        const hasLinkLocal = addresses.some(({ family, scope }) => family === 'inet6' && scope === 'link');
        return operstate === 'UP' && hasLinkLocal && !addresses.some(({ tentative }) => tentative);
      });
    };
    await until(isSettled, 10_000, () => `${name} has not settled: ${JSON.stringify(shown)}`);
  }

  /** Runs the executable on the node as a container runtime does. */
  cni(
    command: string,
    pod: Pod,
    config: unknown,
    env: Readonly<Record<string, string>> = {},
    folder = '/',
    node = 'node',
  ): Promise<Finished> {
    const variables = {
      PATH: process.env['PATH'] ?? '',
      CNI_COMMAND: command,
      CNI_CONTAINERID: `container-${pod.name}`,
      CNI_NETNS: pod.netns,
      CNI_IFNAME: 'net1',
      CNI_PATH: '/opt/cni/bin',
      ...env,
    };
    // For the executable alone: PATH may hold programs that are made to fail.
    const settings = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    return attempt(this.inside(node, ['env', '-i', `--chdir=${folder}`, ...settings, executable]), {
      input: typeof config === 'string' ? config : JSON.stringify(config),
    });
  }

  /** What a client in a namespace gets from a port: an answer, or an error code. */
  async ask(
    from: string,
    protocol: 'tcp' | 'udp',
    address: string,
    port: number,
    timeoutMs = 5000,
  ): Promise<unknown> {
    const program = [process.execPath, path.join(here, 'ask.ts')];
    const args = [protocol, address, String(port), String(timeoutMs)];
    return JSON.parse(await this.run(from, [...program, ...args]));
  }

  /** Starts capturing on the LAN bridge what the filter of tcpdump takes. */
  async capture(filter: string): Promise<Background> {
    const argv = ['tcpdump', '-n', '-l', '-i', 'br0', filter];
    return this.#keep(await Background.start(this.inside('lan', argv), /listening on/));
  }

  /** All of a namespace that ADD touches, as text to compare. */
  async snapshot(pod: Pod): Promise<string> {
    const commands = [
      ['ip', '-j', '-d', 'address', 'show'],
      ...['-4', '-6'].flatMap((family) => [
        ['ip', family, '-j', 'route', 'show', 'table', 'all'],
        ['ip', family, '-j', 'rule', 'show'],
      ]),
      ['nft', 'list', 'ruleset'],
      // Some settings cannot be read, hence no exit code to go by.
      ['sh', '-c', 'grep -rs . /proc/sys/net | grep -v conntrack_count || true'],
    ];
    const texts = commands.map(async (argv) => `# ${argv.join(' ')}\n${await this.run(pod.name, argv)}`);
    return (await Promise.all(texts)).join('\n');
  }

  /** Stops every program and removes every namespace; interfaces go with them. */
  async remove(): Promise<void> {
    for (const program of this.#running) await program.stop();
    for (const name of await listNamespaces()) {
      if (name.startsWith(`${this.#prefix}-`)) await run(['ip', 'netns', 'del', name]);
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  async #makeNetworks(): Promise<void> {
    for (const name of ['lan', 'node', 'gw', 'srv', 'mallory', 'client', 'remote']) {
      await this.#makeNamespace(name);
    }
    await this.ip('lan', 'link add br0 type bridge', 'link set br0 up');
    await this.ip('node', 'link add cni0 type bridge', 'link set cni0 up');
    await this.#plug('node', 'enp1s0', 'lan', 'br0');
    await this.#plug('gw', 'lan0', 'lan', 'br0');
    await this.#plug('mallory', 'lan0', 'lan', 'br0');
    await this.#plug('client', 'eth0', 'node', 'cni0');
    await this.#wire('gw', 'wan0', 'srv', 'wan0');
    await this.#wire('node', 'remote0', 'remote', 'eth0');
    await this.ip(
      'node',
      'address add 192.168.12.10/24 dev enp1s0',
      'address add fd12::10/64 dev enp1s0 nodad',
      'address add 10.128.0.1/24 dev cni0',
      'address add 169.254.1.1/32 dev cni0',
      'address add fd10:128::1/64 dev cni0 nodad',
      'address add fe80::1/64 dev cni0 nodad',
      'address add 10.201.0.1/24 dev remote0',
      'address add fd10:201::1/64 dev remote0 nodad',
      'route add default via 192.168.12.1',
      'route add default via fd12::1',
    );
    await this.ip(
      'gw',
      'address add 192.168.12.1/24 dev lan0',
      'address add fd12::1/64 dev lan0 nodad',
      'address add 203.0.113.1/24 dev wan0',
      'address add 2001:db8::1/64 dev wan0 nodad',
    );
    await this.ip(
      'srv',
      'address add 203.0.113.25/24 dev wan0',
      'address add 203.0.113.26/24 dev wan0',
      'address add 2001:db8::25/64 dev wan0 nodad',
      'route add default via 203.0.113.1',
      'route add default via 2001:db8::1',
    );
    await this.ip(
      'mallory',
      'address add 192.168.12.66/24 dev lan0',
      'address add fd12::66/64 dev lan0 nodad',
    );
    await this.ip(
      'client',
      'address add 10.128.0.7/24 dev eth0',
      'address add fd10:128::7/64 dev eth0 nodad',
      'route add default via 10.128.0.1',
      'route add default via fd10:128::1',
    );
    await this.ip(
      'remote',
      'address add 10.201.0.9/24 dev eth0',
      'address add fd10:201::9/64 dev eth0 nodad',
      'route add default via 10.201.0.1',
      'route add default via fd10:201::1',
    );
    for (const name of ['node', 'gw']) {
      await this.run(name, ['sysctl', '-q', '-w', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1']);
    }
  }

  async #startServers(): Promise<void> {
    const tcp = [
      '203.0.113.25/tcp/80',
      '203.0.113.25/tcp/8080',
      '203.0.113.26/tcp/80',
      '2001:db8::25/tcp/80',
    ];
    const udp = ['203.0.113.26/udp/53', '203.0.113.25/udp/9000', '2001:db8::25/udp/53'];
    await this.serve('srv', ...tcp, '203.0.113.25/tcp/9000', ...udp);
  }

  /** Starts servers that answer with the address of their peer: `ADDRESS/PROTOCOL/PORT` each. */
  async serve(name: string, ...listeners: readonly string[]): Promise<void> {
    const argv = [process.execPath, path.join(here, 'answer.ts'), ...listeners];
    this.#keep(await Background.start(this.inside(name, argv), /^ready$/m));
  }

  #keep(program: Background): Background {
    this.#running.push(program);
    return program;
  }

  async #makeNamespace(name: string): Promise<void> {
    await run(['ip', 'netns', 'add', `${this.#prefix}-${name}`]);
    // As a container's namespace is, whatever this machine's own has been set to.
    const forwarding = ['net.ipv4.ip_forward=0', 'net.ipv6.conf.all.forwarding=0'];
    const reversePath = ['net.ipv4.conf.all.rp_filter=0', 'net.ipv4.conf.default.rp_filter=0'];
    const quick = ['net.ipv6.conf.default.accept_dad=0', 'net.ipv6.conf.all.disable_ipv6=0'];
    await this.run(name, ['sysctl', '-q', '-w', ...forwarding, ...reversePath, ...quick]);
    await this.ip(name, 'link set lo up');
  }

  /** Gives a namespace an interface whose other end is a port of a bridge. */
  async #plug(name: string, link: string, bridgeOwner: string, bridge: string): Promise<void> {
    const port = `p-${name}`;
    await this.#wire(name, link, bridgeOwner, port);
    await this.ip(bridgeOwner, `link set ${port} master ${bridge}`);
  }

  async #wire(name: string, link: string, otherName: string, otherLink: string): Promise<void> {
    const other = this.netnsOf(otherName);
    await this.ip(
      name,
      `link add ${link} type veth peer name ${otherLink} netns ${other}`,
      `link set ${link} up`,
    );
    await this.ip(otherName, `link set ${otherLink} up`);
  }
}

const routesOf: Readonly<Record<PodShape, readonly string[]>> = {
  subnet: ['default via 10.128.0.1', 'default via fd10:128::1'],
  'host-route': [
    '169.254.1.1 dev eth0',
    'default via 169.254.1.1 dev eth0',
    'fe80::1 dev eth0',
    'default via fe80::1 dev eth0',
  ],
  subnets: [
    'default via 10.128.0.1',
    ...['10.128.0.0/14', '172.30.0.0/16', '100.64.0.0/16', '169.254.0.5'].map(
      (network) => `${network} via 10.128.0.1`,
    ),
    'default via fd10:128::1',
    ...['fd10:128::/48', 'fd10:30::/112', 'fd98::/64'].map((network) => `${network} via fd10:128::1`),
  ],
  'no-default': ['10.201.0.0/16 via 10.128.0.1', 'fd10:201::/48 via fd10:128::1'],
};

/** What a run that was killed left: its namespaces carry its process id. */
async function removeLeftovers(): Promise<void> {
  for (const name of await listNamespaces()) {
    const pid = /^ertn-([0-9]+)-/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) await run(['ip', 'netns', 'del', name]);
  }
}

async function listNamespaces(): Promise<readonly string[]> {
  const listed = await run(['ip', 'netns', 'list']);
  return listed.split('\n').flatMap((line) => line.split(' ')[0] || []);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: there is no such process.
    return false;
  }
}
