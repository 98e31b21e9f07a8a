import { CniFailure } from './failure.ts';
import type { NetnsPath } from './invocation.ts';
import type { Platform } from './platform.ts';
import { explain, type Tools } from './tools.ts';

/**
 * Set only for the second process of an invocation: this same executable, started inside the pod's network
 * namespace. It does the work, and finds the way back to the node's namespace here.
 */
export const nodeNetnsVariable = 'EGRESS_ROUTER_NODE_NETNS';

/** The second process ends with this code when it has put an error on standard output. */
export const repliedWithError = 3;

/**
 * Runs this executable again inside the namespace, on our own standard input and output.
 * @returns true where it has put a result there, false where an error
 * @throws CniFailure where it has put nothing there
 */
export function enterPod(platform: Platform, tools: Tools, netns: NetnsPath): boolean {
  const completion = tools.spawn('nsenter', {
    // The link in /proc leads to our file even when it has been replaced meanwhile.
    args: [`--net=${netns}`, '--', `/proc/${platform.processId}/exe`],
    stdio: { kind: 'inherit' },
    env: { [nodeNetnsVariable]: `/proc/${platform.processId}/ns/net` },
  });
  if (completion.kind === 'exited' && completion.code === 0) return true;
  if (completion.kind === 'exited' && completion.code === repliedWithError) return false;
  throw new CniFailure(
    'step-failed',
    `cannot work in the pod's network namespace: ${explain(completion)}`,
    netns,
  );
}

export type NetnsState = 'other' | 'own' | 'absent';

/** Whether the path is a network namespace, and not the one that this process is in. */
export function stateOfNetns(platform: Platform, netns: NetnsPath): NetnsState {
  const own = platform.stat('/proc/self/ns/net');
  const theirs = platform.stat(netns);
  if (own === undefined) throw new CniFailure('input-output', 'cannot read /proc/self/ns/net');
  // A file of another file system is what unmounting a namespace leaves behind.
  if (theirs === undefined || theirs.device !== own.device) return 'absent';
  return theirs.inode === own.inode ? 'own' : 'other';
}
