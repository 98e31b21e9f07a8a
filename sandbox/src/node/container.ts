import { type ChildProcess, spawn } from 'node:child_process';
import { enter, type Netns } from '../netns.ts';
import type { LogBuffer } from './log-buffer.ts';

/** A container as this sandbox runs one: a process in the pod's network namespace with a file system of its own. */
export interface ContainerSpec {
  readonly netns: Netns;
  /** An empty folder that the container's root is mounted on, seen by the container alone. */
  readonly rootFolder: string;
  /** The program and its arguments, as the container sees them. */
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  /** `readOnlyRootFilesystem`: no runtime gives such a container a place to write to that it did not ask for. */
  readonly isReadOnly: boolean;
}

/** A file or folder of this machine, shown to the container read-only. */
export interface Mount {
  readonly from: string;
  /** Absolute; the container's root is empty there. */
  readonly to: string;
}

export type ContainerEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'not-started'; readonly error: string };

const lastWordsMs = 250;

/** A started container. It is over when `ended` resolves. */
export class ContainerProcess {
  readonly ended: Promise<ContainerEnd>;
  readonly #child: ChildProcess;

  constructor(spec: ContainerSpec, log: LogBuffer) {
    const [program, ...args] = containerCommand(spec);
    // A process group of its own, so that Ctrl-C in the terminal is the sandbox's to handle.
    this.#child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...spec.env },
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => log.append(chunk));
    this.#child.stderr?.on('data', (chunk: Buffer) => log.append(chunk));
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve({ kind: 'not-started', error: error.message }));
      this.#child.once('exit', (code, signal) => {
        const end = (): void =>
          resolve(signal === null ? { kind: 'exited', code: code ?? 0 } : { kind: 'signalled', signal });
        // Its last words may still be on their way, unless a child of it keeps the pipe open.
        const waiting = setTimeout(end, lastWordsMs);
        this.#child.once('close', () => {
          clearTimeout(waiting);
          end();
        });
      });
    });
  }

  /** Each program of the chain replaces itself by the next one: this is the container's own process. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** SIGTERM, and SIGKILL when the grace period is over. Resolves when the process is gone. */
  async stop(graceMs: number): Promise<void> {
    this.#child.kill('SIGTERM');
    const killing = setTimeout(() => this.#child.kill('SIGKILL'), graceMs);
    await this.ended;
    clearTimeout(killing);
  }
}

/** A command run in a container that runs already: its namespaces, its root, its capabilities. */
export function execCommand(
  netns: Netns,
  pid: number,
  argv: readonly string[],
): readonly [string, ...string[]] {
  return enter(netns, [
    'nsenter',
    `--target=${pid}`,
    '--mount',
    '--root',
    '--wd',
    ...dropCapabilities,
    ...argv,
  ]);
}

function containerCommand({
  netns,
  rootFolder,
  argv,
  mounts,
  isReadOnly,
}: ContainerSpec): readonly [string, ...string[]] {
  const setUp = ['sh', '-c', rootScript, 'sh', rootFolder, isReadOnly ? 'ro' : 'rw', String(mounts.length)];
  return enter(netns, [
    'unshare',
    '--mount',
    '--propagation=private',
    ...setUp,
    ...mounts.flatMap(({ from, to }) => [from, to]),
    ...dropCapabilities,
    ...argv,
  ]);
}

/** What the router's pod asks for: drop ALL, add NET_ADMIN, no privilege escalation. */
const dropCapabilities = [
  'setpriv',
  '--bounding-set=-all,+net_admin',
  '--inh-caps=-all',
  '--no-new-privs',
  '--',
] as const;

/**
 * Makes a root of the machine's programs (read-only), the mounts, and little else, with a read-only /proc/sys as a
 * container runtime gives it. Arguments: folder, `rw` for a /tmp and a /run that can be written to, number of mounts,
 * each mount's two paths, the command.
 */
const rootScript = `set -eu
root=$1 access=$2 count=$3
shift 3
mount -t tmpfs -o mode=755,size=16m tmpfs "$root"
cd "$root"
mkdir -p usr proc sys dev etc tmp run opt .old
chmod 1777 tmp
mount --rbind /usr usr
for dir in bin sbin lib lib32 lib64; do
  if [ -L "/$dir" ]; then ln -s "$(readlink "/$dir")" "$dir"
  elif [ -d "/$dir" ]; then mkdir "$dir"; mount --rbind "/$dir" "$dir"; mount -o remount,bind,ro "$dir"
  fi
done
mount -o remount,bind,ro usr
for file in ld.so.cache ld.so.conf ld.so.conf.d nsswitch.conf passwd group protocols services ssl alternatives; do
  [ ! -e "/etc/$file" ] || cp -a "/etc/$file" etc/
done
# Without it a name that stands in /etc/hosts twice, as that of a dual-stack Service, has its first address only.
echo multi on >etc/host.conf
mount --rbind /proc proc
mount --bind /proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys || :
for device in null zero full random urandom tty; do
  : >"dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
ln -s /proc/self/fd dev/fd
while [ "$count" -gt 0 ]; do
  if [ -d "$1" ]; then mkdir -p ".$2"
  else mkdir -p ".$(dirname "$2")"; : >".$2"
  fi
  mount --bind "$1" ".$2"
  mount -o remount,bind,ro ".$2"
  shift 2
  count=$((count - 1))
done
if [ "$access" = rw ]; then
  mount -t tmpfs -o mode=1777,size=16m tmpfs tmp
  mount -t tmpfs -o mode=755,size=16m tmpfs run
fi
pivot_root . .old
umount -l /.old
rmdir /.old
mount -o remount,ro /
cd /
exec "$@"
`;
