import { chmod, lstat, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeSecretFile } from '#sandbox/secret-file.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'secret-file-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function check(name: string): Promise<void> {
  const file = await writeSecretFile(folder, name, 'token');
  const stat = await lstat(file);
  expect({ isFile: stat.isFile(), mode: stat.mode & 0o777 }).toEqual({ isFile: true, mode: 0o600 });
  expect(await readFile(file, 'utf8')).toBe('token');
}

test('a new file is its owner’s alone', () => check('new'));

test('so is one that everybody could read', async () => {
  const open = path.join(folder, 'open');
  await writeFile(open, '');
  await chmod(open, 0o666);
  await check('open');
});

test('a link is replaced, not followed', async () => {
  const target = path.join(folder, 'target');
  await writeFile(target, 'mine');
  for (const name of ['link', 'half.new']) await symlink(target, path.join(folder, name));
  await check('link');
  await check('half');
  expect(await readFile(target, 'utf8')).toBe('mine');
});
