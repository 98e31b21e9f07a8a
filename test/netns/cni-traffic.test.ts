import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Pod, type PodShape, Topology } from './topology.ts';

const config = {
  cniVersion: '1.0.0',
  type: 'egress-router',
  name: 'egress-router-cni-nad',
  ip: {
    addresses: ['192.168.12.99/24', 'fd12::99/64'],
    gateway: ['192.168.12.1', 'fd12::1'],
    destinations: [
      '8080 TCP 203.0.113.25 80',
      '80 TCP 203.0.113.26',
      '8053 UDP 203.0.113.26 53',
      '8080 TCP 2001:db8::25 80',
      '8053 UDP 2001:db8::25 53',
    ],
  },
  localPorts: ['9410 TCP'],
};

let net: Topology;
let pod: Pod;

beforeAll(async () => {
  net = await Topology.make('traffic');
  pod = await net.makePod();
  await net.serve(pod.name, '0.0.0.0/tcp/9410', '0.0.0.0/tcp/9411');
  expect(await net.cni('ADD', pod, config)).toMatchObject({ code: 0 });
});

afterAll(() => net?.remove());

const redirected = [
  { rule: 'TCP', protocol: 'tcp', port: 8080, family: 4, server: '203.0.113.25/tcp/80' },
  { rule: 'TCP to the same port', protocol: 'tcp', port: 80, family: 4, server: '203.0.113.26/tcp/80' },
  { rule: 'UDP', protocol: 'udp', port: 8053, family: 4, server: '203.0.113.26/udp/53' },
  { rule: 'TCP', protocol: 'tcp', port: 8080, family: 6, server: '2001:db8::25/tcp/80' },
  { rule: 'UDP', protocol: 'udp', port: 8053, family: 6, server: '2001:db8::25/udp/53' },
] as const;

describe('a declared port reaches its server from the reserved address', () => {
  for (const { rule, protocol, port, family, server } of redirected) {
    for (const client of ['client', 'remote']) {
      test(`IPv${family} ${rule}, ${client === 'client' ? 'on' : 'off'} the pod's subnet`, async () => {
        const reserved = family === 4 ? '192.168.12.99' : 'fd12::99';
        const target = server.split('/')[0];
        const capture = await net.capture(`${protocol} and src host ${reserved} and dst host ${target}`);
        const answer = await net.ask(client, protocol, family === 4 ? pod.address : pod.address6, port);
        expect(answer).toEqual({ answer: { peer: reserved, server } });
        await capture.printed(new RegExp(`${reserved}.* > ${target}`));
      });
    }
  }
});

describe('what is not declared is rejected at once', () => {
  for (const protocol of ['tcp', 'udp'] as const) {
    for (const family of [4, 6] as const) {
      test(`IPv${family} ${protocol}`, async () => {
        const address = family === 4 ? pod.address : pod.address6;
        expect(await net.ask('client', protocol, address, 81)).toEqual({ error: 'ECONNREFUSED' });
        expect(await net.ask('remote', protocol, address, 81)).toEqual({ error: 'ECONNREFUSED' });
      });
    }
  }
});

test("the pod's own port answers the cluster, and only where it is declared", async () => {
  const peer = { answer: { peer: '10.128.0.7', server: '0.0.0.0/tcp/9410' } };
  expect(await net.ask('client', 'tcp', pod.address, 9410)).toEqual(peer);
  expect(await net.ask('client', 'tcp', pod.address, 9411)).toEqual({ error: 'ECONNREFUSED' });
  expect(await net.ask('mallory', 'tcp', '192.168.12.99', 9410, 700)).toEqual({ error: 'TIMEOUT' });
});

describe('the LAN does not get into the cluster', () => {
  test('a host that routes by the reserved address reaches no pod', async () => {
    await net.serve('client', '10.128.0.7/tcp/7000', 'fd10:128::7/tcp/7000');
    expect(await net.ask('node', 'tcp', '10.128.0.7', 7000)).toMatchObject({ answer: {} });
    await net.ip(
      'mallory',
      'route add 10.128.0.0/24 via 192.168.12.99',
      'route add fd10:128::/64 via fd12::99',
    );
    expect(await net.ask('mallory', 'tcp', '10.128.0.7', 7000, 700)).toEqual({ error: 'TIMEOUT' });
    expect(await net.ask('mallory', 'tcp', 'fd10:128::7', 7000, 700)).toEqual({ error: 'TIMEOUT' });

    // The way is there: it is the ruleset that bars it.
    const open =
      'chain inet egress_router forward { policy accept; }\nflush chain inet egress_router forward\n';
    const ruleset = await net.run(pod.name, ['nft', 'list', 'ruleset']);
    await net.run(pod.name, ['nft', '-f', '-'], { input: open });
    expect(await net.ask('mallory', 'tcp', '10.128.0.7', 7000)).toMatchObject({ answer: {} });
    expect(await net.ask('mallory', 'tcp', 'fd10:128::7', 7000)).toMatchObject({ answer: {} });
    await net.run(pod.name, ['nft', '-f', '-'], { input: `flush ruleset\n${ruleset}` });
    await net.ip('mallory', 'route del 10.128.0.0/24', 'route del fd10:128::/64');
  });

  test('declared ports are for the cluster only', async () => {
    expect(await net.ask('mallory', 'tcp', '192.168.12.99', 8080, 700)).toEqual({ error: 'TIMEOUT' });
    expect(await net.ask('mallory', 'udp', 'fd12::99', 8053, 700)).toEqual({ error: 'TIMEOUT' });
  });

  test("the router does not answer ARP for the pod's address", async () => {
    await net.ip('mallory', `route add ${pod.address} dev lan0`);
    await net.ask('mallory', 'udp', pod.address, 9, 700);
    const neighbour = await net.run('mallory', ['ip', 'neigh', 'show', pod.address]);
    expect(neighbour).toMatch(/FAILED|INCOMPLETE/);
    await net.ip('mallory', `route del ${pod.address} dev lan0`);
  });
});

describe('a pod cannot use the router as a way out', () => {
  test('to any server as the reserved address', async () => {
    await net.ip('client', `route add 203.0.113.0/24 via ${pod.address}`);
    await net.ip('client', `route add 2001:db8::/64 via ${pod.address6}`);
    const capture = await net.capture('src host 192.168.12.99 or src host fd12::99');
    const before = capture.output;
    // Administratively prohibited, as the client sees it.
    expect(await net.ask('client', 'tcp', '203.0.113.25', 8080)).toEqual({ error: 'EHOSTUNREACH' });
    expect(await net.ask('client', 'tcp', '2001:db8::25', 80)).toEqual({ error: 'EACCES' });
    await net.ip('client', 'route del 203.0.113.0/24', 'route del 2001:db8::/64');
    expect(await net.ask('client', 'tcp', pod.address, 8080)).toMatchObject({ answer: {} });
    const captured = await capture.printed(/192\.168\.12\.99/);
    expect(captured.slice(before.length)).not.toContain('203.0.113.25.8080');
  });
});

describe('a fallback takes what no rule names', () => {
  let other: Pod;

  beforeAll(async () => {
    other = await net.makePod();
    await net.serve(other.name, '0.0.0.0/tcp/9410');
    const { ip, ...rest } = config;
    const added = await net.cni('ADD', other, {
      ...rest,
      ip: {
        ...ip,
        addresses: ['192.168.12.98/24', 'fd12::98/64'],
        fallbackIP: ['203.0.113.25', '2001:db8::25'],
      },
    });
    expect(added).toMatchObject({ code: 0 });
  });

  test.each([
    { protocol: 'tcp', port: 9000, family: 4, server: '203.0.113.25/tcp/9000' },
    { protocol: 'udp', port: 9000, family: 4, server: '203.0.113.25/udp/9000' },
    { protocol: 'tcp', port: 8080, family: 4, server: '203.0.113.25/tcp/80' },
    { protocol: 'tcp', port: 80, family: 6, server: '2001:db8::25/tcp/80' },
    { protocol: 'udp', port: 53, family: 6, server: '2001:db8::25/udp/53' },
  ] as const)('$protocol $port, IPv$family', async ({ protocol, port, family, server }) => {
    const peer = family === 4 ? '192.168.12.98' : 'fd12::98';
    const answer = await net.ask('remote', protocol, family === 4 ? other.address : other.address6, port);
    expect(answer).toEqual({ answer: { peer, server } });
  });

  test("not the pod's own port", async () => {
    const answer = await net.ask('client', 'tcp', other.address, 9410);
    expect(answer).toEqual({ answer: { peer: '10.128.0.7', server: '0.0.0.0/tcp/9410' } });
  });
});

test("a client of the LAN that comes by the cluster's network is answered there", async () => {
  await net.ip('mallory', 'route add 10.128.0.0/24 via 192.168.12.10');
  expect(await net.ask('mallory', 'tcp', pod.address, 8080)).toEqual({
    answer: { peer: '192.168.12.99', server: '203.0.113.25/tcp/80' },
  });
  await net.ip('mallory', 'route del 10.128.0.0/24');
});

test('a router without a gateway reaches a server of its own network', async () => {
  const router = await net.makePod();
  const ip = {
    addresses: ['192.168.12.85/24', 'fd12::85/64'],
    destinations: ['8080 TCP 192.168.12.66 7000', '8080 TCP fd12::66 7000'],
  };
  expect(await net.cni('ADD', router, { ...config, ip })).toMatchObject({ code: 0 });
  await net.serve('mallory', '192.168.12.66/tcp/7000', 'fd12::66/tcp/7000');
  for (const client of ['client', 'remote']) {
    const [four, six] = [router.address, router.address6].map((to) => net.ask(client, 'tcp', to, 8080));
    expect(await four).toMatchObject({ answer: { peer: '192.168.12.85' } });
    expect(await six).toMatchObject({ answer: { peer: 'fd12::85' } });
  }
  // And is reached from it, the way back being the same.
  for (const [own, other] of [
    ['192.168.12.85', '192.168.12.66'],
    ['fd12::85', 'fd12::66'],
  ] as const) {
    const echo = ['python3', path.join(import.meta.dirname, 'icmp.py'), own, 'echo'];
    expect((await net.run('mallory', echo)).trim()).toBe(own);
    const way = await net.run(router.name, ['ip', 'route', 'get', other, 'from', own]);
    expect(way).toContain(' dev net1 ');
  }
});

test("a server is reached by the router's interface also where the pod's routes lead into the cluster", async () => {
  // Outside there is a network that the cluster has for itself, too.
  const router = await net.makePod('subnets');
  await net.ip('srv', 'address add 10.130.0.9/32 dev lo');
  await net.ip('gw', 'route add 10.130.0.9 via 203.0.113.25');
  await net.serve('srv', '10.130.0.9/tcp/7000');
  const destinations = ['8080 TCP 10.130.0.9 7000'];
  const ip = { addresses: ['192.168.12.84/24'], gateway: '192.168.12.1', destinations };
  expect(await net.cni('ADD', router, { ...config, ip })).toMatchObject({ code: 0 });
  expect(await net.ask('client', 'tcp', router.address, 8080)).toEqual({
    answer: { peer: '192.168.12.84', server: '10.130.0.9/tcp/7000' },
  });
});

describe('whatever routes the primary CNI gave the pod', () => {
  const shapes: readonly { readonly shape: PodShape; readonly address: string }[] = [
    { shape: 'host-route', address: '192.168.12.97' },
    { shape: 'no-default', address: '192.168.12.96' },
  ];
  test.each(shapes)('$shape: clients on and off the subnet are answered', async ({ shape, address }) => {
    const router = await net.makePod(shape);
    const { ip, ...rest } = config;
    const addresses = [`${address}/24`];
    const destinations = ['8080 TCP 203.0.113.25 80'];
    const added = await net.cni('ADD', router, {
      ...rest,
      ip: { addresses, gateway: '192.168.12.1', destinations },
    });
    expect(added).toMatchObject({ code: 0 });
    const answer = { answer: { peer: address, server: '203.0.113.25/tcp/80' } };
    expect(await net.ask('client', 'tcp', router.address, 8080)).toEqual(answer);
    expect(await net.ask('remote', 'tcp', router.address, 8080)).toEqual(answer);
    expect(ip.addresses).toHaveLength(2);
  });

  test('reverse path filtering is on', async () => {
    const router = await net.makePod();
    await net.run(router.name, ['sysctl', '-q', '-w', 'net.ipv4.conf.all.rp_filter=1']);
    await net.run(router.name, ['sysctl', '-q', '-w', 'net.ipv4.conf.eth0.rp_filter=1']);
    const { ip, ...rest } = config;
    const addresses = ['192.168.12.95/24'];
    const destinations = ip.destinations.slice(0, 1);
    await net.cni('ADD', router, { ...rest, ip: { addresses, gateway: '192.168.12.1', destinations } });
    const answer = { answer: { peer: '192.168.12.95', server: '203.0.113.25/tcp/80' } };
    expect(await net.ask('remote', 'tcp', router.address, 8080)).toEqual(answer);
  });
});
