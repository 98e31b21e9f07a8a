import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attempt, type Finished } from './command.ts';
import { cnoConfig, dualConfig } from './netconfs.ts';
import { executable, type Pod, Topology } from './topology.ts';

// Rows of the CNI specification, https://github.com/containernetworking/cni/blob/main/SPEC.md: what every plugin
// has to do, by version. What is ours to decide stands in `cni-lifecycle.test.ts`.

const versions = ['0.4.0', '1.0.0', '1.1.0'] as const;
const done: Finished = { code: 0, stdout: '', stderr: '' };

let net: Topology;
let pod: Pod;
let before: string;

beforeAll(async () => {
  net = await Topology.make('spec');
  pod = await net.makePod();
  before = await net.snapshot(pod);
});

afterAll(() => net?.remove());

/** SPEC §2 "Errors", §5 "Error": a non-zero exit, and a document of these keys alone on standard output. */
function expectError(finished: Finished, wanted: Readonly<Record<string, unknown>>): void {
  expect(finished.code).toBeGreaterThan(0);
  expect(finished.stderr).toBe('');
  const error: unknown = JSON.parse(finished.stdout);
  expect(error).toMatchObject(wanted);
  expect(Object.keys(Object(error)).filter((key) => key !== 'details')).toEqual([
    'cniVersion',
    'code',
    'msg',
  ]);
}

function configOf(cniVersion: string, more: object = {}): object {
  return { ...dualConfig, cniVersion, ...more };
}

describe.each(versions)('version %s', (cniVersion) => {
  const isOld = cniVersion === '0.4.0';
  const withMtu = cniVersion === '1.1.0';

  test('ADD gives the result of that version, and nothing else', async () => {
    const added = await net.cni('ADD', pod, configOf(cniVersion));
    const [link] = JSON.parse(await net.run(pod.name, ['ip', '-j', 'link', 'show', 'net1']));
    expect({ ...added, stdout: JSON.parse(added.stdout) }).toEqual({
      ...done,
      stdout: {
        cniVersion,
        interfaces: [
          { name: 'net1', mac: link.address, ...(withMtu ? { mtu: 1500 } : {}), sandbox: pod.netns },
        ],
        ips: [
          {
            ...(isOld ? { version: '4' } : {}),
            interface: 0,
            address: '192.168.12.99/24',
            gateway: '192.168.12.1',
          },
          { ...(isOld ? { version: '6' } : {}), interface: 0, address: 'fd12::99/64', gateway: 'fd12::1' },
        ],
        dns: {},
      },
    });
    // CHECK with that result, at once; DEL with it.
    const withResult = configOf(cniVersion, { prevResult: JSON.parse(added.stdout) });
    expect(await net.cni('CHECK', pod, withResult)).toEqual(done);
    expect(await net.cni('DEL', pod, withResult)).toEqual(done);
    expect(await net.snapshot(pod)).toBe(before);
  });

  test('prevResult is passed on: what a plugin before us made stands first', async () => {
    const previous = {
      cniVersion,
      interfaces: [{ name: 'br7', mac: '00:11:22:33:44:55' }, { name: 'veth7' }],
      ips: [
        { ...(isOld ? { version: '4' } : {}), interface: 0, address: '10.1.0.5/16', gateway: '10.1.0.1' },
      ],
      routes: [{ dst: '10.1.0.0/16', gw: '10.1.0.1' }, { dst: '0.0.0.0/0' }],
      dns: { nameservers: ['10.1.0.1'], search: ['example.com'] },
    };
    const added = await net.cni('ADD', pod, configOf(cniVersion, { prevResult: previous }));
    const result = JSON.parse(added.stdout);
    expect(result).toMatchObject({ cniVersion, routes: previous.routes, dns: previous.dns });
    expect(result.interfaces.slice(0, 2)).toEqual(previous.interfaces);
    expect(result.interfaces[2]).toMatchObject({ name: 'net1', sandbox: pod.netns });
    expect(result.ips[0]).toEqual(previous.ips[0]);
    // The index is that in the whole list.
    expect(result.ips.slice(1)).toMatchObject([{ interface: 2 }, { interface: 2 }]);
    expect(await net.cni('DEL', pod, configOf(cniVersion, { prevResult: result }))).toEqual(done);
    expect(await net.snapshot(pod)).toBe(before);
  });

  test('ADD with CNI_IFNAME there already is an error', async () => {
    await net.ip(pod.name, 'link add net1 type veth peer name net1-peer');
    const taken = await net.snapshot(pod);
    expectError(await net.cni('ADD', pod, configOf(cniVersion)), {
      cniVersion,
      msg: 'the pod already has an interface net1',
    });
    expect(await net.snapshot(pod)).toBe(taken);
    // Not ours: DEL leaves it.
    expect(await net.cni('DEL', pod, configOf(cniVersion))).toEqual(done);
    expect(await net.snapshot(pod)).toBe(taken);
    await net.ip(pod.name, 'link del net1');
  });

  test('DEL is idempotent: without prevResult, with one of nothing, twice, without namespace', async () => {
    await net.cni('ADD', pod, configOf(cniVersion));
    expect(await net.cni('DEL', pod, configOf(cniVersion))).toEqual(done);
    expect(await net.snapshot(pod)).toBe(before);
    const nothing = configOf(cniVersion, { prevResult: { cniVersion } });
    expect(await net.cni('DEL', pod, nothing)).toEqual(done);
    expect(await net.cni('DEL', pod, configOf(cniVersion, { prevResult: null }))).toEqual(done);
    for (const CNI_NETNS of ['', '/run/netns/gone']) {
      expect(await net.cni('DEL', pod, configOf(cniVersion), { CNI_NETNS })).toEqual(done);
    }
    expect(await net.snapshot(pod)).toBe(before);
  });

  test('CHECK needs prevResult', async () => {
    await net.cni('ADD', pod, configOf(cniVersion));
    expectError(await net.cni('CHECK', pod, configOf(cniVersion)), { cniVersion, code: 7 });
    await net.cni('DEL', pod, configOf(cniVersion));
  });

  test('VERSION names the versions, in the version asked for', async () => {
    const finished = await net.cni('VERSION', pod, { cniVersion });
    const answer = JSON.parse(finished.stdout);
    expect({ ...finished, stdout: answer }).toEqual({
      ...done,
      stdout: { cniVersion, supportedVersions: expect.arrayContaining([...versions]) },
    });
  });
});

test.each([
  { command: 'CHECK', last: '0.3.1' },
  { command: 'STATUS', last: '1.0.0' },
  { command: 'GC', last: '1.0.0' },
])('$command is of a version after $last', async ({ command, last }) => {
  const finished = await net.cni(command, pod, configOf(last, { prevResult: {} }));
  expectError(finished, { cniVersion: last, code: 1 });
});

test('VERSION needs nothing but its command, and no configuration', async () => {
  for (const input of ['', '{}', '{"cniVersion":"9.9.9"}', 'no JSON']) {
    const finished = await attempt(['env', '-i', 'CNI_COMMAND=VERSION', executable], { input });
    expect(finished).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(finished.stdout)).toMatchObject({ cniVersion: '1.1.0' });
  }
});

describe('what a command needs from the environment', () => {
  const rows = [
    { command: 'ADD', missing: 'CNI_CONTAINERID' },
    { command: 'ADD', missing: 'CNI_NETNS' },
    { command: 'ADD', missing: 'CNI_IFNAME' },
    { command: 'CHECK', missing: 'CNI_CONTAINERID' },
    { command: 'CHECK', missing: 'CNI_NETNS' },
    { command: 'CHECK', missing: 'CNI_IFNAME' },
    { command: 'DEL', missing: 'CNI_CONTAINERID' },
    { command: 'DEL', missing: 'CNI_IFNAME' },
  ];
  test.each(rows)('$command without $missing is an error of code 4', async ({ command, missing }) => {
    const finished = await net.cni(command, pod, dualConfig, { [missing]: '' });
    expectError(finished, { cniVersion: '1.1.0', code: 4, msg: expect.stringContaining(missing) });
    expect(await net.snapshot(pod)).toBe(before);
  });

  test.each(['DEL', 'STATUS', 'GC'])('%s works without what is optional', async (command) => {
    const required =
      command === 'DEL' ? ['CNI_CONTAINERID=c1', 'CNI_IFNAME=net1'] : ['CNI_PATH=/opt/cni/bin'];
    const argv = ['env', '-i', `CNI_COMMAND=${command}`, ...required, executable];
    expect(await attempt(net.inside('node', argv), { input: JSON.stringify(dualConfig) })).toEqual(done);
  });

  test.each(['.starts-with-a-dot', 'has a space', 'has/slash', 'ümlaut'])(
    'a CNI_CONTAINERID %j is an error',
    async (CNI_CONTAINERID) => {
      const finished = await net.cni('ADD', pod, dualConfig, { CNI_CONTAINERID });
      expectError(finished, { code: 4, msg: expect.stringContaining('CNI_CONTAINERID') });
    },
  );

  test.each(['a-name-of-16-xxx', 'a/b', '.', '..', 'a b', 'all', 'default'])(
    'a CNI_IFNAME %j is an error',
    async (CNI_IFNAME) => {
      const finished = await net.cni('ADD', pod, dualConfig, { CNI_IFNAME });
      expectError(finished, { code: 4, msg: expect.stringContaining('CNI_IFNAME') });
      expect(await net.snapshot(pod)).toBe(before);
    },
  );

  test.each(['ADD', 'CHECK', 'DEL'])(
    '%s in the namespace of the plugin itself is refused',
    async (command) => {
      const finished = await net.cni(
        command,
        pod,
        { ...dualConfig, prevResult: {} },
        {
          CNI_NETNS: net.netnsOf('node'),
          // That is for plugins which have something to do there.
          CNI_NETNS_OVERRIDE: 'true',
        },
      );
      expectError(finished, { code: 4, msg: expect.stringContaining('the plugin itself') });
    },
  );

  test('CNI_ARGS of other plugins are let pass', async () => {
    const env = { CNI_ARGS: 'IgnoreUnknown=1;K8S_POD_NAMESPACE=web;K8S_POD_NAME=router' };
    expect(await net.cni('ADD', pod, dualConfig, env)).toMatchObject({ code: 0 });
    expect(await net.cni('DEL', pod, dualConfig, env)).toEqual(done);
  });
});

describe('error codes of the specification', () => {
  const rows = [
    { name: '1, a version that is not supported', config: configOf('0.2.0'), code: 1 },
    { name: '1, no version, which is 0.1.0', config: { ...dualConfig, cniVersion: undefined }, code: 1 },
    {
      name: '2, a field that is not supported',
      config: configOf('1.1.0', { interfaceType: 'ipvlan' }),
      code: 2,
    },
    { name: '6, not JSON', config: '{', code: 6 },
    { name: '6, not an object', config: '["egress-router"]', code: 6 },
    { name: '6, nothing', config: '', code: 6 },
    { name: '7, a network without a name', config: { ...dualConfig, name: undefined }, code: 7 },
    { name: '7, a network with an invalid name', config: { ...dualConfig, name: '/x' }, code: 7 },
    { name: '7, a prevResult that is none', config: configOf('1.1.0', { prevResult: 'eth0' }), code: 7 },
  ];
  test.each(rows)('$name', async ({ config, code }) => {
    expectError(await net.cni('ADD', pod, config), { code });
    expect(await net.snapshot(pod)).toBe(before);
  });

  test('3, a container that is not known', async () => {
    const finished = await net.cni('ADD', pod, dualConfig, { CNI_NETNS: '/run/netns/gone' });
    expectError(finished, { cniVersion: '1.1.0', code: 3 });
  });

  test('5, an answer that nobody can read', async () => {
    const folder = path.join(net.folder, 'mumbling');
    await mkdir(folder);
    await writeFile(path.join(folder, 'ip'), '#!/bin/sh\necho mumble\n');
    await chmod(path.join(folder, 'ip'), 0o755);
    const finished = await net.cni('ADD', pod, dualConfig, { PATH: `${folder}:${process.env['PATH']}` });
    expectError(finished, { cniVersion: '1.1.0', code: 5, msg: 'cannot understand what "ip" printed' });
    expect(await net.snapshot(pod)).toBe(before);
  });

  test('from 100 on, our own', async () => {
    const lost = configOf('1.1.0', { interfaceArgs: { master: 'enp9s9' } });
    expectError(await net.cni('ADD', pod, lost), { code: 101 });
  });
});

describe('STATUS', () => {
  test('succeeds where an ADD could begin', async () => {
    expect(await net.cni('STATUS', pod, dualConfig)).toEqual(done);
  });

  test.each([
    {
      name: 'the NIC is not there',
      config: configOf('1.1.0', { interfaceArgs: { master: 'enp9s9' } }),
      code: 50,
    },
    { name: 'the configuration is not valid', config: configOf('1.1.0', { ip: {} }), code: 7 },
    { name: 'the version has no STATUS', config: cnoConfig, code: 1 },
  ])('fails where $name', async ({ config, code }) => {
    expectError(await net.cni('STATUS', pod, config), { code });
  });

  test.each(['ip', 'nft'])('fails where the node has no %s', async (tool) => {
    // Under an empty file, wherever it stands: the executable looks where distributions keep its tools, too.
    const empty = path.join(net.folder, 'empty');
    await writeFile(empty, '');
    const script =
      'for file in $(which -a "$1" | xargs readlink -f | sort -u); do mount --bind "$0" "$file"; done; exec "$2"';
    const argv = ['unshare', '--mount', 'sh', '-ec', script, empty, tool, executable];
    const finished = await attempt(net.inside('node', ['env', 'CNI_COMMAND=STATUS', ...argv]), {
      input: JSON.stringify(dualConfig),
    });
    expectError(finished, { code: 50, msg: `not installed on this node: ${tool}` });
  });
});

describe('GC', () => {
  test('keeps every attachment, valid or not: what ADD made goes with its namespace', async () => {
    const added = await net.cni('ADD', pod, dualConfig);
    const attached = await net.snapshot(pod);
    const lists = [undefined, [], [{ containerID: `container-${pod.name}`, ifname: 'net1' }]];
    for (const list of lists) {
      const config = { ...dualConfig, ...(list === undefined ? {} : { 'cni.dev/valid-attachments': list }) };
      expect(await net.cni('GC', pod, config)).toEqual(done);
      expect(await net.snapshot(pod)).toBe(attached);
    }
    await net.cni('DEL', pod, { ...dualConfig, prevResult: JSON.parse(added.stdout) });
  });

  test.each([
    { name: 'the configuration is not valid', config: configOf('1.1.0', { ip: {} }), code: 7 },
    { name: 'the version has no GC', config: configOf('1.0.0'), code: 1 },
    { name: 'there is no configuration', config: '', code: 6 },
  ])('fails where $name', async ({ config, code }) => {
    expectError(await net.cni('GC', pod, config), { code });
  });
});
