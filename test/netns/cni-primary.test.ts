import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cnoConfig } from './netconfs.ts';
import { type Pod, type PodShape, Topology } from './topology.ts';

// Whatever routes the primary CNI gave the pod, and whatever Multus does with them before or after our ADD: real
// traffic both ways, in both families.

let net: Topology;

beforeAll(async () => {
  net = await Topology.make('prim');
  // A client of no network of the cluster, as a load balancer lets through: it comes by way of the node.
  await net.ip(
    'node',
    'address add 198.51.100.1/24 dev remote0',
    'address add 2001:db8:51::1/64 dev remote0 nodad',
  );
  await net.ip(
    'remote',
    'address add 198.51.100.9/24 dev eth0',
    'address add 2001:db8:51::9/64 dev eth0 nodad',
  );
  await net.serve('client', '10.128.0.7/tcp/7000', 'fd10:128::7/tcp/7000');
});

afterAll(() => net?.remove());

/** Which of its addresses the client behind the node shows. */
async function showRemoteAs(kind: 'of the cluster' | 'from outside'): Promise<void> {
  const isOutside = kind === 'from outside';
  await net.ip(
    'remote',
    `route replace default via ${isOutside ? '198.51.100.1 src 198.51.100.9' : '10.201.0.1 src 10.201.0.9'}`,
    `route replace default via ${isOutside ? '2001:db8:51::1 src 2001:db8:51::9' : 'fd10:201::1 src fd10:201::9'}`,
  );
}

const shapes: readonly { readonly shape: PodShape; readonly host: number }[] = [
  { shape: 'subnet', host: 0x31 },
  { shape: 'host-route', host: 0x32 },
  { shape: 'subnets', host: 0x33 },
  { shape: 'no-default', host: 0x34 },
];
const moments = ['as ADD left it', 'after Multus has made net1 the default'] as const;

describe.each(shapes)('routes of the kind "$shape"', ({ shape, host }) => {
  const reserved = { 4: `192.168.12.${host}`, 6: `fd12::${host}` } as const;
  const servers = { 4: '203.0.113.25/tcp/80', 6: '2001:db8::25/tcp/80' } as const;
  let pod: Pod;

  beforeAll(async () => {
    pod = await net.makePod(shape);
    await net.serve(pod.name, '0.0.0.0/tcp/9410', '::/tcp/9411');
    const added = await net.cni('ADD', pod, {
      ...cnoConfig,
      ip: {
        addresses: [`${reserved[4]}/24`, `${reserved[6]}/64`],
        gateway: ['192.168.12.1', 'fd12::1'],
        destinations: [
          '8080 TCP 203.0.113.25 80',
          '8053 UDP 203.0.113.26 53',
          '8080 TCP 2001:db8::25 80',
          '8053 UDP 2001:db8::25 53',
        ],
      },
      localPorts: ['9410 TCP', '9411 TCP'],
    });
    expect(added).toMatchObject({ code: 0, stderr: '' });
  });

  describe.each(moments)('%s', (moment) => {
    beforeAll(async () => {
      if (moment === 'as ADD left it') return;
      for (const way of [
        '-4 route replace default via 192.168.12.1',
        '-6 route replace default via fd12::1',
      ]) {
        await net.run(pod.name, ['ip', ...way.split(' '), 'dev', 'net1']);
      }
      await net.run(pod.name, [
        'sh',
        '-c',
        'ip route del default dev eth0; ip -6 route del default dev eth0; true',
      ]);
    });

    test.each([4, 6] as const)('IPv%s: clients are answered, wherever they are', async (family) => {
      const address = family === 4 ? pod.address : pod.address6;
      const answer = { answer: { peer: reserved[family], server: servers[family] } };
      for (const client of ['client', 'node', 'remote']) {
        expect(await net.ask(client, 'tcp', address, 8080), client).toEqual(answer);
      }
      expect(await net.ask('remote', 'udp', address, 8053)).toMatchObject({
        answer: { peer: reserved[family] },
      });
      await showRemoteAs('from outside');
      expect(await net.ask('remote', 'tcp', address, 8080), 'from outside').toEqual(answer);
      await showRemoteAs('of the cluster');
    });

    test.each([4, 6] as const)("IPv%s: the pod's own ports answer the cluster", async (family) => {
      const address = family === 4 ? pod.address : pod.address6;
      const port = family === 4 ? 9410 : 9411;
      expect(await net.ask('node', 'tcp', address, port)).toMatchObject({ answer: {} });
      expect(await net.ask('client', 'tcp', address, port)).toMatchObject({ answer: {} });
      const peer = family === 4 ? '10.201.0.9' : 'fd10:201::9';
      expect(await net.ask('remote', 'tcp', address, port)).toMatchObject({ answer: { peer } });
    });

    test("the pod's own connections go out by the gateway", async () => {
      for (const family of [4, 6] as const) {
        const target = family === 4 ? '203.0.113.25' : '2001:db8::25';
        const answer = { answer: { peer: reserved[family], server: servers[family] } };
        expect(await net.ask(pod.name, 'tcp', target, 80)).toEqual(answer);
      }
    });

    // Where the one route of the pod is the default, nothing tells the cluster from the rest of the world.
    if (shape === 'host-route') return;
    test('those into the cluster stay there', async () => {
      for (const peer of [pod.address, pod.address6]) {
        const target = peer.includes(':') ? 'fd10:128::7' : '10.128.0.7';
        expect(await net.ask(pod.name, 'tcp', target, 7000)).toMatchObject({ answer: { peer } });
      }
    });
  });

  test('DEL gives the routes back', async () => {
    const fresh = await net.makePod(shape);
    const asMade = await net.snapshot(fresh);
    const config = { ...cnoConfig, ip: { ...cnoConfig.ip, addresses: [`192.168.12.${host + 100}/24`] } };
    expect(await net.cni('ADD', fresh, config)).toMatchObject({ code: 0 });
    expect(await net.cni('DEL', fresh, config)).toMatchObject({ code: 0 });
    expect(await net.snapshot(fresh)).toBe(asMade);
  });
});
