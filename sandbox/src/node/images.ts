import { posix } from 'node:path';
import type { Container } from '../objects.ts';
import type { Mount } from './container.ts';

/** The images this node has: it pulls none. Any that it does not know is a container that only sleeps. */
export interface SandboxImages {
  /** The reference under which the agent's image is known here. */
  readonly agentImage: string;
  /** What the agent's image holds, on this machine: a Node, and the built router process. */
  readonly nodeExecutable: string;
  readonly routerProgram: string;
  /** An executable that starts the two, under the name that the image gives it. */
  readonly agentCommand: string;
}

/** The name of the router process in the agent's image. */
export const agentCommandName = 'egress-router-agent';

/** The text of `SandboxImages.agentCommand`. */
export const agentCommandScript = `#!/bin/sh\nexec /opt/sandbox/node /opt/sandbox/router.mjs "$@"\n`;

export interface Program {
  readonly argv: readonly [string, ...string[]];
  readonly mounts: readonly Mount[];
}

export function programOf(images: SandboxImages, container: Container): Program {
  if (container.image !== images.agentImage) return { argv: ['sh', '-c', sleepScript], mounts: [] };
  const [command, ...args] = [...(container.command ?? []), ...(container.args ?? [])];
  const isAgent = command === undefined || posix.basename(command) === agentCommandName;
  return {
    argv: isAgent ? ['/opt/sandbox/node', '/opt/sandbox/router.mjs', ...args] : [command, ...args],
    mounts: [
      { from: images.nodeExecutable, to: '/opt/sandbox/node' },
      { from: images.routerProgram, to: '/opt/sandbox/router.mjs' },
      { from: images.agentCommand, to: `/opt/sandbox/bin/${agentCommandName}` },
    ],
  };
}

/** Sleeps until it is told to stop, in steps of a child process so that the signal is not kept waiting. */
const sleepScript = `trap 'kill $! 2>/dev/null; exit 0' TERM INT; while :; do sleep 3600 & wait $!; done`;
