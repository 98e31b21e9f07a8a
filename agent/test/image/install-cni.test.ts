import { spawn, spawnSync } from 'node:child_process';
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';

const script = path.join(import.meta.dirname, '../../deploy/install-cni.sh');
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

test('the plugin is installed, executable, and may be installed again', () => {
  const node = nodeWith({});
  expect(node.run('once', 'plugin 1').status).toBe(0);
  expect(node.run('once', 'plugin 1').status).toBe(0);
  expect(node.read('egress-router')).toBe('plugin 1');
  expect(statSync(path.join(node.bin, 'egress-router')).mode & 0o777).toBe(0o755);
  expect(node.list()).toEqual(['.egress-router.installed', 'egress-router']);
});

test('a new version takes the place of one that was installed before', () => {
  const node = nodeWith({});
  node.run('once', 'plugin 1');
  expect(node.run('once', 'plugin 2').status).toBe(0);
  expect(node.read('egress-router')).toBe('plugin 2');
});

test.each(['once', 'remove'])('%s leaves a plugin alone that came from elsewhere', (mode) => {
  const node = nodeWith({ 'egress-router': 'that of the platform' });
  const { status, stderr } = node.run(mode, 'plugin 1');
  expect(status).toBe(3);
  expect(stderr).toContain('was not installed by this project');
  expect(node.read('egress-router')).toBe('that of the platform');
});

test('a plugin that someone else put over ours is theirs', () => {
  const node = nodeWith({});
  node.run('once', 'plugin 1');
  writeFileSync(path.join(node.bin, 'egress-router'), 'that of the platform');
  expect(node.run('once', 'plugin 2').status).toBe(3);
  expect(node.read('egress-router')).toBe('that of the platform');
});

test.each(['once', 'remove'])('%s leaves a link alone whose target only the node can see', (mode) => {
  const node = nodeWith({});
  symlinkSync('/usr/libexec/cni/of-the-platform', path.join(node.bin, 'egress-router'));
  expect(node.run(mode, 'plugin 1').status).toBe(3);
  expect(lstatSync(path.join(node.bin, 'egress-router')).isSymbolicLink()).toBe(true);
});

test('what stands where the new files are prepared is not written through', () => {
  const node = nodeWith({ bridge: 'another plugin' });
  for (const name of ['.egress-router.new', '.egress-router.installed.new']) {
    symlinkSync('bridge', path.join(node.bin, name));
  }
  expect(node.run('once', 'plugin 1').status).toBe(0);
  expect(node.read('bridge')).toBe('another plugin');
  expect(lstatSync(path.join(node.bin, 'egress-router')).isFile()).toBe(true);
  expect(node.list()).toEqual(['.egress-router.installed', 'bridge', 'egress-router']);
});

test('an equal plugin that came from elsewhere is used, and not removed', () => {
  const node = nodeWith({ 'egress-router': 'plugin 1' });
  expect(node.run('once', 'plugin 1').status).toBe(0);
  expect(node.run('remove', 'plugin 1').status).toBe(3);
  expect(node.list()).toEqual(['egress-router']);
});

test('an update that was cut off before the rename is finished by the next', () => {
  const node = nodeWith({});
  node.run('once', 'plugin 1');
  // What a kill leaves: the record holds both digests, the file is the old one.
  const old = node.read('.egress-router.installed');
  node.run('once', 'plugin 2');
  writeFileSync(path.join(node.bin, '.egress-router.installed'), old + node.read('.egress-router.installed'));
  writeFileSync(path.join(node.bin, 'egress-router'), 'plugin 1');
  expect(node.run('once', 'plugin 2').status).toBe(0);
  expect(node.read('egress-router')).toBe('plugin 2');
});

test('removing takes away the plugin and the record, and may be done twice', () => {
  const node = nodeWith({ bridge: 'another plugin' });
  node.run('once', 'plugin 1');
  expect(node.run('remove', 'plugin 1').status).toBe(0);
  expect(node.run('remove', 'plugin 1').status).toBe(0);
  expect(node.list()).toEqual(['bridge']);
});

test('a plugin that disappears from the node comes back', async () => {
  const node = nodeWith({});
  const child = spawn('sh', [script], { env: node.env, stdio: 'ignore', detached: true });
  try {
    await until(() => node.list().includes('egress-router'));
    rmSync(path.join(node.bin, 'egress-router'));
    await until(() => node.list().includes('egress-router'));
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  }
});

test('an unknown command changes nothing', () => {
  const node = nodeWith({});
  expect(node.run('obliterate', 'plugin 1').status).toBe(2);
  expect(node.list()).toEqual([]);
});

function nodeWith(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(path.join(tmpdir(), 'install-cni-'));
  const bin = mkdtempSync(path.join(tmpdir(), 'cni-bin-'));
  folders.push(folder, bin);
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(bin, name), content);
  const source = path.join(folder, 'egress-router');
  const env = { PATH: process.env['PATH'], CNI_SOURCE: source, CNI_BIN_DIR: bin, CHECK_SECONDS: '0.2' };
  writeFileSync(source, 'plugin 1');
  return {
    bin,
    env,
    run: (mode: string, plugin: string) => {
      writeFileSync(source, plugin);
      return spawnSync('sh', [script, mode], { env, encoding: 'utf8' });
    },
    read: (name: string) => readFileSync(path.join(bin, name), 'utf8'),
    list: () => readdirSync(bin).toSorted(),
  };
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error('It did not come to be.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
