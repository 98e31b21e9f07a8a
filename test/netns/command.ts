import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
}

/** Runs a program to its end, whatever its exit code. */
export async function attempt(argv: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  // A program that never reads its input may have gone before we wrote it.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const [code] = await once(child, 'close');
  return { code, stdout: stdout(), stderr: stderr() };
}

/** Runs a program that has to succeed. @returns standard output */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await attempt(argv, options);
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${stderr}${options.input ?? ''}`);
  return stdout;
}

/** A program that runs until it is stopped. */
export class Background {
  readonly #child: ChildProcess;
  readonly #output: () => string;

  private constructor(child: ChildProcess, output: () => string) {
    this.#child = child;
    this.#output = output;
  }

  /** @returns once the program has printed what `ready` matches, on either output */
  static async start(argv: readonly string[], ready: RegExp): Promise<Background> {
    const [file = '', ...args] = argv;
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    const started = new Background(child, () => `${stdout()}${stderr()}`);
    await started.printed(ready);
    return started;
  }

  /** @returns all of the output once `pattern` matches it */
  async printed(pattern: RegExp, timeoutMs = 10_000): Promise<string> {
    await until(
      () => pattern.test(this.#output()) || this.#child.exitCode !== null,
      timeoutMs,
      () => `no ${String(pattern)} in: ${this.#output()}`,
    );
    const output = this.#output();
    if (!pattern.test(output)) throw new Error(`${this.#child.spawnfile} ended and printed: ${output}`);
    return output;
  }

  get output(): string {
    return this.#output();
  }

  /** The program does nothing while the action lasts. */
  async whilePaused(act: () => Promise<unknown>): Promise<void> {
    this.#child.kill('SIGSTOP');
    await act();
    this.#child.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    await closed;
  }
}

export async function until(
  holds: () => boolean | Promise<boolean>,
  timeoutMs: number,
  explain: () => string,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${explain()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}
