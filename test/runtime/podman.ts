import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { attempt, type Finished } from '../netns/command.ts';
import { executable, type Topology } from '../netns/topology.ts';

/** Podman with its CNI backend on the node of a topology; images, networks and state in a folder of its own. */
export class Podman {
  readonly #net: Topology;
  readonly #folder: string;

  private constructor(net: Topology, folder: string) {
    this.#net = net;
    this.#folder = folder;
  }

  static async make(net: Topology): Promise<Podman> {
    const podman = new Podman(net, path.join(net.folder, 'podman'));
    await podman.#prepare();
    return podman;
  }

  /** Writes the configuration of a network with one plugin. */
  async network(name: string, plugin: object): Promise<void> {
    const list = { cniVersion: '0.4.0', name, plugins: [plugin] };
    await writeFile(path.join(this.#folder, `networks/${name}.conflist`), JSON.stringify(list));
  }

  /**
   * `podman run` of a container on the cluster's network as eth0 and on `router` as net1. This podman attaches
   * networks in an order that changes from run to run; Multus has the cluster's before all others.
   */
  async run(name: string, router: string, argv: readonly string[]): Promise<Finished> {
    const networks = [
      '--network',
      'cluster:interface_name=eth0',
      '--network',
      `${router}:interface_name=net1`,
    ];
    const root = ['-v', '/usr:/usr:ro', '--rootfs', path.join(this.#folder, 'rootfs')];
    for (let turn = 0; turn < 25; turn += 1) {
      const started = await this.podman('run', '--detach', '--name', name, ...networks, ...root, ...argv);
      if (started.code === 0 || !started.stderr.includes('the pod has no interface eth0')) return started;
      await this.podman('rm', '--force', '--time=0', name);
    }
    throw new Error(`podman never attached the network of the cluster before ${router}`);
  }

  /** Any other command. */
  podman(...args: readonly string[]): Promise<Finished> {
    const folders = ['--root', 'images', '--runroot', 'run', '--tmpdir', 'tmp'].map((argument) =>
      argument.startsWith('--') ? argument : path.join(this.#folder, argument),
    );
    const environment = ['env', `CONTAINERS_CONF=${path.join(this.#folder, 'containers.conf')}`];
    const command = [...environment, 'podman', ...folders, '--storage-driver=vfs', ...args];
    return attempt(this.#net.inside('node', command));
  }

  async remove(): Promise<void> {
    await this.podman('rm', '--all', '--force', '--time=0');
  }

  async #prepare(): Promise<void> {
    for (const name of ['networks', 'plugins', 'ipam']) {
      await mkdir(path.join(this.#folder, name), { recursive: true });
    }
    await copyFile(executable, path.join(this.#folder, 'plugins/egress-router'));
    // A container of the machine's own programs, as there is no registry to pull from.
    for (const name of ['usr', 'proc', 'sys', 'dev', 'etc', 'tmp', 'run']) {
      await mkdir(path.join(this.#folder, 'rootfs', name), { recursive: true });
    }
    for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
      await symlink(`usr/${name}`, path.join(this.#folder, 'rootfs', name));
    }
    const folder = (name: string): string => JSON.stringify(path.join(this.#folder, name));
    // The limits: a container runtime may raise those of this machine only where it has CAP_SYS_RESOURCE.
    await writeFile(
      path.join(this.#folder, 'containers.conf'),
      `[containers]
default_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "cni"
network_config_dir = ${folder('networks')}
cni_plugin_dirs = [${folder('plugins')}, "/usr/lib/cni"]
`,
    );
    await this.network('cluster', {
      type: 'bridge',
      // The topology's own, with the gateway 10.128.0.1 on it.
      bridge: 'cni0',
      ipam: {
        type: 'host-local',
        dataDir: path.join(this.#folder, 'ipam'),
        ranges: [[{ subnet: '10.128.0.0/24', rangeStart: '10.128.0.200', gateway: '10.128.0.1' }]],
        routes: [{ dst: '0.0.0.0/0' }],
      },
    });
  }
}
