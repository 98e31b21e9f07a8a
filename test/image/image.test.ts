import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeImage, run, unpack, version } from './built-image.ts';

let folder = '';
let archive = '';
let rootfs = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'image-test-'));
  archive = await makeImage();
  ({ rootfs } = await unpack(archive, folder));
});

afterAll(() => rm(folder, { recursive: true }));

test('the image starts the operator, and not as root', async () => {
  const config = JSON.parse(await readFile(path.join(rootfs, '../config.json'), 'utf8'));
  expect(config.process.args).toEqual(['/usr/bin/egress-router-operator']);
  expect(config.process.user).toMatchObject({ uid: 65532, gid: 65532 });
  expect(config.annotations).toMatchObject({
    'org.opencontainers.image.title': 'egress-router-agent',
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.licenses': 'Apache-2.0',
  });
});

test('operator and router process run on the Node of the image', async () => {
  expect(await inImage('/usr/bin/egress-router-operator', '--help')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Usage: egress-router-operator'),
  });
  expect(await inImage('/usr/bin/egress-router-agent', '--help')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Usage: egress-router-agent'),
  });
});

test('the router process looks at the network with the ip and nft of the image', async () => {
  const { code, stdout } = await inImage('/usr/bin/egress-router-agent', 'inspect', '-o', 'json');
  const inspection = JSON.parse(stdout);
  expect(code).toBe(1);
  expect(inspection.seen.links.kind).toBe('read');
  expect(inspection.faults).toContain('There is no interface net1: the CNI plugin did not attach it.');
  // The image's user may not read nftables; what matters is that nft started and said so.
  expect(inspection.seen.nft.reason).toContain('Operation not permitted');
});

test('the CNI plugin stands where the platform copies it from, and needs no library', async () => {
  const plugin = '/usr/src/egress-router-cni/bin/egress-router';
  const { code, stdout } = await inImage('/usr/bin/env', 'CNI_COMMAND=VERSION', plugin);
  expect(code).toBe(0);
  expect(JSON.parse(stdout).supportedVersions).toContain('0.4.0');
  const alone = path.join(folder, 'alone');
  await mkdir(alone);
  await copyFile(path.join(rootfs, plugin), path.join(alone, 'egress-router'));
  const { stdout: answer } = await run('chroot', [alone, '/egress-router'], { CNI_COMMAND: 'VERSION' });
  expect(JSON.parse(answer)).toEqual(JSON.parse(stdout));
});

test.each(['bash', 'find', 'cp', 'mv', 'date', 'uuidgen', 'sha256sum', 'conntrack'])(
  '%s is in the image',
  async (command) => {
    const { code, stdout } = await inImage('/bin/sh', '-c', `command -v ${command}`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\/(usr\/)?s?bin\//);
  },
);

test('the plugin is installed from the image into a folder of the node', async () => {
  const bin = path.join(rootfs, 'host/opt/cni/bin');
  await mkdir(bin, { recursive: true });
  const { code, stderr } = await inImage({ user: '0:0' }, '/usr/bin/egress-router-install', 'once');
  expect(stderr).toMatch(/^installed \/host\/opt\/cni\/bin\/egress-router \([0-9a-f]{64}\)\n$/);
  expect(code).toBe(0);
  expect((await stat(path.join(bin, 'egress-router'))).mode & 0o777).toBe(0o755);
});

test('no program of the image gains rights, and what is in it is listed', async () => {
  expect((await run('find', [rootfs, '-perm', '/6000', '-type', 'f'])).stdout).toBe('');
  const sbom = JSON.parse(await readFile(path.join(rootfs, 'usr/share/egress-router/sbom.cdx.json'), 'utf8'));
  const names = sbom.components.map((component: { readonly name: string }) => component.name);
  expect(names).toEqual(expect.arrayContaining(['node', 'nftables', 'iproute2', '@kubernetes/client-node']));
});

test('the same inputs give the same bytes', async () => {
  const first = await digestOf(archive);
  expect(await digestOf(await makeImage())).toBe(first);
});

type Options = { readonly user: string };

/** Runs a program in the image's files as its user: in mount and process namespaces of its own, with /proc. */
async function inImage(...words: readonly [string, ...string[]] | readonly [Options, ...string[]]) {
  const [first, ...rest] = words;
  const { user, command } =
    typeof first === 'string'
      ? { user: '65532:65532', command: [first, ...rest] }
      : { ...first, command: rest };
  const script = path.join(folder, 'enter.sh');
  await writeFile(
    script,
    'mount -t proc proc "$1/proc" && mount --bind /dev "$1/dev" && shift && exec chroot "$@"\n',
  );
  const args = ['--mount', '--pid', '--fork', 'sh', script, rootfs, `--userspec=${user}`, rootfs, ...command];
  return run('unshare', args, { NODE_EXTRA_CA_CERTS: undefined }).catch(
    (error: { readonly code: number; readonly stdout: string; readonly stderr: string }) => error,
  );
}

async function digestOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
