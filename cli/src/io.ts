import type { Worker } from 'node:worker_threads';

/** What a verb may touch of the process, so that tests can stand in for it. */
export interface Io {
  /** What people type to call it, such as `kubectl egress-router`. Absent: `egress-router`. */
  readonly program?: string;
  /** Results, for people and for pipes. */
  readonly stdout: (text: string) => void;
  /** A file that goes on as it is, every character of it. */
  readonly copy: (text: string) => void;
  /** Progress and errors. */
  readonly stderr: (text: string) => void;
  readonly readStdin: () => Promise<Uint8Array>;
  /** One question to the person at the terminal; absent where there is none. */
  readonly ask?: (question: string) => Promise<string>;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  /** One that reads documents beside this one (`serveReading`); none where it would have no core to itself. */
  readonly startThread?: () => Worker | undefined;
}

/** 0 done, 1 refused or failed, 2 called in a wrong way. */
export type ExitCode = 0 | 1 | 2;

/** The command line cannot be understood; `message` says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
