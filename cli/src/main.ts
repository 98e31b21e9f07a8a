import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { parentPort, Worker } from 'node:worker_threads';
import { hasMaglev } from '#core/has-maglev.ts';
import { toAsk } from './ask.ts';
import { watchIdleCore } from './idle-core.ts';
import { inOneLine, printable, withoutControls } from './printable.ts';
import { readAll } from './read-stream.ts';
import { run } from './run.ts';

if (parentPort !== null) {
  const { serveReading } = await import('./lint/reading-thread.ts');
  serveReading(parentPort);
} else {
  await runProcess();
}

async function runProcess(): Promise<void> {
  const hadIdleCore = watchIdleCore();
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  // A terminal that closes may say so twice; what is half done is undone all the same.
  process.on('SIGHUP', interrupt);
  // Nobody hears what goes on any more, which is no reason to leave it half done.
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error) => {
    interrupt();
    // A reader that goes away early, as `head` does, is no error.
    if ('code' in error && error.code === 'EPIPE') return;
    process.stderr.write(`The output cannot be written: ${printable(error.message)}\n`);
    process.once('exit', () => {
      process.exitCode = 1;
    });
  });

  const ask = toAsk(interrupt);
  process.exitCode = await run(process.argv.slice(2), {
    program: programName(process.argv[1] ?? ''),
    stdout: (chunk) => process.stdout.write(withoutControls(chunk)),
    copy: (chunk) => process.stdout.write(chunk),
    stderr: (chunk) => process.stderr.write(printable(chunk)),
    readStdin: () => readAll(process.stdin, interrupted.signal),
    ...(ask === undefined ? {} : { ask: (question: string) => ask(inOneLine(question)) }),
    signal: interrupted.signal,
    startThread: () => startThread(hadIdleCore()),
  });
  // What was given up may still hold the process, as the child of a login program does that has its output open.
  if (interrupted.signal.aborted) process.exit();
  // Else V8 would tidy up all that was read, for longer than some hundred documents take.
  if (process.argv[2] === 'lint') {
    await Promise.all([process.stdout, process.stderr].map(hasWritten));
    process.exit();
  }
}

/**
 * Where there is much to lint, it is over after a second all the same: what V8's best optimizing compiler makes of the
 * program comes too late to repay the time that it takes on a core that the second thread needs.
 */
function startThread(hasCore: boolean): Worker | undefined {
  const compileLess = (): void => {
    if (hasMaglev(process.versions.v8, process.arch)) setFlagsFromString('--no-turbofan');
  };
  // Not before it runs: what is kept compiled of Node fits other flags, and would be compiled anew for it.
  if (hasCore) return new Worker(new URL(import.meta.url)).once('online', compileLess);
  compileLess();
  return undefined;
}

/** Resolves when all that was said has gone out, or cannot. */
function hasWritten(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}

/** kubectl and oc run `kubectl-egress_router` for `kubectl egress-router`. */
function programName(executable: string): string {
  const [, host] = /^(kubectl|oc)-egress_router$/.exec(path.basename(executable)) ?? [];
  return host === undefined ? 'egress-router' : `${host} egress-router`;
}
