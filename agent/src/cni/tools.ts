import { CniFailure } from './failure.ts';
import type { Log } from './log.ts';
import type { Command, Completion, Input, Platform } from './platform.ts';

export type Tool = 'ip' | 'nft' | 'unshare';

/** Ten thousand rules take half a second. A tool that takes longer than this hangs, and ADD is to be undone. */
const toolTimeoutMs = 10_000;

/** The programs of the node that do the work, found on PATH and where distributions keep them. */
export class Tools {
  readonly #platform: Platform;
  readonly #log: Log;

  constructor(platform: Platform, log: Log) {
    this.#platform = platform;
    this.#log = log;
  }

  /**
   * @param purpose completes "Cannot ...", for the person who reads the error
   * @returns standard output
   * @throws CniFailure unless the tool exits with 0
   */
  async run(purpose: string, tool: Tool, args: readonly string[], stdin: Input = ''): Promise<string> {
    return outputOf(purpose, tool, args, await this.attempt(tool, args, stdin));
  }

  /** As `run`, in another network namespace. */
  async runIn(netns: string, purpose: string, tool: Tool, args: readonly string[]): Promise<string> {
    return outputOf(purpose, tool, args, await this.attemptIn(netns, tool, args));
  }

  /** As `run`, for callers that can go on whatever happens. */
  attempt(tool: Tool, args: readonly string[], stdin: Input = ''): Promise<Completion> {
    return this.spawn(tool, { args, stdin, timeoutMs: toolTimeoutMs });
  }

  /** As `attempt`, in another network namespace. */
  attemptIn(netns: string, tool: Tool, args: readonly string[]): Promise<Completion> {
    return this.spawn(tool, { args, stdin: '', timeoutMs: toolTimeoutMs, netns });
  }

  async spawn(tool: Tool, command: Omit<Command, 'file'>): Promise<Completion> {
    const file = this.find(tool);
    const completion: Completion =
      file === undefined
        ? { kind: 'not-started', reason: notInstalled(tool) }
        : await this.#platform.spawn({ ...command, file });
    this.#log.write('debug', `${tool} ${command.args.join(' ')}: ${outcome(completion, tool)}`);
    return completion;
  }

  /** The same for a tool that another one starts, which would look for it by rules of its own. */
  pathOf(tool: Tool): string {
    const file = this.find(tool);
    if (file !== undefined) return file;
    throw new CniFailure('step-failed', notInstalled(tool));
  }

  find(tool: Tool): string | undefined {
    const path = (this.#platform.env('PATH') ?? '').split(':').filter((folder) => folder.startsWith('/'));
    return [...path, '/usr/sbin', '/sbin', '/usr/bin', '/bin']
      .map((folder) => `${folder}/${tool}`)
      .find((file) => this.#platform.stat(file)?.isExecutable === true);
  }
}

function outputOf(purpose: string, tool: Tool, args: readonly string[], completion: Completion): string {
  if (completion.kind === 'exited' && completion.code === 0) return completion.stdout;
  throw new CniFailure(
    'step-failed',
    `cannot ${purpose}: ${explain(completion, tool)}`,
    `${tool} ${args.join(' ')}`,
  );
}

function notInstalled(tool: Tool): string {
  return `"${tool}" is not installed on this node`;
}

/** What a tool said about its failure, in one line. */
export function explain(completion: Completion, tool: string): string {
  switch (completion.kind) {
    case 'not-started':
      return completion.reason;
    case 'signalled':
      return `it was killed by signal ${completion.signal}`;
    case 'timed-out':
      return `"${tool}" did not end within ${completion.timeoutMs / 1000} s and was killed`;
    case 'exited': {
      const lines = completion.stderr.split('\n').filter((line) => line.trim() !== '');
      const said = lines.filter((line) => !line.startsWith('Command failed')).slice(0, 3);
      return said.length === 0 ? `it exited with ${completion.code}` : said.join(' ').trim();
    }
  }
}

function outcome(completion: Completion, tool: Tool): string {
  return completion.kind === 'exited' && completion.code === 0 ? 'done' : explain(completion, tool);
}
