import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writeConfigMap } from '#sandbox/node/volumes.ts';
import type { ConfigMap } from '#sandbox/objects.ts';

function configMap(resourceVersion: string, data: Record<string, string>): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', resourceVersion }, data };
}

test('a ConfigMap is shown as files that change all at once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'volume-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const source = { name: 'c' };
  expect(await writeConfigMap(folder, source, configMap('1', { a: '1', b: '1' }))).toBe(true);
  expect(await writeConfigMap(folder, source, configMap('1', { a: '1', b: '1' }))).toBe(false);
  expect(await writeConfigMap(folder, source, configMap('2', { a: '2', c: '2' }))).toBe(true);
  expect((await readdir(folder)).sort()).toEqual(['..2', '..data', 'a', 'c']);
  expect(await readFile(join(folder, 'a'), 'utf8')).toBe('2');
  expect(await readFile(join(folder, 'c'), 'utf8')).toBe('2');
});

test('items choose and rename the keys', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'volume-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const source = { name: 'c', items: [{ key: 'a', path: 'x.json' }] };
  await writeConfigMap(folder, source, configMap('1', { a: '1', b: '1' }));
  expect((await readdir(folder)).filter((name) => !name.startsWith('..'))).toEqual(['x.json']);
  const outside = { name: 'c', items: [{ key: 'a', path: '../x' }] };
  await expect(writeConfigMap(folder, outside, configMap('2', { a: '1' }))).rejects.toThrow(
    'is not supported here',
  );
});
