import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attempt, Background } from './command.ts';
import { cnoConfig } from './netconfs.ts';
import { type Pod, Topology } from './topology.ts';

// What TCP and UDP of the usual size do not show: SCTP, and packets that are too large for a link on their way.

/** A program that speaks SCTP by itself, as a kernel need not have it: Debian package libusrsctp-examples. */
const tsctp = '/usr/lib/usrsctp/tsctp';
/** Port 0: SCTP on IP, not within UDP. */
const onIp = ['-E', '0', '-U', '0'];
const [echoServer, echoClient] = ['/usr/lib/usrsctp/echo_server', '/usr/lib/usrsctp/client'];
const bulk = [process.execPath, path.join(import.meta.dirname, 'bulk.ts')];
const config = {
  ...cnoConfig,
  ip: {
    addresses: ['192.168.12.99/24', 'fd12::99/64'],
    gateway: ['192.168.12.1', 'fd12::1'],
    destinations: [
      '5000 SCTP 203.0.113.25 5001',
      '5000 SCTP 2001:db8::25 7',
      '7200 TCP 203.0.113.25 7300',
      '7200 TCP 2001:db8::25 7300',
    ],
  },
};

let net: Topology;
const servers: Background[] = [];

beforeAll(async () => {
  net = await Topology.make('pkt');
});

afterAll(async () => {
  for (const server of servers) await server.stop();
  await net?.remove();
});

async function startServer(argv: readonly string[], ready: RegExp): Promise<Background> {
  const server = await Background.start(net.inside('srv', argv), ready);
  servers.push(server);
  return server;
}

describe.skipIf(!existsSync(tsctp))('SCTP', () => {
  let pod: Pod;
  let server: Background;

  beforeAll(async () => {
    pod = await net.makePod();
    expect(await net.cni('ADD', pod, config)).toMatchObject({ code: 0, stderr: '' });
    const argv = ['stdbuf', '-oL', tsctp, ...onIp, '-L', '203.0.113.25', '-p', '5001', '-v'];
    server = await startServer(argv, /Receive buffer size/);
  });

  afterAll(() => net.cni('DEL', pod, config));

  const send = (port: number, router = pod): readonly string[] => {
    const ten = ['-n', '10', '-l', '400'];
    return ['timeout', '3', tsctp, ...onIp, '-p', String(port), ...ten, router.address];
  };

  test.each(['client', 'remote'])(
    'an association from %s comes through, as the reserved address',
    async (from) => {
      const before = server.output.length;
      expect(await attempt(net.inside(from, send(5000)))).toMatchObject({ code: 0 });
      // The last line: the length of the messages, how many, in how many calls, how many bytes.
      await server.printed(/^400, 10, [0-9]+, 4000/m);
      expect(server.output.slice(before)).toContain('Connection accepted from 192.168.12.99:');
    },
  );

  test.each(['client', 'remote'])('and so does one from %s over IPv6', async (from) => {
    // Of the same package; these two speak IPv6. The server is up at once, and what comes before is sent again.
    const echo = await startServer(['sh', '-c', 'echo starts; exec stdbuf -oL "$0"', echoServer], /starts/);
    const call = `echo hello | timeout 10 stdbuf -oL ${echoClient} ${pod.address6} 5000 0`;
    expect(await attempt(net.inside(from, ['sh', '-c', call]))).toMatchObject({
      stdout: expect.stringContaining('SCTP_COMM_UP'),
    });
    expect(await echo.printed(/^Msg of length 6 received from .*$/m)).toContain('received from fd12::99:');
    await echo.stop();
  });

  test('an association without a rule goes to the fallback, same port', async () => {
    const other = await net.makePod();
    const ip = { addresses: ['192.168.12.98/24'], gateway: '192.168.12.1', fallbackIP: '203.0.113.25' };
    expect(await net.cni('ADD', other, { ...config, ip })).toMatchObject({ code: 0, stderr: '' });
    const before = server.output.length;
    expect(await attempt(net.inside('client', send(5001, other)))).toMatchObject({ code: 0 });
    await expect.poll(() => server.output.slice(before)).toMatch(/^400, 10, [0-9]+, 4000/m);
    expect(server.output.slice(before)).toContain('Connection accepted from 192.168.12.98:');
    await net.cni('DEL', other, config);
  });

  test('a port that is not declared is rejected', async () => {
    const capture = await net.capture('ip proto 132 and dst port 5002');
    expect(await attempt(net.inside('client', send(5002)))).not.toMatchObject({ code: 0 });
    const counter = await net.run(pod.name, ['nft', 'list', 'counter', 'inet', 'egress_router', 'rejected']);
    expect(counter).toMatch(/packets [1-9]/);
    expect(capture.output).not.toContain('sctp');
  });
});

describe.each([4, 6] as const)('packets that are too large, IPv%s', (family) => {
  const toServers = `${family === 4 ? '203.0.113.0/24' : '2001:db8::/64 metric 256'} dev wan0 proto kernel`;
  const addressOf = (pod: Pod): string => (family === 4 ? pod.address : pod.address6);

  beforeAll(async () => {
    await startServer([...bulk, 'serve', family === 4 ? '203.0.113.25' : '2001:db8::25', '7300'], /^ready$/m);
  });

  /** What is known to the client's kernel of the way to the router, once 300 kB have gone there and back. */
  async function mtuAfterTransfer(pod: Pod, client: string): Promise<number | undefined> {
    const address = addressOf(pod);
    const echoed = await net.run(client, ['timeout', '20', ...bulk, 'send', address, '7200', '300000']);
    expect(echoed).toBe('300000\n');
    return await mtuTo(client, address);
  }

  async function mtuTo(from: string, address: string): Promise<number | undefined> {
    const [route] = JSON.parse(await net.run(from, ['ip', '-j', '-d', 'route', 'get', address]));
    return route.metrics?.[0]?.mtu;
  }

  test.each(['client', 'remote'])('a narrow link behind the gateway: %s learns of it', async (client) => {
    const pod = await net.makePod();
    expect(await net.cni('ADD', pod, config)).toMatchObject({ code: 0, stderr: '' });
    expect(await mtuAfterTransfer(pod, client)).toBeUndefined();
    await net.ip('gw', `route replace ${toServers} mtu 1300`);
    expect(await mtuAfterTransfer(pod, client)).toBe(1300);
    await net.ip('gw', `route replace ${toServers}`);
    await net.cni('DEL', pod, config);
  });

  test('a narrow network of the cluster: the server learns of it', async () => {
    const pod = await net.makePod();
    expect(await net.cni('ADD', pod, config)).toMatchObject({ code: 0, stderr: '' });
    // As of a network in a tunnel. The client is on another one, whose packets are as large as the server's.
    await net.ip(pod.name, 'link set dev eth0 mtu 1300');
    await net.ip('node', `link set dev p-${pod.name} mtu 1300`);
    await mtuAfterTransfer(pod, 'remote');
    expect(await mtuTo('srv', family === 4 ? '192.168.12.99' : 'fd12::99')).toBe(1300);
    // The node's bridge is as narrow as its ports, and what the server has learned holds for the next router, too.
    await net.ip('node', `link set dev p-${pod.name} mtu 1500`);
    await net.ip('srv', 'route flush cache');
    await net.run('srv', ['ip', '-6', 'route', 'flush', 'cache']);
    await net.cni('DEL', pod, config);
  });

  test('a datagram in pieces reaches its server, and so does the answer', async () => {
    const pod = await net.makePod();
    const [server, port] = [family === 4 ? '203.0.113.25' : '2001:db8::25', 7400];
    const argv = [process.execPath, path.join(import.meta.dirname, 'datagram.ts')];
    await startServer([...argv, 'serve', server, String(port)], /^ready$/m);
    const ip = { ...config.ip, destinations: [`7400 UDP ${server}`] };
    expect(await net.cni('ADD', pod, { ...config, ip })).toMatchObject({ code: 0, stderr: '' });
    for (const client of ['client', 'remote']) {
      const echoed = await net.run(client, [...argv, 'send', addressOf(pod), String(port), '4000']);
      expect(echoed).toBe(`4000 from ${family === 4 ? '192.168.12.99' : 'fd12::99'}\n`);
    }
    await net.cni('DEL', pod, config);
  });

  test('an MTU of the router’s own interface: the client learns of it', async () => {
    const pod = await net.makePod();
    const narrow = { ...config, interfaceArgs: { mtu: '1400' } };
    expect(await net.cni('ADD', pod, narrow)).toMatchObject({ code: 0, stderr: '' });
    expect(await mtuAfterTransfer(pod, 'client')).toBe(1400);
    await net.cni('DEL', pod, config);
  });
});
