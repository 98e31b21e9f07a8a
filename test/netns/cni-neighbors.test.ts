import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { run } from './command.ts';
import { type Pod, Topology } from './topology.ts';

// Two routers of one node with one address, of which the first hears no question of its neighbors on the NIC.

let net: Topology;
let first: Pod;
let second: Pod;
let before: string;

beforeAll(async () => {
  net = await Topology.make('near');
  first = await net.makePod();
  second = await net.makePod();
  before = await net.snapshot(second);
});

afterAll(() => net?.remove());

const addresses = ['192.168.12.99/24', 'fd12::99/64'];

function claiming(mode: string, more: object = {}): object {
  const destinations = ['8080 TCP 203.0.113.25 80', '8080 TCP 2001:db8::25 80'];
  const interfaceArgs = { mode, master: 'enp1s0' };
  const ip = { addresses, destinations };
  return { cniVersion: '1.1.0', type: 'egress-router', name: 'n', ip, interfaceArgs, ...more };
}

/** Where the node notes which pod has an address. */
const folder = '/run/egress-router-cni';

async function notesOf(pod: Pod): Promise<readonly string[]> {
  const names = await readdir(folder);
  const texts = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
  return names.filter((_, index) => texts[index]?.includes(pod.netns));
}

beforeEach(async () => {
  expect(await net.cni('ADD', first, claiming('private'))).toMatchObject({ code: 0, stderr: '' });
  expect(await notesOf(first)).toHaveLength(addresses.length);
});

afterEach(async () => {
  for (const pod of [first, second]) {
    await net.cni('DEL', pod, claiming('bridge'));
    expect(await notesOf(pod)).toEqual([]);
  }
  expect(await net.snapshot(second)).toBe(before);
});

describe('a router whose neighbor has its address, and does not hear, is refused', () => {
  test.each([
    ['private', 'private'],
    ['private', 'bridge'],
    ['vepa', 'vepa'],
    ['vepa', 'bridge'],
    ['bridge', 'private'],
    ['bridge', 'vepa'],
  ])('first in mode %s, then in mode %s', async (firstMode, secondMode) => {
    await net.cni('DEL', first, claiming('private'));
    const added = await net.cni('ADD', first, claiming(firstMode));
    const { mac } = JSON.parse(added.stdout).interfaces[0];
    const refused = await net.cni('ADD', second, claiming(secondMode));
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toEqual({
      cniVersion: '1.1.0',
      code: 103,
      msg: ['192.168.12.99', 'fd12::99']
        .map((ip) => `address ${ip} is in use: ${mac} on the network of enp1s0 answers for it`)
        .join('; '),
      details: `a pod of this node has it, in network namespace ${first.netns}`,
    });
    expect(await net.snapshot(second)).toBe(before);
  });
});

describe('a router gets an address that its neighbor', () => {
  const gets = async (config = claiming('private')): Promise<void> => {
    expect(await net.cni('ADD', second, config)).toMatchObject({ code: 0, stderr: '' });
  };

  test('has given back', async () => {
    await net.cni('DEL', first, claiming('private'));
    await gets();
    expect(await notesOf(second)).toHaveLength(addresses.length);
  });

  test('has lost, although its pod is there', async () => {
    await net.run(first.name, ['ip', 'link', 'del', 'net1']);
    await gets();
    // The note is that of who has the address.
    await net.cni('DEL', first, claiming('private'));
    expect(await notesOf(second)).toHaveLength(addresses.length);
  });

  test('has on another NIC', async () => gets(claiming('private', otherNic)));
  const otherNic = { interfaceArgs: { mode: 'private', master: 'remote0' } };

  test('has, where nobody is to be asked', async () => gets(claiming('private', { dad: { timeoutMs: 0 } })));

  test('has by a note that was cut off', async () => {
    for (const name of await notesOf(first)) await writeFile(path.join(folder, name), '{"node":');
    await gets();
  });
});

test.each(['ADD', 'GC', 'DEL'])('what a pod that has gone leaves keeps no %s', async (command) => {
  const pod = await net.makePod();
  await net.cni('DEL', first, claiming('private'));
  await net.cni('ADD', pod, claiming('vepa'));
  await run(['ip', 'netns', 'del', path.basename(pod.netns)]);
  const ending: Readonly<Record<string, string>> = command === 'DEL' ? { CNI_NETNS: '' } : {};
  expect(await net.cni(command, second, claiming('private'), ending)).toMatchObject({ code: 0 });
  expect(await notesOf(pod)).toEqual([]);
});

test('a pod gets its own address again after what was done to it', async () => {
  await net.run(first.name, ['ip', 'link', 'del', 'net1']);
  expect(await net.cni('ADD', first, claiming('private'))).toMatchObject({ code: 0, stderr: '' });
});
