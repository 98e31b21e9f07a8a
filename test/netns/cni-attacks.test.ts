import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Background } from './command.ts';
import { cnoConfig } from './netconfs.ts';
import { type Pod, Topology } from './topology.ts';

// What another host of the LAN may try, with packets that no kernel would send for it. That it reaches no pod by
// routing and gets no answer from a declared port stands in `cni-traffic.test.ts`.

let net: Topology;
let pod: Pod;
let mac: string;

beforeAll(async () => {
  net = await Topology.make('atk');
  pod = await net.makePod();
  const added = await net.cni('ADD', pod, {
    ...cnoConfig,
    cniVersion: '1.0.0',
    ip: {
      addresses: ['192.168.12.99/24', 'fd12::99/64'],
      gateway: ['192.168.12.1', 'fd12::1'],
      destinations: ['8080 TCP 203.0.113.25 80', '8080 TCP 2001:db8::25 80'],
    },
  });
  mac = JSON.parse(added.stdout).interfaces[0].mac;
});

afterAll(() => net?.remove());

/** As the attacker on the LAN, straight to the router's interface. */
function inject(
  kind: string,
  source: string,
  destination: string,
  ...rest: readonly string[]
): Promise<string> {
  const program = ['python3', path.join(import.meta.dirname, 'inject.py')];
  return net.run('mallory', [...program, 'lan0', kind, mac, source, destination, ...rest]);
}

async function counterOf(name: string): Promise<number> {
  const shown = await net.run(pod.name, ['nft', '-j', 'list', 'counter', 'inet', 'egress_router', name]);
  return JSON.parse(shown).nftables[1].counter.packets;
}

test('an ICMP redirect in the name of the gateway moves no route', async () => {
  const wayTo = (target: string): Promise<string> =>
    net.run(pod.name, [
      'ip',
      'route',
      'get',
      target,
      ...(target.includes(':') ? [] : ['from', '192.168.12.99']),
    ]);
  // The kernel takes a redirect only for what it has sent by that gateway.
  expect(await net.ask('client', 'tcp', pod.address, 8080)).toMatchObject({ answer: {} });
  expect(await net.ask('client', 'tcp', pod.address6, 8080)).toMatchObject({ answer: {} });
  const seen = await net.capture('icmp or icmp6');
  // One that cites what the router itself has sent belongs to that, and so nothing else would keep it out: who asks it
  // for an echo in the name of a server would have all that goes to that server come by way of itself.
  // The kernel takes no gateway whose MAC it does not know.
  expect(await answererOf('mallory', '192.168.12.99', 'echo')).toBe('192.168.12.99');
  await inject('echo4', '203.0.113.25', '192.168.12.99');
  await seen.printed(/192\.168\.12\.99 > 203\.0\.113\.25: ICMP echo reply/);
  await inject('redirect4', '192.168.12.1', '192.168.12.99', '192.168.12.66', '203.0.113.25');
  await inject('redirect6', 'fd12::1', 'fd12::99', 'fd12::66', '2001:db8::25');
  // They are what they should be, and have been there.
  await seen.printed(/ICMP redirect 203\.0\.113\.25 to host 192\.168\.12\.66/);
  await seen.printed(/ICMP6, redirect, 2001:db8::25 to fd12::66/);
  expect(await wayTo('203.0.113.25')).toContain('via 192.168.12.1 ');
  expect(await wayTo('2001:db8::25')).toContain('via fd12::1 ');
});

test('a router advertisement gives no route and no address', async () => {
  const state = (): Promise<string> =>
    net.run(pod.name, [
      'sh',
      '-c',
      'ip -6 route show table all; ip -6 -o address show dev net1 | cut -d" " -f1-7',
    ]);
  const before = await state();
  const seen = await net.capture('icmp6');
  await inject('advertise', 'fe80::66', 'ff02::1', '2001:db8:66::');
  await seen.printed(/ICMP6, router advertisement/);
  expect(await state()).toBe(before);
  expect(before).not.toContain('2001:db8:66:');
});

test('a connection to a pod whose first packet comes in pieces is dropped', async () => {
  const toPods = await Background.start(
    net.inside('node', ['tcpdump', '-n', '-l', '-i', 'cni0', 'dst host 10.128.0.7 and ip proto 6']),
    /listening on/,
  );
  const before = await counterOf('inbound_blocked');
  const seen = await net.capture('tcp or ip[6:2] & 0x3fff != 0');
  await inject('fragments', '192.168.12.66', '10.128.0.7', '7000');
  await seen.printed(/192\.168\.12\.66[^]*10\.128\.0\.7/);
  await expect.poll(() => counterOf('inbound_blocked')).toBe(before + 1);
  await toPods.stop();
  expect(toPods.output).not.toContain('10.128.0.7');
});

test('a packet that belongs to no connection is dropped', async () => {
  const toPods = await Background.start(
    net.inside('node', ['tcpdump', '-n', '-l', '-i', 'cni0', 'dst host 10.128.0.7 and ip proto 6']),
    /listening on/,
  );
  const before = await counterOf('inbound_blocked');
  await inject('synfin', '192.168.12.66', '10.128.0.7', '7000');
  // The next one is counted, and so the first is through by then.
  await inject('syn', '192.168.12.66', '10.128.0.7', '7000');
  await expect.poll(() => counterOf('inbound_blocked')).toBe(before + 1);
  await toPods.stop();
  expect(toPods.output).not.toContain('10.128.0.7');
});

test.each([
  { name: 'the reserved address', destination: '192.168.12.99', port: 8080 },
  { name: "the pod's address", destination: '10.128.0.11', port: 8080 },
  { name: 'another pod', destination: '10.128.0.7', port: 7000 },
  { name: 'a server outside, by way of the router', destination: '203.0.113.25', port: 80 },
])('a packet to $name in the name of a pod is dropped', async ({ destination, port }) => {
  const before = await counterOf('inbound_blocked');
  await inject('syn', '10.128.0.7', destination, String(port));
  await expect.poll(() => counterOf('inbound_blocked')).toBeGreaterThan(before);
});

/** Who answers a question of ICMP. */
async function answererOf(from: string, address: string, kind: 'echo' | 'time'): Promise<string> {
  const program = ['python3', path.join(import.meta.dirname, 'icmp.py')];
  return (await net.run(from, [...program, address, kind])).trim();
}

test.each(['echo', 'time'] as const)(
  "a host that routes by the reserved address gets no ICMP %s from the pod's address",
  async (kind) => {
    await net.ip(
      'mallory',
      `route replace ${pod.address} via 192.168.12.99`,
      `route replace ${pod.address6} via fd12::99`,
    );
    const before = await counterOf('inbound_blocked');
    expect(await answererOf('mallory', pod.address, kind)).toBe('nobody');
    expect(await counterOf('inbound_blocked')).toBe(before + 1);
    // The way is there, and so is who would answer.
    expect(await answererOf('client', pod.address, kind)).toBe(pod.address);
    if (kind === 'time') return;
    expect(await answererOf('mallory', pod.address6, kind)).toBe('nobody');
    expect(await answererOf('remote', pod.address6, kind)).toBe(pod.address6);
  },
);

test('the reserved address answers an echo on the LAN, and no other question', async () => {
  for (const address of ['192.168.12.99', 'fd12::99']) {
    expect(await answererOf('mallory', address, 'echo')).toBe(address);
  }
  expect(await answererOf('mallory', '192.168.12.99', 'time')).toBe('nobody');
});
