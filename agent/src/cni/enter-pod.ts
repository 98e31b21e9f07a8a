import { CniFailure } from './failure.ts';
import type { NetnsPath } from './invocation.ts';
import type { FileFacts, Platform } from './platform.ts';
import { explain } from './tools.ts';

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
  netns: NetnsPath,
  command: 'ADD' | 'CHECK' | 'DEL',
): Promise<{ readonly isError: boolean; readonly reply: string; readonly warnings: string }> {
  await lock(platform, netns, command);
  const completion = await platform.spawn({
    // The link in /proc leads to our file even when it has been replaced meanwhile.
    file: `/proc/${platform.processId}/exe`,
    args: [],
    env: { [nodeNetnsVariable]: `/proc/${platform.processId}/ns/net`, LC_ALL: 'C' },
    timeoutMs: podProcessTimeoutMs,
    netns,
  });
  if (completion.kind === 'exited') {
    const { code, stdout, stderr } = completion;
    if (code === 0 || code === repliedWithError) {
      return { isError: code !== 0, reply: stdout, warnings: stderr };
    }
  }
  throw new CniFailure(
    'step-failed',
    `cannot work in the pod's network namespace: ${explain(completion, 'egress-router')}`,
    netns,
  );
}

async function lock(platform: Platform, netns: NetnsPath, command: 'ADD' | 'CHECK' | 'DEL'): Promise<void> {
  const deadline = platform.now() + lockWaitMs[command];
  while (!platform.tryLock(netns)) {
    if (platform.now() >= deadline) {
      throw new CniFailure('try-again', 'another ADD or DEL is at work in the pod', netns);
    }
    await platform.sleep(10);
  }
}

/** ADD is asked for again; DEL has to come to its end. */
const lockWaitMs = { ADD: 0, CHECK: 10_000, DEL: 30_000 } as const;

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
  throw new CniFailure(
    'invalid-environment',
    `CNI_NETNS ${netns} is the network namespace of the plugin itself`,
  );
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
