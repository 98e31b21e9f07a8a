import type { WorkspaceFiles } from './workspace-files.ts';

/** What a server asks of the program it runs in: Node, or a worker of a browser. Made by `main.ts` and `web.ts`. */
export interface Platform {
  /** Runs a task after what has arrived by now was handled. */
  readonly defer: (task: () => void) => void;
  /** Absent where files can only be had from the client. */
  readonly files?: WorkspaceFiles;
  /** Where the pages of the codes lie, with `{code}` in it. Absent where they did not come along. */
  readonly documentation?: string;
  /** The addresses of a host, asked of the name service. Absent where there is none. Fails for an unknown host. */
  readonly lookUp?: (host: string) => Promise<readonly string[]>;
  /** Compiles less of the program until what it gives is called: for work that is over in a moment. */
  readonly compileLess?: () => () => void;
}
