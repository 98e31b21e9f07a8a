import { type ChildProcess, spawn } from 'node:child_process';
import type { Argv } from './command.ts';

export interface SupervisedOptions {
  readonly argv: Argv;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called with each new process before anything is waited for. */
  readonly onStart: (pid: number) => void;
  readonly onLine: (line: string) => void;
}

const firstPauseMs = 500;
const maxPauseMs = 15_000;
const forgiveAfterMs = 60_000;
const stopGraceMs = 5000;

/** A program that is started again whenever it ends, further and further apart while it keeps ending at once. */
export class Supervised {
  readonly #options: SupervisedOptions;
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pauseMs = firstPauseMs;
  #isClosing = false;

  constructor(options: SupervisedOptions) {
    this.#options = options;
    this.#start();
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const killing = setTimeout(() => child.kill('SIGKILL'), stopGraceMs);
    await ended;
    clearTimeout(killing);
  }

  #start(): void {
    const { argv, env, onStart, onLine } = this.#options;
    const [program, ...args] = argv;
    const startedAt = Date.now();
    // A process group of its own, so that Ctrl-C in the terminal is the sandbox's to handle.
    const child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env },
    });
    this.#child = child;
    if (child.pid !== undefined) onStart(child.pid);
    for (const stream of [child.stdout, child.stderr]) readLines(stream, onLine);
    child.once('error', (error) => onLine(`cannot be started: ${error.message}`));
    child.once('close', (code, signal) => {
      if (this.#isClosing) return;
      if (Date.now() - startedAt > forgiveAfterMs) this.#pauseMs = firstPauseMs;
      onLine(`ended (${signal ?? `exit code ${code}`}), starting again in ${this.#pauseMs / 1000} s`);
      this.#timer = setTimeout(() => this.#start(), this.#pauseMs);
      this.#pauseMs = Math.min(maxPauseMs, this.#pauseMs * 2);
    });
  }
}

function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) onLine(part);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}
