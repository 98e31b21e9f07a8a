import { CniFailure } from './failure.ts';
import type { NetnsPath } from './invocation.ts';
import type { FileFacts, Platform } from './platform.ts';
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
 * Runs this executable again inside the namespace, on our own standard input.
 * @returns what it has to say to the runtime
 * @throws CniFailure where it came to no end of its own
 */
export async function enterPod(
  platform: Platform,
  tools: Tools,
  netns: NetnsPath,
): Promise<{ readonly isError: boolean; readonly reply: string; readonly warnings: string }> {
  const completion = await tools.spawn('nsenter', {
    // The link in /proc leads to our file even when it has been replaced meanwhile.
    args: [`--net=${netns}`, '--', `/proc/${platform.processId}/exe`],
    env: { [nodeNetnsVariable]: `/proc/${platform.processId}/ns/net` },
    timeoutMs: podProcessTimeoutMs,
  });
  if (completion.kind === 'exited' && (completion.code === 0 || completion.code === repliedWithError)) {
    const { code, stdout, stderr } = completion;
    return { isError: code !== 0, reply: stdout, warnings: stderr };
  }
  throw new CniFailure(
    'step-failed',
    `cannot work in the pod's network namespace: ${explain(completion, 'nsenter')}`,
    netns,
  );
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
