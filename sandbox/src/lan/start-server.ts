import type { Ip } from '#core/net/ip.ts';
import type { Argv } from '../command.ts';
import { enter, type Netns } from '../netns.ts';
import { Supervised } from '../supervised.ts';

export interface LanServerOptions {
  readonly netns: Netns;
  /** This bundle, as a command. */
  readonly program: Argv;
  readonly addresses: readonly Ip[];
  readonly onStart: (pid: number) => void;
  readonly log: (line: string) => void;
}

/** What the server prints when it answers. */
export const lanServerReadyLine = 'ready';

/** Runs `lan-server` of this bundle inside the namespace; resolves when it answers. */
export async function startLanServer(options: LanServerOptions): Promise<Supervised> {
  const { netns, program, addresses, onStart, log } = options;
  return new Promise((resolve) => {
    const server = new Supervised({
      argv: enter(netns, [...program, 'lan-server', ...addresses]),
      env: process.env,
      onStart,
      onLine: (line) => {
        if (line === lanServerReadyLine) resolve(server);
        else log(line);
      },
    });
  });
}
