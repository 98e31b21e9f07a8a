import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly stdin?: string;
  readonly signal?: AbortSignal;
  /** The whole environment of the program; absent: this process's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A process has four ends, and only after the first does an empty stdout mean anything. */
export type Completion =
  | { readonly kind: 'exited'; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'signalled'; readonly signal: string; readonly stderr: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'not-started'; readonly error: string };

/** A program's name or path, and its arguments. There is never a shell in between. */
export type Argv = readonly [string, ...string[]];

export function run(argv: Argv, options: CommandOptions = {}): Promise<Completion> {
  const [program, ...args] = argv;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.env === undefined ? {} : { env: { ...options.env } }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', (error) => {
      const isCancelled = options.signal?.aborted === true;
      resolve(isCancelled ? { kind: 'cancelled' } : { kind: 'not-started', error: error.message });
    });
    child.on('close', (code, signal) => {
      const errors = Buffer.concat(stderr).toString();
      if (code === null) resolve({ kind: 'signalled', signal: signal ?? 'unknown', stderr: errors });
      else resolve({ kind: 'exited', code, stdout: Buffer.concat(stdout).toString(), stderr: errors });
    });
    // A program that reads no stdin may be gone before all is written; its exit says what there is to say.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.stdin ?? '');
  });
}

export class CommandError extends Error {
  readonly argv: Argv;
  readonly completion: Completion;

  constructor(argv: Argv, completion: Completion) {
    super(`${argv.join(' ')}: ${describe(completion)}`);
    this.name = 'CommandError';
    this.argv = argv;
    this.completion = completion;
  }
}

/**
 * @returns what the program wrote to stdout.
 * @throws CommandError for every end but exit code 0.
 */
export async function mustRun(argv: Argv, options: CommandOptions = {}): Promise<string> {
  const completion = await run(argv, options);
  if (completion.kind === 'exited' && completion.code === 0) return completion.stdout;
  throw new CommandError(argv, completion);
}

function describe(completion: Completion): string {
  switch (completion.kind) {
    case 'exited':
      return `exit code ${completion.code}: ${completion.stderr.trim()}`;
    case 'signalled':
      return `ended by ${completion.signal}: ${completion.stderr.trim()}`;
    case 'cancelled':
      return 'cancelled';
    case 'not-started':
      return `cannot be started: ${completion.error}`;
  }
}
