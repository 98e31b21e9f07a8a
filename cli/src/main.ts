import { addAbortSignal } from 'node:stream';
import { text } from 'node:stream/consumers';
import { printable } from './printable.ts';
import { run } from './run.ts';

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
process.once('SIGTERM', () => interrupted.abort());
// A reader that goes away early, as `head` does, is no error.
process.stdout.on('error', () => interrupted.abort());

process.exitCode = await run(process.argv.slice(2), {
  stdout: (chunk) => process.stdout.write(printable(chunk)),
  stderr: (chunk) => process.stderr.write(printable(chunk)),
  readStdin: () => text(addAbortSignal(interrupted.signal, process.stdin)),
  signal: interrupted.signal,
});
