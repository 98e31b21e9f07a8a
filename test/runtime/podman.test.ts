import { afterAll, beforeAll, expect, test } from 'vitest';
import { cnoConfig } from '../netns/netconfs.ts';
import { Topology } from '../netns/topology.ts';
import { Podman } from './podman.ts';

const { cniVersion: _, name: __, ...plugin } = cnoConfig;

let net: Topology;
let podman: Podman;

beforeAll(async () => {
  net = await Topology.make('podman');
  podman = await Podman.make(net);
});

afterAll(async () => {
  await podman?.remove();
  await net?.remove();
});

test('a container gets its router from podman, traffic flows, and its end leaves nothing', async () => {
  const log_file = `${net.folder}/router.log`;
  await podman.network('router', { ...plugin, log_file, log_level: 'info' });
  expect(await podman.run('router', 'router', ['/usr/bin/sleep', '600'])).toMatchObject({ code: 0 });
  const inspected = await podman.podman('inspect', '--format', '{{json .NetworkSettings}}', 'router');
  const { Networks, SandboxKey } = JSON.parse(inspected.stdout);
  // What podman knows of the router's interface is our result.
  expect(Networks.router).toMatchObject({
    IPAddress: '192.168.12.99',
    IPPrefixLen: 24,
    Gateway: '192.168.12.1',
    MacAddress: expect.stringMatching(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/),
  });
  const address = Networks.cluster.IPAddress;
  const answerOf = (server: string): unknown => ({ answer: { peer: '192.168.12.99', server } });
  expect(await net.ask('client', 'tcp', address, 80)).toEqual(answerOf('203.0.113.25/tcp/80'));
  expect(await net.ask('remote', 'tcp', address, 8080)).toEqual(answerOf('203.0.113.26/tcp/80'));
  expect(await net.ask('client', 'udp', address, 8053)).toEqual(answerOf('203.0.113.26/udp/53'));
  expect(await net.ask('client', 'tcp', address, 81)).toEqual({ error: 'ECONNREFUSED' });

  expect(SandboxKey).toMatch(/^\/run\/netns\//);
  expect(await podman.podman('rm', '--force', '--time=0', 'router')).toMatchObject({ code: 0 });
  const log = await net.run('node', ['cat', log_file]);
  expect(log.trim().split('\n').at(-1)).toMatch(/ info DEL [0-9a-f]{64} net1: done$/);
  // But for the turns in which podman did not have the cluster's network first.
  const errors = log.split('\n').filter((line) => line.includes(' error '));
  expect(errors.filter((line) => !line.endsWith(' cluster-interface-missing'))).toEqual([]);
  expect(await net.run('node', ['ip', '-d', 'link', 'show', 'type', 'macvlan'])).toBe('');
});

test.each([
  {
    fault: 'a NIC that does not exist',
    config: { interfaceArgs: { master: 'enp9s9' } },
    said: 'macvlan master "enp9s9" does not exist on this node (it has: enp1s0, cni0, remote0)',
  },
  {
    fault: 'a rule with a protocol that does not exist',
    config: { ip: { ...plugin.ip, destinations: ['80 ICMP 203.0.113.25'] } },
    said: 'Protocol "ICMP" in destination "80 ICMP 203.0.113.25" is none of TCP, UDP, SCTP.',
  },
])('who runs podman reads what is wrong: $fault', async ({ config, said }) => {
  await podman.network('faulty', { ...plugin, ...config });
  const started = await podman.run('faulty', 'faulty', ['/usr/bin/sleep', '600']);
  expect(started.code).not.toBe(0);
  expect(started.stderr).toContain(
    `plugin type="egress-router" failed (add): cni plugin egress-router failed: ${said}`,
  );
  await podman.podman('rm', '--force', '--time=0', 'faulty');
});
