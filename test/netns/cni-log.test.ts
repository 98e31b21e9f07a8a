import { chmod, chown, link, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Pod, Topology } from './topology.ts';

const config = {
  cniVersion: '1.0.0',
  type: 'egress-router',
  name: 'n',
  ip: { addresses: ['192.168.12.99/24'], destinations: ['8080 TCP 203.0.113.25 80'] },
  dad: { timeoutMs: 0 },
  log_level: 'debug',
};

/** Somebody else on the node. */
const nobody = 65534;

let net: Topology;
let pod: Pod;
let target: string;

beforeAll(async () => {
  net = await Topology.make('log');
  pod = await net.makePod();
  await mkdir(path.join(net.folder, 'etc'));
  target = path.join(net.folder, 'etc', 'target');
});

afterAll(() => net?.remove());

/** ADD and DEL succeed; @returns what stands in the target then */
async function logTo(file: string): Promise<string> {
  await writeFile(target, 'as it was');
  for (const command of ['ADD', 'DEL']) {
    expect(await net.cni(command, pod, { ...config, log_file: path.join(net.folder, file) })).toMatchObject({
      code: 0,
      stderr: '',
    });
  }
  return readFile(target, 'utf8');
}

test("a file in a folder that is root's alone is written", async () => {
  expect(await logTo('etc/target')).toContain('info DEL');
});

test('a folder on the way that is a link leads nowhere', async () => {
  await symlink(path.dirname(target), path.join(net.folder, 'way'));
  expect(await logTo('way/target')).toBe('as it was');
});

test('in a folder that others may change, nothing is written', async () => {
  const theirs = path.join(net.folder, 'theirs');
  await mkdir(theirs);
  await chown(theirs, nobody, nobody);
  await link(await makeTarget(), path.join(theirs, 'file'));
  expect(await logTo('theirs/file')).toBe('as it was');
  const shared = path.join(net.folder, 'shared');
  await mkdir(shared);
  await chmod(shared, 0o777);
  await logTo('shared/file');
  await expect(readFile(path.join(shared, 'file'))).rejects.toThrow('ENOENT');
});

test('a file with a second name, or of another owner, is left alone', async () => {
  const second = path.join(net.folder, 'second');
  await link(await makeTarget(), second);
  expect(await logTo('second')).toBe('as it was');
  const theirs = path.join(net.folder, 'file');
  await writeFile(theirs, '');
  await chown(theirs, nobody, nobody);
  await logTo('file');
  expect(await readFile(theirs, 'utf8')).toBe('');
});

async function makeTarget(): Promise<string> {
  await writeFile(target, 'as it was');
  return target;
}
