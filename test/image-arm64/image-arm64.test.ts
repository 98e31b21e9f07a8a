import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeImage, run, unpack } from '../image/built-image.ts';
import { attempt } from '../netns/command.ts';
import { executable } from '../netns/topology.ts';

// The image for arm64, made on whatever this machine is. Its programs are run by QEMU, one process at a time: what
// starts others, or asks the kernel for nftables, does not work in that way.

const plugin = 'usr/src/egress-router-cni/bin/egress-router';
let folder = '';
let layout = '';
let rootfs = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'image-test-'));
  ({ layout, rootfs } = await unpack(await makeImage('arm64'), folder));
  await copyFile(qemu, path.join(rootfs, 'qemu'));
});

afterAll(() => rm(folder, { recursive: true }));

test('the image says that it is for arm64', async () => {
  const { manifests } = await json(path.join(layout, 'index.json'));
  const { config } = await json(blob(manifests[0].digest));
  expect(await json(blob(config.digest))).toMatchObject({ architecture: 'arm64', os: 'linux' });
});

test('all that is executable in it is for arm64', async () => {
  const inFolders = ['-xdev', '-type', 'f', '-perm', '/111', '-not', '-name', 'qemu'];
  const { stdout } = await run('find', [rootfs, ...inFolders]);
  const files = stdout.trim().split('\n');
  const seen = await Promise.all(files.map(async (file) => ({ file, machine: await machineOf(file) })));
  const programs = seen.filter(({ machine }) => machine !== undefined);
  expect(programs.filter(({ machine }) => machine !== aarch64)).toEqual([]);
  const names = programs.map(({ file }) => path.relative(rootfs, file));
  expect(names).toEqual(expect.arrayContaining(['usr/bin/node', plugin, 'usr/sbin/nft', 'bin/bash']));
});

test('what is listed is what Debian has for arm64', async () => {
  const { components } = await json(path.join(rootfs, 'usr/share/egress-router/sbom.cdx.json'));
  const words = components.flatMap(
    ({ purl }: { readonly purl: string }) => /[?]arch=(.*)/.exec(purl)?.[1] ?? [],
  );
  expect(new Set(words)).toEqual(new Set(['all', 'arm64']));
});

test('operator and router process start on the Node of the image', async () => {
  for (const [program, usage] of [
    ['operator', 'Usage: egress-router-operator'],
    ['router', 'Usage: egress-router-agent'],
  ] as const) {
    const argv = [rootfs, '/qemu', '/usr/bin/node', `/usr/lib/egress-router/${program}.mjs`, '--help'];
    expect((await run('chroot', argv)).stdout).toContain(usage);
  }
});

const cni = { CNI_CONTAINERID: 'c', CNI_IFNAME: 'net1', CNI_PATH: '/opt/cni/bin', CNI_NETNS: '/nowhere' };
const netconf = { cniVersion: '1.1.0', name: 'n', type: 'egress-router' };
const ip = {
  addresses: ['192.168.12.99/24', 'fd12::99/64'],
  destinations: ['80 TCP 203.0.113.25', '99999 XTP somewhere'],
  gateway: '192.168.12.1',
};

test.each([
  { title: 'VERSION', env: { CNI_COMMAND: 'VERSION' }, config: netconf },
  { title: 'an unknown command', env: { CNI_COMMAND: 'NONE' }, config: netconf },
  { title: 'ADD without its parameters', env: { CNI_COMMAND: 'ADD' }, config: netconf },
  { title: 'ADD of what is no JSON', env: { ...cni, CNI_COMMAND: 'ADD' }, config: '{"cniVersion": ' },
  {
    title: 'ADD of a configuration with mistakes',
    env: { ...cni, CNI_COMMAND: 'ADD' },
    config: { ...netconf, ip },
  },
  {
    title: 'ADD to a pod that is gone',
    env: { ...cni, CNI_COMMAND: 'ADD' },
    config: { ...netconf, ip: { ...ip, destinations: [] } },
  },
  { title: 'DEL of a pod that is gone', env: { ...cni, CNI_COMMAND: 'DEL' }, config: { ...netconf, ip } },
])('the CNI plugin answers $title as that of this machine does', async ({ env, config }) => {
  const settings = Object.entries({ ...env, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' });
  const answerOf = (...argv: readonly string[]) =>
    attempt(['env', '-i', ...settings.map(([name, value]) => `${name}=${value}`), ...argv], {
      input: typeof config === 'string' ? config : JSON.stringify(config),
    });
  const own = await answerOf(executable);
  expect(await answerOf(qemu, path.join(rootfs, plugin))).toEqual(own);
});

const qemu = '/usr/bin/qemu-aarch64-static';
/** e_machine of an ELF file. */
const aarch64 = 183;

async function machineOf(file: string): Promise<number | undefined> {
  const head = (await readFile(file)).subarray(0, 20);
  return head.subarray(0, 4).toString('latin1') === '\x7fELF' ? head.readUInt16LE(18) : undefined;
}

function blob(digest: string): string {
  return path.join(layout, 'blobs', digest.replace(':', '/'));
}

async function json(file: string) {
  return JSON.parse(await readFile(file, 'utf8'));
}
