/**
 * All that the executable needs of the world. There is no Node on the host that runs it: an implementation for
 * QuickJS stands in `platform-quickjs.ts`.
 */
export interface Platform {
  readonly processId: number;
  env(name: string): string | undefined;
  /** All of standard input; once only. */
  readStdin(): string;
  writeStdout(text: string): void;
  writeStderr(text: string): void;
  /** Follows symbolic links; undefined where there is nothing. */
  stat(path: string): FileFacts | undefined;
  /** Undefined where the file cannot be read. */
  readFile(path: string): string | undefined;
  /** Writes to a file that exists. @returns what went wrong, if anything. */
  writeFile(path: string, text: string): string | undefined;
  /** Never follows a symbolic link; creates the file for its owner only. @returns what went wrong, if anything. */
  appendFile(path: string, text: string): string | undefined;
  /** Ends by itself: a program that goes on for longer than its time is killed. */
  spawn(command: Command): Promise<Completion>;
  /**
   * Locks a network namespace: by the namespace itself, so that it needs no place on the node. The lock is this
   * process' and that of all it starts, and ends with the last of them.
   * @returns false where others have it
   */
  tryLock(netns: string): boolean;
  /**
   * Holds a name on this node, until it is let go or this process ends.
   * @returns how to let it go; undefined where another process holds it
   */
  hold(name: string): (() => void) | undefined;
  /** Notes that this machine keeps until it is started anew, by name. */
  kept(): readonly string[];
  readKept(name: string): string | undefined;
  /** @returns what went wrong, if anything: the note may then be cut off */
  keep(name: string, text: string): string | undefined;
  forget(name: string): void;
  /** Milliseconds since 1970. */
  now(): number;
  sleep(durationMs: number): Promise<void>;
}

export interface FileFacts {
  readonly device: number;
  readonly inode: number;
  readonly isFile: boolean;
  readonly isExecutable: boolean;
}

export interface Command {
  /** Absolute path. */
  readonly file: string;
  readonly args: readonly string[];
  /** Text for its standard input, or pieces of it; without it, the child has our own. */
  readonly stdin?: Input;
  /** Added to our own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** The path of the network namespace to work in; without it, our own. */
  readonly netns?: string;
}

export type Input = string | Iterable<string>;

/** Output counts as an answer only where the process exited. */
export type Completion =
  | { readonly kind: 'exited'; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'signalled'; readonly signal: number }
  | { readonly kind: 'timed-out'; readonly timeoutMs: number }
  | { readonly kind: 'not-started'; readonly reason: string };
