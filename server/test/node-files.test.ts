import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeFiles } from '#server/node-files.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ert-files-'));
  writeFileSync(join(folder, 'a.yaml'), 'a: 1\n');
  for (const name of ['b.yml', 'c.json', 'd.txt']) writeFileSync(join(folder, name), '{}\n');
  symlinkSync('a.yaml', join(folder, 'link.yaml'));
  execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
});
afterAll(() => rmSync(folder, { recursive: true }));

const manifests = (): readonly string[] =>
  ['a.yaml', 'b.yml', 'c.json'].map((name) => pathToFileURL(join(folder, name)).href);
const read = (...path: readonly string[]): Promise<string | undefined> =>
  nodeFiles.read(pathToFileURL(join(...path)).href);

test('a file is read', async () => expect(await read(folder, 'a.yaml')).toBe('a: 1\n'));
test('what is no file is not waited for', async () => {
  expect(await read(folder, 'pipe.yaml')).toBeUndefined();
  expect(await read('/dev/zero')).toBeUndefined();
  expect(await read(folder)).toBeUndefined();
  expect(await read(folder, 'link.yaml')).toBeUndefined();
});
test('of the files, those are listed that may hold manifests', async () => {
  const { signal } = new AbortController();
  const listed: string[] = [];
  for await (const batch of nodeFiles.list([pathToFileURL(folder).href], signal)) listed.push(...batch);
  expect(listed.toSorted()).toEqual(manifests());
});
test('a folder whose URI is none keeps the others from nothing', async () => {
  const { signal } = new AbortController();
  const listed: string[] = [];
  const folders = ['file:///%zz', pathToFileURL(folder).href];
  for await (const batch of nodeFiles.list(folders, signal)) listed.push(...batch);
  expect(listed.toSorted()).toEqual(manifests());
  expect(await nodeFiles.read('file:///%zz')).toBeUndefined();
});
