import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { readAll, readStream } from '../src/read-stream.ts';

/** A pipe with a name, which nobody has opened. */
function makePipe(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ert-pipe-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  return pipe;
}

test('a pipe is read to its end, whenever its writer comes', async () => {
  const pipe = makePipe();
  const read = readStream(pipe, new AbortController().signal);
  // Opening it to write waits for the reader.
  const writer = await open(pipe, 'w');
  await writer.write('kind: ');
  await writer.write('EgressRouter\n');
  await writer.close();
  expect(String(await read)).toBe('kind: EgressRouter\n');
});

test('a pipe that nobody writes to is left when the person has had enough', async () => {
  const interrupted = new AbortController();
  const read = readStream(makePipe(), interrupted.signal);
  interrupted.abort();
  await expect(read).rejects.toMatchObject({ name: 'AbortError' });
});

test('a device that has nothing is empty', async () => {
  expect(await readStream('/dev/null', new AbortController().signal)).toHaveLength(0);
});

test('what never ends is given up', async () => {
  const chunk = Buffer.alloc(64 * 1024 * 1024);
  const endless = Readable.from(
    (function* () {
      for (;;) yield chunk;
    })(),
  );
  await expect(readAll(endless, new AbortController().signal)).rejects.toThrow('beyond 512 MB');
});
