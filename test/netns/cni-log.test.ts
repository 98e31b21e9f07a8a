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

/** As the plugin writes it. */
const own = '2026-11-23T15:00:00.000Z info ADD earlier-pod net1: done\n';

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
async function logTo(file: string, before = own): Promise<string> {
  await writeFile(target, before);
  for (const command of ['ADD', 'DEL']) {
    expect(await net.cni(command, pod, { ...config, log_file: path.join(net.folder, file) })).toMatchObject({
      code: 0,
      stderr: '',
    });
  }
  return readFile(target, 'utf8');
}

test("a log of the plugin in a folder that is root's alone is written, and one that it makes", async () => {
  expect(await logTo('etc/target')).toMatch(/^2026-11-23T15:00:00.000Z info ADD [^]* info DEL /);
  await logTo('etc/new');
  expect(await readFile(path.join(net.folder, 'etc/new'), 'utf8')).toMatch(/^20.* debug ADD [^]* info DEL /);
});

test('a log by one of the usual names is written, whoever wrote it before and where it was emptied', async () => {
  for (const [name, before] of [
    ['egress-router-log', '2026-11-23T15:00:00Z [debug] Called CNI ADD\n'],
    ['egress-router', ''],
  ] as const) {
    const file = path.join(net.folder, 'etc', name);
    await writeFile(file, before);
    await logTo(`etc/${name}`);
    const text = await readFile(file, 'utf8');
    expect(text.startsWith(before)).toBe(true);
    expect(text).toContain('info DEL');
  }
});

test("a file of root that is not the plugin's is left alone, which an ADD that fails says", async () => {
  const others = [
    '\0'.repeat(384),
    '',
    'type=DAEMON_START msg=audit(1): op=start\n',
    ' 2026-11-23T15:00:00.000Z info ADD ',
  ];
  for (const before of others) expect(await logTo('etc/target', before)).toBe(before);
  const wrong = { ...config, ip: { addresses: [] }, log_file: target };
  const { stdout } = await net.cni('ADD', pod, wrong);
  expect(stdout).toContain(`Nothing is logged to ${target}: it is not a log of this plugin.`);
});

test('a folder on the way that is a link leads nowhere', async () => {
  await symlink(path.dirname(target), path.join(net.folder, 'way'));
  expect(await logTo('way/target')).toBe(own);
});

test('in a folder that others may change, nothing is written', async () => {
  const theirs = path.join(net.folder, 'theirs');
  await mkdir(theirs);
  await chown(theirs, nobody, nobody);
  await link(await makeTarget(), path.join(theirs, 'file'));
  expect(await logTo('theirs/file')).toBe(own);
  const shared = path.join(net.folder, 'shared');
  await mkdir(shared);
  await chmod(shared, 0o777);
  await logTo('shared/file');
  await expect(readFile(path.join(shared, 'file'))).rejects.toThrow('ENOENT');
});

test('a file with a second name, or of another owner, is left alone', async () => {
  const second = path.join(net.folder, 'second');
  await link(await makeTarget(), second);
  expect(await logTo('second')).toBe(own);
  const theirs = path.join(net.folder, 'file');
  await writeFile(theirs, own);
  await chown(theirs, nobody, nobody);
  await logTo('file');
  expect(await readFile(theirs, 'utf8')).toBe(own);
});

async function makeTarget(): Promise<string> {
  await writeFile(target, own);
  return target;
}
