import { CniFailure } from './failure.ts';
import type { NetnsPath } from './invocation.ts';
import type { Completion, FileFacts, Platform } from './platform.ts';
import { explain, type Tools } from './tools.ts';

/**
 * Set only for the second process of an invocation: this same executable, started inside the pod's network
 * namespace. It does the work, and finds the way back to the node's namespace here.
 */
export const nodeNetnsVariable = 'EGRESS_ROUTER_NODE_NETNS';

/** Every step of the second process has an end of its own, and so has what takes the steps back. */
const podProcessTimeoutMs = 60_000;

/** The second process ends with this code when it has put an error on standard output. */
export const repliedWithError = 3;

/**
 * Runs this executable again inside the namespace, on our own standard input. Until it ends, no other can work
 * in that namespace: the lock is on the namespace itself, so that it needs no place on the node and ends with
 * its holder. A process whose parent was killed goes on, and DEL waits for it.
 * @returns what it has to say to the runtime
 * @throws CniFailure where it came to no end of its own
 */
export async function enterPod(
  platform: Platform,
  tools: Tools,
  netns: NetnsPath,
  command: 'ADD' | 'CHECK' | 'DEL',
): Promise<{ readonly isError: boolean; readonly reply: string; readonly warnings: string }> {
  // The link in /proc leads to our file even when it has been replaced meanwhile.
  const inside = [`--net=${netns}`, '--', `/proc/${platform.processId}/exe`];
  const env = { [nodeNetnsVariable]: `/proc/${platform.processId}/ns/net`, LC_ALL: 'C' };
  // Whoever has nsenter has flock, of the same package; without it all is done but for the lock.
  const canLock = tools.find('flock') !== undefined;
  const waitMs = canLock ? lockWaitMs[command] : 0;
  const wait = waitMs === 0 ? ['--nonblock'] : ['--timeout', String(waitMs / 1000)];
  const lock = [...wait, '--conflict-exit-code', String(lockedByOther), netns, tools.pathOf('nsenter')];
  const completion = await tools.spawn(canLock ? 'flock' : 'nsenter', {
    args: canLock ? [...lock, ...inside] : inside,
    env,
    timeoutMs: podProcessTimeoutMs + waitMs,
  });
  if (completion.kind === 'exited') {
    const { code, stdout, stderr } = completion;
    if (code === 0 || code === repliedWithError) {
      return { isError: code !== 0, reply: stdout, warnings: stderr };
    }
    if (canLock && code === lockedByOther) {
      throw new CniFailure('try-again', 'another ADD or DEL is at work in the pod', netns);
    }
  }
  throw new CniFailure(
    'step-failed',
    `cannot work in the pod's network namespace: ${explain(toOwnEnd(completion), 'nsenter')}`,
    netns,
  );
}

/** ADD is asked for again; DEL has to come to its end. */
const lockWaitMs = { ADD: 0, CHECK: 10_000, DEL: 30_000 } as const;

/** The exit code of flock where another process has the lock. */
const lockedByOther = 75;

/** Of a process that was killed, flock tells as a shell does. */
function toOwnEnd(completion: Completion): Completion {
  return completion.kind === 'exited' && completion.code > 128
    ? { kind: 'signalled', signal: completion.code - 128 }
    : completion;
}

/**
 * False where there is no network namespace at the path.
 * @throws CniFailure where it is that of this process, which no plugin may change
 */
export function isOtherNetns(platform: Platform, netns: NetnsPath): boolean {
  const own = ownNetns(platform);
  const theirs = platform.stat(netns);
  // A file of another file system is what unmounting a namespace leaves behind.
  if (theirs === undefined || theirs.device !== own.device) return false;
  if (theirs.inode !== own.inode) return true;
  throw new CniFailure('invalid-config', `CNI_NETNS ${netns} is the network namespace of the plugin itself`);
}

export function isOwnNetns(platform: Platform, netns: NetnsPath): boolean {
  const own = ownNetns(platform);
  const theirs = platform.stat(netns);
  return theirs?.device === own.device && theirs.inode === own.inode;
}

function ownNetns(platform: Platform): FileFacts {
  const own = platform.stat('/proc/self/ns/net');
  if (own === undefined) throw new CniFailure('input-output', 'cannot read /proc/self/ns/net');
  return own;
}
