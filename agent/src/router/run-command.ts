import { spawn } from 'node:child_process';

/** The ends of a process that reads the network. */
export type Completion =
  | { readonly kind: 'exited'; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'never-started'; readonly reason: string };

export type RunCommand = (command: string, args: readonly string[]) => Promise<Completion>;

/** Runs a program to its end, for `timeoutMs` at most. */
export function commandRunner(timeoutMs: number): RunCommand {
  return (command, args) =>
    new Promise((resolve) => {
      const child = spawn(command, args, {
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
      });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
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
