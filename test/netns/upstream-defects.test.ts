import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finished } from './command.ts';
import { cnoConfig, configFor, dualConfig } from './netconfs.ts';
import { type Pod, Topology } from './topology.ts';

/**
 * Sixteen defects of the plugin that OKD ships, each found by experiment, each with the test that would have
 * caught it: here, or in the file that this list names.
 *
 *  1 errors are swallowed: exit code 0 and empty output
 *  2 a failed ADD leaves the pod without default route, and forwarding
 *  3 a missing or an empty part of the configuration is a crash, and net1 stays
 *  4 IPv6 never works
 *  5 a destination that is no plain address becomes a redirect to nowhere
 *  6 only the first address is taken
 *  7 the fallback is ignored
 *  8 log_level is never read
 *  9 replies are lost: clients off the subnet, behind a host route, outside the cluster
 * 10 CHECK sees nothing, a second ADD says nothing, DEL leaves table, forwarding and no default route, and there
 *    is no STATUS, no GC and no version after 0.4.0: also `cni-check.test.ts`, `cni-spec.test.ts`
 * 11 a live UDP flow keeps its old target after a change of the rules: `router-reload.test.ts`
 * 12 SECURITY: a host of the LAN reaches pods by way of the reserved address, and the router answers ARP for them
 * 13 SECURITY: a pod reaches any server as the reserved address by way of the router
 * 14 a rule for any port that comes first shadows those after it, and port 0 is taken
 * 15 nobody asks whether the reserved address has an owner: `cni-dad.test.ts`
 * 16 the node's own address cannot be reached through macvlan: still so, as the kernel wants it
 */

let net: Topology;

beforeAll(async () => {
  net = await Topology.make('defect');
});

afterAll(() => net?.remove());

/** An ADD that has to fail: with an error that a person can read, and a pod that is as it was. */
async function refused(pod: Pod, before: string, config: unknown, env?: Readonly<Record<string, string>>) {
  const finished = await net.cni('ADD', pod, config, env);
  const error: unknown = JSON.parse(finished.stdout);
  expect(finished).toMatchObject({ code: 1, stderr: '' });
  expect(error).toMatchObject({ code: expect.any(Number), msg: expect.stringMatching(/[a-z]{3}/) });
  expect(await net.snapshot(pod)).toBe(before);
  return error;
}

async function attached(config: unknown, shape?: Parameters<Topology['makePod']>[0]): Promise<Pod> {
  const pod = await net.makePod(shape);
  expect(await net.cni('ADD', pod, config)).toMatchObject({ code: 0, stderr: '' });
  return pod;
}

describe('1 to 3: what is wrong is said, and leaves nothing behind', () => {
  const { ip, ...withoutIp } = cnoConfig;
  const rows = [
    {
      defect: '1: a protocol that does not exist',
      config: { ...cnoConfig, ip: { ...ip, destinations: ['80 XYZ 203.0.113.25'] } },
      msg: 'Protocol "XYZ" in destination "80 XYZ 203.0.113.25" is none of TCP, UDP, SCTP.',
    },
    {
      defect: '1: a NIC that does not exist',
      config: { ...cnoConfig, interfaceArgs: { master: 'eth77' } },
      msg: expect.stringContaining('macvlan master "eth77" does not exist on this node'),
    },
    {
      defect: '1: an address that is none',
      config: { ...cnoConfig, ip: { ...ip, addresses: ['192.168.12.999/24'] } },
      msg: expect.stringContaining('192.168.12.999/24'),
    },
    {
      defect: '1: a gateway that is none',
      config: { ...cnoConfig, ip: { ...ip, gateway: 'router' } },
      msg: expect.stringContaining('router'),
    },
    {
      defect: '2: a gateway that the address cannot reach',
      config: { ...cnoConfig, ip: { ...ip, gateway: '10.9.9.9' } },
      msg: expect.stringContaining('10.9.9.9'),
    },
    { defect: '3: no ip', config: withoutIp, msg: expect.stringContaining('ip') },
    { defect: '3: ip of another kind', config: { ...cnoConfig, ip: 7 }, msg: expect.stringContaining('ip') },
    {
      defect: '3: no addresses',
      config: { ...cnoConfig, ip: { ...ip, addresses: [] } },
      msg: 'The network configuration lists no address for the router.',
    },
    {
      defect: '5: a destination with a prefix',
      config: { ...cnoConfig, ip: { ...ip, destinations: ['80 TCP 203.0.113.0/24'] } },
      msg: expect.stringContaining('203.0.113.0/24'),
    },
    {
      defect: '5: a destination by name',
      config: { ...cnoConfig, ip: { ...ip, destinations: ['80 TCP www.example.com'] } },
      msg: expect.stringContaining('www.example.com'),
    },
    {
      defect: '14: port 0',
      config: { ...cnoConfig, ip: { ...ip, destinations: ['0 TCP 203.0.113.25'] } },
      msg: 'Port "0" in destination "0 TCP 203.0.113.25" is not a number from 1 to 65535.',
    },
    {
      defect: "16: the node's own address as the router's",
      config: { ...cnoConfig, ip: { ...ip, addresses: ['192.168.12.10/24'] } },
      msg: expect.stringContaining("192.168.12.10 is the node's own"),
    },
  ];
  test.each(rows)('$defect', async ({ config, msg }) => {
    const pod = await net.makePod();
    const before = await net.snapshot(pod);
    expect(await refused(pod, before, config)).toMatchObject({ msg });
  });

  test('1: a namespace that does not exist', async () => {
    const pod = await net.makePod();
    const before = await net.snapshot(pod);
    const error = await refused(pod, before, cnoConfig, { CNI_NETNS: '/run/netns/none' });
    expect(error).toMatchObject({ msg: 'there is no network namespace at /run/netns/none' });
  });

  test('3: the other key for the addresses is understood, or refused by name', async () => {
    const pod = await net.makePod();
    const finished = await net.cni('ADD', pod, { ...withoutIp, ipConfig: ip });
    if (finished.code === 0)
      expect(await net.ask('client', 'tcp', pod.address, 80)).toMatchObject({ answer: {} });
    else expect(JSON.parse(finished.stdout)).toMatchObject({ code: 7, msg: expect.stringContaining('ip') });
    await net.cni('DEL', pod, cnoConfig);
  });
});

test('4: IPv6 works, alone and beside IPv4', async () => {
  const alone = {
    ...cnoConfig,
    ip: { addresses: ['fd12::a4/64'], gateway: 'fd12::1', destinations: ['8080 TCP 2001:db8::25 80'] },
  };
  const pod = await attached(alone);
  const answer = { answer: { peer: 'fd12::a4', server: '2001:db8::25/tcp/80' } };
  expect(await net.ask('client', 'tcp', pod.address6, 8080)).toEqual(answer);
  expect(await net.ask('remote', 'tcp', pod.address6, 8080)).toEqual(answer);
});

test('6: every address is taken', async () => {
  const addresses = ['192.168.12.101/24', '192.168.12.102/24', 'fd12::101/64'];
  const pod = await attached({ ...dualConfig, ip: { ...dualConfig.ip, addresses } });
  const [link] = JSON.parse(await net.run(pod.name, ['ip', '-j', 'address', 'show', 'dev', 'net1']));
  const found = link.addr_info.filter((entry: { scope: string }) => entry.scope === 'global');
  expect(found).toHaveLength(3);
  // Another host of the LAN finds each of them.
  for (const address of ['192.168.12.101', '192.168.12.102', 'fd12::101']) {
    await net.ask('mallory', 'udp', address, 9, 300);
    expect(await net.run('mallory', ['ip', 'neigh', 'show', address])).toContain(` lladdr ${link.address} `);
  }
  // Servers see the first one of their family.
  const seenAs = (peer: string): object => ({ answer: { peer } });
  expect(await net.ask('client', 'tcp', pod.address, 8080)).toMatchObject(seenAs('192.168.12.101'));
  expect(await net.ask('client', 'tcp', pod.address6, 8080)).toMatchObject(seenAs('fd12::101'));
});

test('7: the fallback takes what no rule names', async () => {
  const config = configFor('192.168.12.103', ['8080 TCP 203.0.113.26 80']);
  const pod = await attached({ ...config, ip: { ...config.ip, fallbackIP: '203.0.113.25' } });
  const peer = '192.168.12.103';
  expect(await net.ask('client', 'tcp', pod.address, 9000)).toEqual({
    answer: { peer, server: '203.0.113.25/tcp/9000' },
  });
  expect(await net.ask('client', 'udp', pod.address, 9000)).toEqual({
    answer: { peer, server: '203.0.113.25/udp/9000' },
  });
  expect(await net.ask('client', 'tcp', pod.address, 8080)).toEqual({
    answer: { peer, server: '203.0.113.26/tcp/80' },
  });
});

test('8: log_level is read', async () => {
  const pod = await net.makePod();
  const linesAt = async (log_level: string): Promise<readonly string[]> => {
    const log_file = `${net.folder}/log-${log_level}`;
    await net.cni('ADD', pod, { ...configFor('192.168.12.104'), log_level, log_file });
    await net.cni('DEL', pod, { ...configFor('192.168.12.104'), log_level, log_file });
    return (await net.run('node', ['sh', '-c', `cat ${log_file} 2>/dev/null || true`])).trim().split('\n');
  };
  expect((await linesAt('debug')).join('\n')).toContain(' debug ');
  expect((await linesAt('info')).join('\n')).not.toContain(' debug ');
  expect(await linesAt('error')).toEqual(['']);
});

describe('9: replies find their client', () => {
  test.each([
    { shape: 'subnet', address: '192.168.12.105' },
    { shape: 'host-route', address: '192.168.12.106' },
    { shape: 'no-default', address: '192.168.12.107' },
  ] as const)('of a pod with routes of the kind "$shape"', async ({ shape, address }) => {
    const pod = await attached(configFor(address), shape);
    const answer = { answer: { peer: address, server: '203.0.113.25/tcp/80' } };
    for (const client of ['client', 'remote', 'node']) {
      expect(await net.ask(client, 'tcp', pod.address, 8080), client).toEqual(answer);
    }
  });
});

test('10: ADD twice is an error, CHECK and DEL do what they are for, and there are newer versions', async () => {
  const pod = await net.makePod();
  const before = await net.snapshot(pod);
  const config = { ...configFor('192.168.12.108'), cniVersion: '1.1.0' };
  const added = await net.cni('ADD', pod, config);
  const prevResult = JSON.parse(added.stdout);
  const codeOf = (finished: Finished): unknown => JSON.parse(finished.stdout || '{}').code;
  expect(codeOf(await net.cni('ADD', pod, config))).toBe(101);
  expect(await net.cni('CHECK', pod, { ...config, prevResult })).toMatchObject({ code: 0 });
  await net.run(pod.name, ['ip', 'link', 'del', 'net1']);
  expect(codeOf(await net.cni('CHECK', pod, { ...config, prevResult }))).toBe(102);
  for (const command of ['STATUS', 'GC', 'DEL']) {
    expect(await net.cni(command, pod, config)).toEqual({ code: 0, stdout: '', stderr: '' });
  }
  expect(await net.snapshot(pod)).toBe(before);
});

describe('12 and 13: who routes by the router gets nowhere', () => {
  let pod: Pod;

  beforeAll(async () => {
    pod = await attached({
      ...dualConfig,
      ip: { ...dualConfig.ip, addresses: ['192.168.12.109/24', 'fd12::109/64'] },
    });
    await net.serve('client', '10.128.0.7/tcp/7000', '10.128.0.7/udp/7000', 'fd10:128::7/tcp/7000');
  });

  test('12: a host of the LAN reaches no pod by way of the reserved address', async () => {
    expect(await net.ask('node', 'tcp', '10.128.0.7', 7000)).toMatchObject({ answer: {} });
    const ways = ['10.128.0.0/24 via 192.168.12.109', 'fd10:128::/64 via fd12::109'];
    await net.ip('mallory', ...ways.map((way) => `route add ${way}`));
    for (const [protocol, address] of [
      ['tcp', '10.128.0.7'],
      ['udp', '10.128.0.7'],
      ['tcp', 'fd10:128::7'],
    ] as const) {
      expect(await net.ask('mallory', protocol, address, 7000, 500)).toEqual({ error: 'TIMEOUT' });
    }
    await net.ip('mallory', ...ways.map((way) => `route del ${way}`));
  });

  test('12: the router speaks for its own address only', async () => {
    await net.ip('mallory', 'address add 10.128.0.66/24 dev lan0');
    for (const address of [pod.address, '10.128.0.7']) {
      await net.ask('mallory', 'udp', address, 9, 500);
      expect(await net.run('mallory', ['ip', 'neigh', 'show', address])).toMatch(/FAILED|INCOMPLETE/);
    }
    await net.ip('mallory', 'address del 10.128.0.66/24 dev lan0');
  });

  test('13: a pod reaches no server by way of the router', async () => {
    const capture = await net.capture('src host 192.168.12.109 and dst host 203.0.113.26');
    await net.ip('client', `route add 203.0.113.0/24 via ${pod.address}`);
    expect(await net.ask('client', 'tcp', '203.0.113.26', 80)).toEqual({ error: 'EHOSTUNREACH' });
    // The client's port of a rule is not that of a server.
    expect(await net.ask('client', 'tcp', '203.0.113.26', 8080)).toEqual({ error: 'EHOSTUNREACH' });
    expect(await net.ask('client', 'udp', '203.0.113.26', 53)).toEqual({ error: 'EHOSTUNREACH' });
    await net.ip('client', 'route del 203.0.113.0/24');
    expect(await net.ask('client', 'tcp', pod.address, 8080)).toMatchObject({ answer: {} });
    expect(capture.output).not.toContain('203.0.113.26');
  });
});

test('14: the order of the rules has no meaning', async () => {
  // An address alone is the fallback, wherever it stands.
  const config = configFor('192.168.12.110', ['203.0.113.25', '8080 TCP 203.0.113.26 80']);
  const pod = await attached(config);
  const peer = '192.168.12.110';
  expect(await net.ask('client', 'tcp', pod.address, 8080)).toEqual({
    answer: { peer, server: '203.0.113.26/tcp/80' },
  });
  expect(await net.ask('client', 'tcp', pod.address, 9000)).toEqual({
    answer: { peer, server: '203.0.113.25/tcp/9000' },
  });
});

test('16: a rule that leads to the node itself stays without answer, and disturbs no other', async () => {
  // The kernel passes nothing between a macvlan and the NIC below it; a server on that NIC is on no LAN for us.
  await net.serve('node', '192.168.12.10/tcp/7100');
  const rules = ['7100 TCP 192.168.12.10', '8080 TCP 203.0.113.25 80'];
  const pod = await attached(configFor('192.168.12.111', rules));
  expect(await net.ask('mallory', 'tcp', '192.168.12.10', 7100)).toMatchObject({ answer: {} });
  expect(await net.ask('client', 'tcp', pod.address, 7100, 1000)).toEqual({ error: 'TIMEOUT' });
  expect(await net.ask('client', 'tcp', pod.address, 8080)).toMatchObject({ answer: {} });
});
