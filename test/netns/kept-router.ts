import { createHash } from 'node:crypto';
import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Background, type Finished, until } from './command.ts';
import type { Pod, Topology } from './topology.ts';

const here = import.meta.dirname;
const program = path.join(here, '../../dist/agent/router.mjs');

/** A pod that the built executable has attached, with the built router process in it, as the operator's has. */
export class KeptRouter {
  readonly #topology: Topology;
  readonly #folder: string;
  readonly pod: Pod;
  readonly #config: object;
  readonly #added: unknown;
  #versions = 0;
  #process: Background | undefined;

  private constructor(topology: Topology, pod: Pod, config: object, added: unknown) {
    this.#added = added;
    this.#config = config;
    this.#topology = topology;
    this.#folder = path.join(topology.folder, `config-${pod.name}`);
    this.pod = pod;
  }

  /** @param env for the router process @param limits a command that the process is started by, such as ["nice"] */
  static async make(
    topology: Topology,
    config: object,
    env: Readonly<Record<string, string>> = {},
    limits: readonly string[] = [],
  ): Promise<KeptRouter> {
    const pod = await topology.makePod();
    const added = await topology.cni('ADD', pod, config);
    if (added.code !== 0) throw new Error(`ADD: ${added.stdout}`);
    const router = new KeptRouter(topology, pod, config, JSON.parse(added.stdout));
    await mkdir(router.#folder);
    await symlink('..data/config.json', path.join(router.#folder, 'config.json'));
    await router.configure(config);
    await router.start(env, / redirecting$/m, limits);
    return router;
  }

  async start(
    env: Readonly<Record<string, string>> = {},
    ready = / redirecting$/m,
    limits: readonly string[] = [],
  ): Promise<void> {
    const settings = Object.entries({ EGRESS_ROUTER_CONFIG: `${this.#folder}/config.json`, ...env });
    this.#process = await Background.start(
      this.#topology.inside(this.pod.name, [
        ...limits,
        'setpriv',
        '--bounding-set=-all,+net_admin',
        '--inh-caps=-all',
        'env',
        ...settings.map(([name, value]) => `${name}=${value}`),
        process.execPath,
        program,
      ]),
      ready,
    );
  }

  /** As the kubelet renews a mounted ConfigMap: a new folder, and a link to it that is swapped. */
  async configure(config: unknown): Promise<void> {
    this.#versions += 1;
    const version = `..v${this.#versions}`;
    await mkdir(path.join(this.#folder, version));
    const text = typeof config === 'string' ? config : JSON.stringify(config);
    await writeFile(path.join(this.#folder, version, 'config.json'), text);
    await symlink(version, path.join(this.#folder, '..data_tmp'));
    await rename(path.join(this.#folder, '..data_tmp'), path.join(this.#folder, '..data'));
  }

  /** @returns once the log says so after what it said before */
  async says(pattern: RegExp): Promise<string> {
    return (await this.#running.printed(pattern, 15_000)).trim();
  }

  get log(): string {
    return this.#running.output;
  }

  /** CHECK with the configuration that a runtime has kept since ADD. */
  check(): Promise<Finished> {
    return this.#topology.cni('CHECK', this.pod, { ...this.#config, prevResult: this.#added });
  }

  /** Asks the router process from the node, as the kubelet does. */
  async get(target: string, accept = '*/*'): Promise<{ readonly status: number; readonly body: string }> {
    const url = `http://${this.pod.address}:9410${target}`;
    const header = `Accept: ${accept}`;
    const args = ['-s', '--max-time', '10', '-H', header, '-w', '\n%{http_code}', url];
    const answer = await this.#topology.run('node', ['curl', ...args]);
    const end = answer.lastIndexOf('\n');
    return { status: Number(answer.slice(end + 1)), body: answer.slice(0, end) };
  }

  async becomesReady(): Promise<void> {
    await until(
      async () => (await this.get('/readyz')).status === 200,
      20_000,
      () => this.log,
    );
  }

  /** @returns once the rules of this configuration are in force */
  async takesUp(config: unknown): Promise<void> {
    await this.configure(config);
    await until(
      async () => (await this.digestInForce()) === digestOf(config),
      15_000,
      () => this.log,
    );
  }

  async digestInForce(): Promise<unknown> {
    return JSON.parse((await this.get('/readyz', 'application/json')).body).digest;
  }

  async whilePaused(act: () => Promise<unknown>): Promise<void> {
    await this.#running.whilePaused(act);
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
  }

  /** Ends the process and gives the address back. */
  async close(): Promise<void> {
    await this.stop();
    const deleted = await this.#topology.cni('DEL', this.pod, this.#config);
    if (deleted.code !== 0) throw new Error(`DEL: ${deleted.stdout}`);
  }

  get #running(): Background {
    if (this.#process === undefined) throw new Error('The router process was not started');
    return this.#process;
  }
}

export function digestOf(config: unknown): string {
  return createHash('sha256').update(JSON.stringify(config)).digest('hex').slice(0, 16);
}

/** A program that keeps one connection alive from a namespace of the topology. */
export class Flow {
  readonly #program: Background;

  private constructor(started: Background) {
    this.#program = started;
  }

  /** @returns once `server` has answered it */
  static async start(
    topology: Topology,
    from: string,
    protocol: 'tcp' | 'udp',
    address: string,
    port: number,
    server: string,
  ): Promise<Flow> {
    const argv = [process.execPath, path.join(here, 'flow.ts'), 'ask', protocol, address, String(port)];
    return new Flow(await Background.start(topology.inside(from, argv), new RegExp(`^${server} `, 'm')));
  }

  /** All answers since it began. */
  get answers(): number {
    return this.#lines.filter((line) => /[0-9]$/.test(line)).length;
  }

  get wasClosed(): boolean {
    return this.#lines.some((line) => line.startsWith('closed'));
  }

  /** @returns once `server` has answered it */
  async reaches(server: string): Promise<void> {
    await this.#program.printed(new RegExp(`^${server} `, 'm'));
  }

  /** @returns once it has been answered this many times more; fails where it was closed or moved */
  async goesOn(server: string, times = 20): Promise<void> {
    const before = this.answers;
    await until(
      () => this.answers >= before + times,
      10_000,
      () => this.#program.output,
    );
    const others = this.#lines.filter((line) => !line.startsWith(`${server} `));
    if (others.length > 0) throw new Error(`not from ${server} alone: ${others.join(', ')}`);
  }

  close(): Promise<void> {
    return this.#program.stop();
  }

  get #lines(): readonly string[] {
    return this.#program.output.split('\n').filter((line) => line !== '');
  }
}
