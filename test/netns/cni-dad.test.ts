import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run, until } from './command.ts';
import { type Pod, Topology } from './topology.ts';

let net: Topology;
let pod: Pod;
let before: string;

beforeAll(async () => {
  net = await Topology.make('dad');
  pod = await net.makePod();
  before = await net.snapshot(pod);
});

afterAll(() => net?.remove());

/** A router that claims these addresses, of the LAN's networks. */
function claiming(addresses: readonly string[], more: object = {}): object {
  const destinations = addresses.map((address) =>
    address.includes(':') ? '8080 TCP 2001:db8::25 80' : '8080 TCP 203.0.113.25 80',
  );
  const ip = { addresses, destinations: [...new Set(destinations)] };
  return { cniVersion: '1.0.0', type: 'egress-router', name: 'n', ip, ...more };
}

async function macOf(owner: string, link: string): Promise<string> {
  const [shown] = JSON.parse(await net.run(owner, ['ip', '-j', 'link', 'show', link]));
  return shown.address;
}

test.each(['192.168.12.66', 'fd12::66'])(
  '%s of another machine is refused, naming that machine',
  async (ip) => {
    const config = claiming([ip.includes(':') ? `${ip}/64` : `${ip}/24`]);
    const mallory = await macOf('mallory', 'lan0');
    const added = await net.cni('ADD', pod, config);
    expect(added.code).toBe(1);
    expect(JSON.parse(added.stdout)).toEqual({
      cniVersion: '1.0.0',
      code: 103,
      msg: `address ${ip} is in use: ${mallory} on the network of enp1s0 answers for it`,
    });
    expect(await net.snapshot(pod)).toBe(before);
    // Nobody has learned the address from the question, and its owner goes on with it.
    const neighbors = await net.run('gw', ['ip', 'neigh', 'show', ip]);
    expect(neighbors === '' || neighbors.includes(mallory)).toBe(true);
  },
);

test('so is that of another router on the node, and all owners are named', async () => {
  const first = await net.makePod();
  await net.cni('ADD', first, claiming(['192.168.12.99/24']));
  const [router, mallory] = [await macOf(first.name, 'net1'), await macOf('mallory', 'lan0')];
  const added = await net.cni('ADD', pod, claiming(['192.168.12.99/24', 'fd12::66/64']));
  const { code, msg } = JSON.parse(added.stdout);
  expect(code).toBe(103);
  for (const mac of [router, mallory]) expect(msg).toContain(`${mac} on the network of enp1s0`);
  expect(await net.snapshot(pod)).toBe(before);
  await net.cni('DEL', first, claiming(['192.168.12.99/24']));
});

test('a free address is asked for as RFC 5227 has it, then claimed and announced', async () => {
  const config = claiming(['192.168.12.99/24', 'fd12::99/64']);
  const capture = await net.capture('arp or icmp6');
  const started = performance.now();
  expect(await net.cni('ADD', pod, config)).toMatchObject({ code: 0, stderr: '' });
  expect(performance.now() - started).toBeGreaterThan(100);
  const seen = await capture.printed(/tell 192\.168\.12\.99,[^]*advertisement, tgt is fd12::99/);
  await capture.stop();
  const senders = [...seen.matchAll(/who-has 192\.168\.12\.99 tell (\S+),/g)].map(([, sender]) => sender);
  const claim = senders.indexOf('192.168.12.99');
  expect(claim).toBeGreaterThanOrEqual(3);
  expect(new Set(senders.slice(0, claim))).toEqual(new Set(['0.0.0.0']));
  const solicitations = /neighbor solicitation, who has fd12::99/g;
  const [asked = ''] = seen.split('tell 192.168.12.99,');
  expect([...asked.matchAll(solicitations)].length).toBeGreaterThanOrEqual(2);
  expect(await net.cni('CHECK', pod, { ...config, prevResult: {} })).toMatchObject({ code: 0 });
  await net.cni('DEL', pod, config);
  expect(await net.snapshot(pod)).toBe(before);
});

test('all that needs no address is made meanwhile, and nothing is claimed', async () => {
  const config = claiming(['192.168.12.99/24', 'fd12::99/64'], { dad: { timeoutMs: 5000 } });
  const state = () =>
    net.run(pod.name, ['sh', '-c', 'nft list tables; ip -o link show type macvlan; ip -o address show']);
  const adding = net.cni('ADD', pod, config);
  let seen = '';
  await until(
    async () => {
      seen = await state();
      return seen.includes('table inet egress_router') && /: ert-[0-9]+@/.test(seen);
    },
    4000,
    () => seen,
  );
  expect(seen).not.toMatch(/192\.168\.12\.99|fd12::99/);
  expect(await adding).toMatchObject({ code: 0 });
  expect(await state()).toContain(' 192.168.12.99/24 ');
  await net.cni('DEL', pod, config);
  expect(await net.snapshot(pod)).toBe(before);
});

test('with a time of 0 nobody is asked, and the address is announced all the same', async () => {
  const config = claiming(['192.168.12.66/24', 'fd12::66/64'], { dad: { timeoutMs: 0 } });
  const capture = await net.capture('arp or icmp6');
  expect(await net.cni('ADD', pod, config)).toMatchObject({ code: 0, stderr: '' });
  const seen = await capture.printed(/tell 192\.168\.12\.66,[^]*advertisement, tgt is fd12::66/);
  await capture.stop();
  expect(seen).not.toMatch(/tell 0\.0\.0\.0/);
  await net.cni('DEL', pod, config);
  expect(await net.snapshot(pod)).toBe(before);
});

test.each(['192.168.12.99/24', 'fd12::99/64'])(
  'a pod on another node that claims %s while it is asked for is heard',
  async (address) => {
    const other = await net.makePod();
    const capture = await net.capture('arp or icmp6');
    const asking = net.cni('ADD', pod, claiming([address], { dad: { timeoutMs: 3000 } }));
    await capture.printed(/tell 0\.0\.0\.0|who has fd12::99/);
    const claimed = claiming([address], { dad: { timeoutMs: 0 } });
    expect(await net.cni('ADD', other, claimed, {}, '/', 'mallory')).toMatchObject({ code: 0 });
    await capture.stop();
    expect(JSON.parse((await asking).stdout)).toMatchObject({ code: 103 });
    await net.cni('DEL', other, claimed);
    expect(await net.snapshot(pod)).toBe(before);
  },
);

test.each(['192.168.12.99/24', 'fd12::99/64'])(
  'of two pods on two nodes that begin to ask for %s in the same moment, both are to try again',
  async (address) => {
    const other = await net.makePod();
    const ip = address.split('/')[0];
    const config = claiming([address], { dad: { timeoutMs: 400 } });
    const results = await Promise.all([
      net.cni('ADD', pod, config),
      net.cni('ADD', other, config, {}, '/', 'mallory'),
    ]);
    for (const { stdout } of results) {
      expect(JSON.parse(stdout)).toMatchObject({
        code: 11,
        msg: expect.stringMatching(
          new RegExp(
            `^address ${ip} is being asked for by another machine at this moment, by MAC [0-9a-f:]{17}$`,
          ),
        ),
      });
    }
    expect(await net.snapshot(pod)).toBe(before);
    expect(await net.cni('ADD', pod, config)).toMatchObject({ code: 0 });
    await net.cni('DEL', pod, config);
    expect(await net.snapshot(pod)).toBe(before);
  },
);

test('of two pods that begin in the same moment one gets the address, and the other may try again', async () => {
  const other = await net.makePod();
  const config = claiming(['192.168.12.99/24', 'fd12::99/64']);
  const pods = [pod, other];
  for (let round = 0; round < 5; round += 1) {
    const results = await Promise.all(pods.map((one) => net.cni('ADD', one, config)));
    expect(results.filter(({ code }) => code === 0)).toHaveLength(1);
    const refused = results.findIndex(({ code }) => code !== 0);
    const { code, msg } = JSON.parse(results[refused]?.stdout ?? '');
    // The one that comes a little later hears the other.
    expect([11, 103]).toContain(code);
    expect(msg).toMatch(/address (192\.168\.12\.99|fd12::99)/);
    const again = await net.cni('ADD', pods[refused] ?? pod, config);
    expect(JSON.parse(again.stdout)).toMatchObject({ code: 103 });
    for (const one of pods) await net.cni('DEL', one, config);
  }
  const node = (await net.run('node', ['stat', '-L', '-c', '%i', '/proc/self/ns/net'])).trim();
  expect((await readdir('/run')).filter((name) => name.includes(`egress-router-cni-${node}`))).toEqual([]);
  expect(await net.snapshot(pod)).toBe(before);
});

test('where the node lacks the means, ADD says so and goes on', async () => {
  const folder = path.join(net.folder, 'old-ip');
  await mkdir(folder);
  const real = (await run(['sh', '-c', 'command -v ip'])).trim();
  const script = `#!/bin/sh
[ "$*" = "-batch -" ] || exec ${real} "$@"
lines=$(cat)
case "$lines" in *neigh*) echo 'Error: either "to" is duplicate, or "use" is a garbage.' >&2; exit 1;; esac
echo "$lines" | exec ${real} "$@"
`;
  await writeFile(path.join(folder, 'ip'), script);
  await chmod(path.join(folder, 'ip'), 0o755);
  const config = claiming(['192.168.12.99/24']);
  const added = await net.cni('ADD', pod, config, { PATH: `${folder}:${process.env['PATH']}` });
  expect(added.code).toBe(0);
  expect(added.stderr).toBe(
    'egress-router: cannot look for other owners of the addresses: cannot use the neighbor table: ' +
      'Error: either "to" is duplicate, or "use" is a garbage.\n',
  );
  await net.cni('DEL', pod, config);
  expect(await net.snapshot(pod)).toBe(before);
});

test('in mode passthru, in which a NIC has one link only, it is asked before', async () => {
  const passthru = { interfaceArgs: { mode: 'passthru', master: 'enp1s0' } };
  const refused = await net.cni('ADD', pod, claiming(['192.168.12.66/24'], passthru));
  expect(JSON.parse(refused.stdout)).toMatchObject({ code: 103 });
  expect(await net.snapshot(pod)).toBe(before);
  const config = claiming(['192.168.12.99/24'], passthru);
  expect(await net.cni('ADD', pod, config)).toMatchObject({ code: 0, stderr: '' });
  await net.cni('DEL', pod, config);
  expect(await net.snapshot(pod)).toBe(before);
});
