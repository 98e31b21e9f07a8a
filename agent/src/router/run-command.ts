import { spawn } from 'node:child_process';

/** The ends of a process that reads or mends the network. */
export type Completion =
  | { readonly kind: 'exited'; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'never-started'; readonly reason: string };

export type RunCommand = (command: string, args: readonly string[], stdin?: string) => Promise<Completion>;

/** Runs a program to its end, for `timeoutMs` at most. */
export function commandRunner(timeoutMs: number): RunCommand {
  return (command, args, stdin) =>
    new Promise((resolve) => {
      const child = spawn(command, args, {
        stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
      });
      let stdout = '';
      let stderr = '';
      // A program that ends before it has read all says why by its end.
      child.stdin?.on('error', () => {});
      child.stdin?.end(stdin);
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
      });
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.once('error', (error) => resolve({ kind: 'never-started', reason: error.message }));
      child.once('close', (code, signal) =>
        resolve(
          code === null
            ? { kind: 'signalled', signal: signal ?? 'unknown' }
            : { kind: 'exited', code, stdout, stderr },
        ),
      );
    });
}

/** Why a program did not do what it was started for; undefined where it did. */
export function failureOf(completion: Completion): string | undefined {
  switch (completion.kind) {
    case 'never-started':
      return completion.reason;
    case 'signalled':
      return `ended by ${completion.signal}`;
    case 'exited':
      return completion.code === 0
        ? undefined
        : (completion.stderr.split('\n').find((line) => line.trim() !== '') ??
            `exit code ${completion.code}`);
  }
}
