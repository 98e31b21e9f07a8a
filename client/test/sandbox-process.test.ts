import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type SandboxStart, startSandboxProcess } from '#client/sandbox/sandbox-process.ts';

/** Runs `script` in place of the sandbox. */
async function start(
  script: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<{ readonly started: SandboxStart; readonly lines: readonly string[] }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ert-fake-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const program = path.join(folder, 'sandbox.mjs');
  writeFileSync(program, script);
  const lines: string[] = [];
  const started = await startSandboxProcess({
    program,
    folder,
    context: 'here',
    signal,
    onLine: (line) => lines.push(line),
  });
  return { started, lines };
}

const untilStdinEnds = `process.stdin.resume(); process.stdin.on('end', () => { console.error('cleaned up'); process.exit(0); });`;

test('one that is ready runs until it is stopped, and cleans up', async () => {
  const { started, lines } = await start(`
    console.error(process.argv.slice(2).join(' ').replace(/ \\/\\S+/, ' FOLDER'));
    console.log(JSON.stringify({ ready: true, networking: 'simulated', reason: 'not root' }));
    ${untilStdinEnds}`);
  if (started.kind !== 'running') throw new Error(started.kind);
  expect(started.process).toMatchObject({ networking: 'simulated', reason: 'not root' });
  await started.process.stop();
  expect(lines).toEqual(['--dir FOLDER --context here --tied', 'cleaned up']);
  expect(await started.process.ended).toBe('exit code 0');
});

test('one that runs already for another window', async () => {
  const { started } = await start(`console.log(JSON.stringify({ ready: false, runningAs: 7 }))`);
  expect(started).toEqual({ kind: 'running-elsewhere', pid: 7 });
});

test('one that ends by itself says how', async () => {
  const { started } = await start(
    `console.log(JSON.stringify({ ready: true, networking: 'real' })); setTimeout(() => process.exit(3), 20);`,
  );
  if (started.kind !== 'running') throw new Error(started.kind);
  expect(await started.process.ended).toBe('exit code 3');
});

test('one that does not start: its last word is the reason', async () => {
  const { started } = await start(`console.error('The disk is full.'); process.exitCode = 1;`);
  const message = 'The sandbox does not start (exit code 1). The disk is full.';
  expect(started).toEqual({ kind: 'failed', message });
});

test('one that says something else', async () => {
  const { started } = await start(`console.log('hello'); ${untilStdinEnds}`);
  expect(started).toMatchObject({ kind: 'failed', message: expect.stringMatching(/does not say/) });
});

test('one that is canceled', async () => {
  const cancel = new AbortController();
  const starting = start(untilStdinEnds, cancel.signal);
  cancel.abort();
  await expect(starting).rejects.toThrow(/abort/i);
});
