// A process that somebody else has started: its end is told, once.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { watchProcess } from '#client/sandbox/process-watch.ts';

test('is told once it is gone, and not before', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  const told: string[] = [];
  const ended = new Promise<void>((resolve) => {
    watchProcess(
      child.pid ?? 0,
      () => {
        told.push(child.exitCode === null && child.signalCode === null ? 'while it runs' : 'after its end');
        resolve();
      },
      10,
    );
  });
  const exited = once(child, 'exit');
  child.kill();
  await exited;
  await ended;
  expect(told).toEqual(['after its end']);
});

test('is not told to who no longer asks', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  let isTold = false;
  const watch = watchProcess(
    child.pid ?? 0,
    () => {
      isTold = true;
    },
    10,
  );
  watch.dispose();
  await new Promise<void>((resolve) => {
    watchProcess(child.pid ?? 0, resolve, 10);
  });
  expect(isTold).toBe(false);
});
