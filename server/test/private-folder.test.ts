import { chmod, chown, mkdir, mkdtemp, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { privateFolder } from '#server/private-folder.ts';

let root = '';

// Not below /tmp: what is tested is also who may write to the folders above.
beforeAll(async () => {
  root = await realpath(await mkdtemp(path.join(homedir(), '.private-folder-')));
});
afterAll(() => rm(root, { recursive: true }));

test('a folder is made for the user alone', async () => {
  const folder = path.join(root, 'made', 'compiled');
  expect(privateFolder(folder)).toBe(folder);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect(privateFolder(folder)).toBe(folder);
});

test('a link is followed to a folder that is trusted itself', async () => {
  await mkdir(path.join(root, 'real'));
  await symlink('real', path.join(root, 'link'));
  expect(privateFolder(path.join(root, 'link', 'compiled'))).toBe(path.join(root, 'real', 'compiled'));
});

test('a folder that others can write to is not trusted, nor one below it or behind a link', async () => {
  const open = path.join(root, 'open');
  await mkdir(open);
  await chmod(open, 0o777);
  await symlink('open', path.join(root, 'to-open'));
  expect([open, path.join(open, 'below'), path.join(root, 'to-open', 'linked')].map(privateFolder)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('below a folder in which each may delete only what is its own, the own one is trusted', async () => {
  const shared = path.join(root, 'shared');
  await mkdir(shared);
  await chmod(shared, 0o1777);
  expect(privateFolder(path.join(shared, 'own'))).toBe(path.join(shared, 'own'));
  expect(privateFolder(shared)).toBe(undefined);
});

test("somebody else's folder is not trusted", async () => {
  const other = path.join(root, 'other');
  await mkdir(other);
  // Only root can give a folder away; for others the folder of root serves as well as any: it is trusted.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await chown(other, 65_534, 65_534);
  expect(privateFolder(other)).toBe(isRoot ? undefined : other);
});

test('where a file stands in the way there is no folder', async () => {
  await writeFile(path.join(root, 'file'), '');
  expect(privateFolder(path.join(root, 'file', 'compiled'))).toBe(undefined);
});
