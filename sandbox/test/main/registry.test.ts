import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { identify, isAlive } from '#sandbox/process-identity.ts';
import { Registry } from '#sandbox/registry.ts';

function emptyRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'registry-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  return root;
}

test('a folder is for one living sandbox, and free again when that has gone', async () => {
  const registry = new Registry(emptyRoot());
  const first = await registry.register('/somewhere');
  await expect(registry.register('/somewhere')).rejects.toThrow(
    `A sandbox runs in /somewhere already (process ${process.pid}): stop it, or choose another folder.`,
  );
  await first.remove();
  const second = await registry.register('/somewhere');
  expect(existsSync(second.folder)).toBe(true);
  await second.remove();
  expect(existsSync(second.folder)).toBe(false);
});

test('a folder that others can write to is refused', async () => {
  const root = emptyRoot();
  chmodSync(root, 0o777);
  await expect(new Registry(root).register('/x')).rejects.toThrow(`${root} is not a folder of yours alone`);
  await expect(new Registry(root).removeDead()).rejects.toThrow('is not a folder of yours alone');
});

test('a process that has ended is not mistaken for a later one of its number', () => {
  const ended = spawnSync('true').pid;
  expect(isAlive({ pid: ended })).toBe(false);
  expect(isAlive(identify(process.pid))).toBe(true);
  expect(isAlive({ pid: process.pid, startTime: '1' })).toBe(process.platform !== 'linux');
});

test('a record that cannot be read is passed over', async () => {
  const root = emptyRoot();
  writeFileSync(join(root, 'x.json'), '{');
  const registration = await new Registry(root).register('/x');
  await registration.remove();
});
