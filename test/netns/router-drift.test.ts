import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from './command.ts';
import { digestOf, KeptRouter } from './kept-router.ts';
import { makeOlder, olderTables } from './older-table.ts';
import { Topology } from './topology.ts';

const config = {
  cniVersion: '1.0.0',
  name: 'egress-router-cni-nad',
  type: 'egress-router',
  ip: {
    addresses: ['192.168.12.99/24', 'fd12::99/64'],
    gateway: ['192.168.12.1', 'fd12::1'],
    destinations: ['8080 TCP 203.0.113.25 80', '8081 TCP 203.0.113.26 80', '8080 TCP 2001:db8::25 80'],
    fallbackIP: '203.0.113.25',
  },
  localPorts: ['9410 TCP'],
};

const rules = ['4', '6'].flatMap((family) =>
  [1000, 1001, 1002, 1003, 1004, 1005].map((priority) => [family, priority] as const),
);

let topology: Topology;
let router: KeptRouter;

beforeAll(async () => {
  topology = await Topology.make('drift');
  router = await KeptRouter.make(topology, config);
});

afterAll(async () => {
  await router.close();
  await topology.remove();
});

test.each([
  ['an interface that is down', 'link', [['ip', 'link', 'set', 'net1', 'down']], [/interface net1 was down/]],
  [
    'addresses',
    'address',
    ['192.168.12.99/24', 'fd12::99/64'].map((address) => ['ip', 'address', 'del', address, 'dev', 'net1']),
    [/net1 lacked the address 192\.168\.12\.99\/24/, /net1 lacked the address fd12::99\/64/],
  ],
  [
    'routes',
    'route',
    [
      ['ip', 'route', 'replace', 'default', 'via', '10.128.0.1', 'dev', 'eth0', 'table', '7101'],
      ['ip', '-6', 'route', 'del', 'default', 'table', '7101'],
      ['ip', 'route', 'del', '192.168.12.1', 'dev', 'net1'],
      ['ip', 'route', 'flush', 'table', '7102'],
      ['ip', '-6', 'route', 'flush', 'table', '7102'],
    ],
    [
      /the IPv4 route "default via 192\.168\.12\.1 dev net1 table 7101" was missing/,
      /the IPv6 route "default via fd12::1 dev net1 table 7101" was missing/,
      /the IPv4 route "192\.168\.12\.1 dev net1" was missing/,
      /the IPv4 route "default via 10\.128\.0\.1 dev eth0 table 7102" was missing/,
      /the IPv6 route "default via fd10:128::1 metric 1024 dev eth0 table 7102" was missing/,
    ],
  ],
  [
    'rules',
    'rule',
    rules.map(([family, priority]) => ['ip', `-${family}`, 'rule', 'del', 'pref', String(priority)]),
    rules.map(([family, priority]) => new RegExp(`the IPv${family} rule "pref ${priority} .*" was missing`)),
  ],
  ['the table', 'nft', nft('delete table inet egress_router'), [/the table was missing/]],
  [
    'the rules of a chain',
    'nft',
    nft('flush chain inet egress_router forward'),
    [/differed: chain forward$/m],
  ],
  [
    'a chain that is open',
    'nft',
    nft('chain inet egress_router forward { policy accept; }'),
    [/differed: chain forward$/m],
  ],
  [
    'a rule that lets everything pass',
    'nft',
    nft('insert rule inet egress_router forward accept'),
    [/differed: chain forward$/m],
  ],
  [
    'a chain that is missing',
    'nft',
    nft('delete chain inet egress_router input'),
    [/differed: chain input$/m],
  ],
  [
    'a chain at another hook',
    'nft',
    nft(
      'delete chain inet egress_router input',
      'add chain inet egress_router input { type filter hook output priority 0; }',
    ),
    [/differed: chain input, table egress_router as a whole$/m],
  ],
  [
    'a target',
    'nft',
    nft('delete element inet egress_router dnat4 { 6 . 8080 }'),
    [/differed: dnat4 \{ 6 \. 8080 \}$/m],
  ],
  [
    'a target that leads elsewhere',
    'nft',
    nft(
      'delete element inet egress_router dnat4 { 6 . 8080 }',
      'add element inet egress_router dnat4 { 6 . 8080 : 203.0.113.66 . 80 }',
    ),
    [/differed: dnat4 \{ 6 \. 8080 \}, rule4 \{ 6 \. 8080 \}, passing \{ 270224 \}/],
  ],
  [
    'a target without a rule',
    'nft',
    nft('add element inet egress_router dnat4 { 6 . 99 : 203.0.113.66 . 80 }'),
    [/differed: dnat4 \{ 6 \. 99 \}$/m],
  ],
  [
    'what the router never writes',
    'nft',
    nft('add element inet egress_router dnat4 { 47 . 99 : 203.0.113.66 . 80 }'),
    [/differed: dnat4 held what is not the router's/],
  ],
  [
    'a mark',
    'nft',
    nft('delete element inet egress_router passing { 270224 }'),
    [/differed: passing \{ 270224 \}$/m],
  ],
] as const)('%s: put back, said and counted', async (_, what, breaks, lines) => {
  const counter = `egress_router_repairs_total{what="${what}"}`;
  await untilAllCounted();
  const [logged, counted] = [router.log.length, await valueOf(counter)];
  for (const argv of breaks) await topology.run(router.pod.name, argv);
  await until(
    () => lines.every((line) => line.test(router.log.slice(logged))),
    15_000,
    () => router.log.slice(logged),
  );
  await untilAllCounted();
  expect(await valueOf(counter)).toBeGreaterThanOrEqual(counted + lines.length);
  await router.becomesReady();
  const { address, address6 } = router.pod;
  expect(await topology.ask('client', 'tcp', address, 8080)).toMatchObject({
    answer: { peer: '192.168.12.99' },
  });
  expect(await topology.ask('remote', 'tcp', address, 8081)).toMatchObject({
    answer: { peer: '192.168.12.99' },
  });
  expect(await topology.ask('client', 'tcp', address6, 8080)).toMatchObject({ answer: { peer: 'fd12::99' } });
});

test.each(olderTables)(
  'the chains of an older plugin, $name, become those of this version',
  async (older) => {
    const chains = async () => {
      const argv = ['nft', '-s', 'list', 'table', 'inet', 'egress_router'];
      const text = await topology.run(router.pod.name, argv);
      return [...text.matchAll(/^\tchain .*?^\t\}/gms)].map(([chain]) => chain).toSorted();
    };
    await router.becomesReady();
    const before = await chains();
    await router.stop();
    await makeOlder(topology, router.pod, older);
    expect(await chains()).not.toEqual(before);
    await router.start();
    await router.becomesReady();
    expect(await chains()).toEqual(before);
  },
);

test('what was put back is said also where the tool fails at something else', async () => {
  const folder = path.join(topology.folder, 'failing-once');
  await mkdir(folder);
  const real = (await topology.run('node', ['sh', '-c', 'command -v ip'])).trim();
  const script = `#!/bin/sh
${real} "$@" || exit
[ "$1 $3" = "-4 -batch" ] && mkdir "${folder}/done" 2>/dev/null && echo refused >&2 && exit 1
exit 0
`;
  await writeFile(path.join(folder, 'ip'), script);
  await chmod(path.join(folder, 'ip'), 0o755);
  await router.stop();
  await router.start({ PATH: `${folder}:${process.env['PATH']}` });
  await topology.run(router.pod.name, ['ip', 'rule', 'del', 'pref', '1000']);
  await router.says(/not ready: Cannot put back what is missing on net1: ip: refused\.$/m);
  await router.says(/put back: the IPv4 rule "pref 1000 .*" was missing$/m);
  await untilAllCounted();
  expect(await valueOf('egress_router_repairs_total{what="rule"}')).toBe(1);
  await router.becomesReady();
});

test('a writer that changes a chain as soon as it is written is not taken for this process', async () => {
  const folder = path.join(topology.folder, 'quick-writer');
  await mkdir(folder);
  const real = (await topology.run('node', ['sh', '-c', 'command -v nft'])).trim();
  const hole = 'insert rule inet egress_router forward iifname net1 accept';
  const script = `#!/bin/sh
${real} "$@" || exit
[ "$1" = -f ] && mkdir "${folder}/done" 2>/dev/null && ${real} ${hole}
exit 0
`;
  await writeFile(path.join(folder, 'nft'), script);
  await chmod(path.join(folder, 'nft'), 0o755);
  await router.stop();
  await router.start({ PATH: `${folder}:${process.env['PATH']}` });
  await router.says(/put back: the nftables rules differed: chain forward$/m);
  const forward = await topology.run(router.pod.name, ['nft', 'list chain inet egress_router forward']);
  expect(forward).not.toContain('iifname "net1" accept');
  await router.becomesReady();
});

test('nothing is put back twice, and nothing without need', async () => {
  const before = router.log.length;
  for (let looks = 0; looks < 3; looks += 1) {
    await router.get('/readyz');
    await new Promise((resolve) => setTimeout(resolve, 1_100));
  }
  expect(router.log.slice(before)).toBe('');
});

test('a setting, which a pod cannot change, is told', async () => {
  const set = (value: number) =>
    topology.run(router.pod.name, ['sysctl', '-q', '-w', `net.ipv4.conf.eth0.forwarding=${value}`]);
  await set(0);
  const fault = 'The setting ipv4.conf.eth0.forwarding is 0, not 1; the pod cannot change it.';
  await answers(fault);
  await set(1);
  await router.becomesReady();
  await topology.run(router.pod.name, ['sysctl', '-q', '-w', 'net.ipv4.conf.net1.arp_notify=0']);
  await router.says(/The setting ipv4\.conf\.net1\.arp_notify is 0, not 1; the pod cannot change it\./);
  expect((await router.get('/readyz')).status).toBe(200);
});

test('a gateway that goes is told within seconds, and when it comes again', async () => {
  expect(await valueOf('egress_router_gateway_up{gateway="192.168.12.1"}')).toBe(1);
  await topology.ip('gw', 'link set lan0 down');
  // On a machine with nothing else to do it takes 9; with the kernel's own settings it was up to a minute.
  const silent = (gateway: string, address: string) =>
    `The gateway ${gateway} does not answer the router, whose address there is ${address}, on the node's NIC in that network, or that of its default route where it has none. ` +
    'See whether that NIC is in the network of the address, and in its VLAN, and whether the gateway is up.';
  await answers(silent('192.168.12.1', '192.168.12.99/24'), 20_000);
  await answers(silent('fd12::1', 'fd12::99/64'), 5_000);
  expect(await valueOf('egress_router_gateway_up{gateway="192.168.12.1"}')).toBe(0);
  await topology.ip('gw', 'link set lan0 up', 'address replace fd12::1/64 dev lan0 nodad');
  await router.becomesReady();
  expect(await valueOf('egress_router_gateway_up{gateway="192.168.12.1"}')).toBe(1);
  expect(await valueOf('egress_router_gateway_up{gateway="fd12::1"}')).toBe(1);
}, 60_000);

test('"inspect" says what the process knows', async () => {
  const program = path.join(import.meta.dirname, '../../dist/agent/router.mjs');
  const inspect = [process.execPath, program, 'inspect', '-o', 'json'];
  await router.becomesReady();
  const told: unknown = JSON.parse(await topology.run(router.pod.name, inspect));
  expect(told).toMatchObject({
    ready: true,
    faults: [],
    digest: await router.digestInForce(),
    events: { repairs: { nft: expect.any(Number) } },
    gateways: [
      { ip: '192.168.12.1', isUp: true },
      { ip: 'fd12::1', isUp: true },
    ],
  });
  const text = await topology.run(router.pod.name, [process.execPath, program, 'inspect']);
  expect(text.startsWith('Redirecting.\n')).toBe(true);
  const summary = text.slice(text.indexOf('net1: '));
  expect(summary.replace(/[0-9a-f:]{17}, /, 'MAC, ').replace(/[0-9]+ connections?/g, 'N connections')).toBe(
    [
      'net1: 192.168.12.99/24 fd12::99/64, MAC, MTU 1500',
      'gateway 192.168.12.1: answers',
      'gateway fd12::1: answers',
      `rules of configuration ${digestOf(config)}: 3`,
      '8080/TCP to 203.0.113.25 port 80: N connections',
      '8081/TCP to 203.0.113.26 port 80: N connections',
      '8080/TCP to 2001:db8::25 port 80: N connections',
      'all else to 203.0.113.25: N connections',
      '',
    ].join('\n'),
  );
});

test('a tool that hangs neither stops the answers nor the end', async () => {
  const folder = path.join(topology.folder, 'hanging');
  await mkdir(folder);
  await writeFile(path.join(folder, 'nft'), '#!/bin/sh\nexec sleep 60\n');
  await chmod(path.join(folder, 'nft'), 0o755);
  await router.stop();
  await router.start({ PATH: `${folder}:${process.env['PATH']}` }, /answering on port/);
  expect((await router.get('/healthz')).status).toBe(200);
  expect((await router.get('/readyz')).body).toContain(
    'Cannot read the nftables rules: nft -j list table inet egress_router was ended by SIGKILL',
  );
  const began = performance.now();
  await router.stop();
  expect(performance.now() - began).toBeLessThan(1_000);
});

function nft(...commands: readonly string[]): readonly (readonly string[])[] {
  return [['nft', commands.join('; ')]];
}

async function answers(fault: string, timeoutMs = 15_000): Promise<void> {
  await until(
    async () => (await router.get('/readyz')).body.split('\n').includes(fault),
    timeoutMs,
    () => router.log,
  );
}

/** While a look is under way, the last one is told; each repair is logged when it is made. */
async function untilAllCounted(): Promise<void> {
  const kinds = ['link', 'address', 'route', 'rule', 'nft'];
  let told = '';
  await until(
    async () => {
      const counters = kinds.map((what) => valueOf(`egress_router_repairs_total{what="${what}"}`));
      const counted = (await Promise.all(counters)).reduce((sum, value) => sum + value, 0);
      const said = router.log.split('\n').filter((line) => line.includes(' put back: ')).length;
      told = `${counted} repairs are counted, ${said} are said: ${router.log}`;
      return counted === said;
    },
    15_000,
    () => told,
  );
}

async function valueOf(sample: string): Promise<number> {
  const { body } = await router.get('/metrics');
  const line = body.split('\n').find((one) => one.startsWith(`${sample} `));
  return Number(line?.slice(sample.length + 1));
}
