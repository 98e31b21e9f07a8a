import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { attempt } from './command.ts';
import { dualConfig } from './netconfs.ts';
import { makeOlder, olderTables } from './older-table.ts';
import { type Pod, Topology } from './topology.ts';

const { fallbackIP: _, ...ip } = dualConfig.ip;
const config = { ...dualConfig, ip, localPorts: ['9410 TCP'] };
const table = 'inet egress_router';

let net: Topology;
let pod: Pod;
let asked: object;

beforeAll(async () => {
  net = await Topology.make('check');
  pod = await net.makePod();
});

afterAll(() => net?.remove());

beforeEach(async () => {
  // What stands in its place, DEL leaves alone.
  await attempt(net.inside(pod.name, ['ip', 'link', 'del', 'net1']));
  await net.cni('DEL', pod, config);
  const added = await net.cni('ADD', pod, config);
  asked = { ...config, prevResult: JSON.parse(added.stdout) };
});

/** Breaks what ADD made, by one command in the pod, and expects CHECK to name it first. */
async function checkAfter(breakage: string, msg: string): Promise<void> {
  expect(await net.cni('CHECK', pod, asked)).toEqual({ code: 0, stdout: '', stderr: '' });
  await net.run(pod.name, ['sh', '-ec', breakage]);
  const finished = await net.cni('CHECK', pod, asked);
  expect({ ...finished, stdout: JSON.parse(finished.stdout || '{}') }).toMatchObject({
    code: 1,
    stderr: '',
    stdout: { cniVersion: '1.1.0', code: 102, msg },
  });
  expect(await net.cni('DEL', pod, asked)).toEqual({ code: 0, stdout: '', stderr: '' });
}

describe('CHECK fails, and DEL succeeds, where somebody', () => {
  test.each([
    { lost: 'deleted the interface', by: 'ip link del net1', msg: 'interface net1 is missing' },
    { lost: 'stopped it', by: 'ip link set net1 down', msg: 'interface net1 is down' },
    {
      lost: 'gave it another MAC',
      by: 'ip link set net1 down; ip link set net1 address 02:00:00:00:00:07; ip link set net1 up',
      msg: expect.stringMatching(/^interface net1 has MAC 02:00:00:00:00:07, not /),
    },
    {
      lost: 'put another kind of interface in its place',
      by: 'ip link del net1; ip link add net1 type veth peer name net1-peer; ip link set net1 up',
      msg: 'interface net1 is not a macvlan',
    },
    {
      lost: 'took the IPv4 address away',
      by: 'ip address del 192.168.12.99/24 dev net1',
      msg: 'address 192.168.12.99/24 is missing on net1',
    },
    {
      lost: 'took the IPv6 address away',
      by: 'ip address del fd12::99/64 dev net1',
      msg: 'address fd12::99/64 is missing on net1',
    },
    {
      lost: 'deleted the IPv4 default route by the gateway',
      by: 'ip route del default table 7101',
      msg: 'the IPv4 route by the gateway is missing',
    },
    {
      lost: 'deleted the IPv6 default route by the gateway',
      by: 'ip -6 route del default table 7101',
      msg: 'the IPv6 route by the gateway is missing',
    },
    {
      lost: 'deleted the IPv4 route back to the cluster',
      by: 'ip route flush table 7102',
      msg: 'the IPv4 route back to the cluster is missing',
    },
    {
      lost: 'switched IPv4 forwarding off',
      by: 'sysctl -q -w net.ipv4.conf.eth0.forwarding=0',
      msg: 'IPv4 forwarding is off',
    },
    {
      lost: 'switched IPv6 forwarding off',
      by: 'sysctl -q -w net.ipv6.conf.all.forwarding=0',
      msg: 'IPv6 forwarding is off',
    },
  ])('$lost', ({ by, msg }) => checkAfter(by, msg));

  test.each(
    [4, 6].flatMap((family) =>
      [1000, 1001, 1002, 1003, 1004, 1005].map((priority) => ({ family, priority })),
    ),
  )('deleted the IPv$family routing rule $priority', ({ family, priority }) =>
    checkAfter(`ip -${family} rule del pref ${priority}`, `IPv${family} routing rule ${priority} is missing`),
  );
});

describe('CHECK fails, and DEL succeeds, where of the firewall rules somebody', () => {
  const redirects4 = 'the IPv4 redirects are not those of the configuration';
  const redirects6 = 'the IPv6 redirects are not those of the configuration';
  test.each([
    { lost: 'deleted the table', by: `delete table ${table}`, msg: 'the firewall rules are missing' },
    {
      lost: 'opened the way for what is not redirected',
      by: `chain ${table} forward { policy accept; }`,
      msg: 'firewall chain forward does not drop what it does not name',
    },
    ...['prerouting', 'to_external', 'postrouting', 'forward', 'outwards', 'inwards', 'input'].map(
      (chain) => ({
        lost: `emptied the chain ${chain}`,
        by: `flush chain ${table} ${chain}`,
        msg: `firewall chain ${chain} is empty`,
      }),
    ),
    {
      lost: 'deleted the chain postrouting',
      by: `delete chain ${table} postrouting`,
      msg: 'firewall chain postrouting is missing',
    },
    { lost: 'deleted a target', by: `delete element ${table} dnat4 { 6 . 8080 }`, msg: redirects4 },
    {
      lost: 'changed the address of a target',
      by: `delete element ${table} dnat4 { 6 . 8080 }; add element ${table} dnat4 { 6 . 8080 : 203.0.113.26 . 80 }`,
      msg: redirects4,
    },
    {
      lost: 'changed the port of a target',
      by: `delete element ${table} dnat6 { 6 . 8080 }; add element ${table} dnat6 { 6 . 8080 : 2001:db8::25 . 81 }`,
      msg: redirects6,
    },
    {
      lost: 'added a target',
      by: `add element ${table} dnat4 { 6 . 8081 : 203.0.113.26 . 80 }`,
      msg: redirects4,
    },
    { lost: 'deleted a mark', by: `delete element ${table} rule6 { 6 . 8080 }`, msg: redirects6 },
    { lost: 'let no connection pass', by: `flush set ${table} passing`, msg: redirects4 },
  ])('$lost', ({ by, msg }) => checkAfter(`nft '${by}'`, msg));
});

describe.each(olderTables)('a pod that an older plugin attached, $name,', (older) => {
  test('is found healthy', async () => {
    await makeOlder(net, pod, older);
    expect(await net.cni('CHECK', pod, asked)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await net.cni('DEL', pod, asked)).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test.each([
    { by: `flush set ${table} rx`, msg: 'the IPv4 redirects are not those of the configuration' },
    { by: `flush chain ${table} to_external`, msg: 'firewall chain to_external is empty' },
    { by: `flush chain ${table} forward`, msg: 'firewall chain forward is empty' },
  ])('is not where somebody did: $by', async ({ by, msg }) => {
    await makeOlder(net, pod, older);
    await checkAfter(`nft '${by}'`, msg);
  });
});

test('a pod that a newer plugin attached, whose table has more, is found healthy', async () => {
  const input = `table ${table} {
    set newer { type mark; }
    chain newer {
      type filter hook forward priority 10; policy accept;
    }
  }\n`;
  await net.run(pod.name, ['nft', '-f', '-'], { input });
  expect(await net.cni('CHECK', pod, asked)).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('CHECK lets pass what later plugins of a chain may do', async () => {
  await net.cni('DEL', pod, asked);
  const fresh = await net.makePod();
  const before = await net.snapshot(fresh);
  const added = await net.cni('ADD', fresh, config);
  const withResult = { ...config, prevResult: JSON.parse(added.stdout) };
  await net.ip(
    fresh.name,
    'route add 198.51.100.0/24 via 10.128.0.1',
    'address add 192.168.12.98/24 dev net1',
  );
  await net.run(fresh.name, ['nft', 'add table inet of_another; add chain inet of_another c']);
  await net.run(fresh.name, ['sysctl', '-q', '-w', 'net.ipv4.conf.net1.log_martians=1']);
  expect(await net.cni('CHECK', fresh, withResult)).toEqual({ code: 0, stdout: '', stderr: '' });
  await net.ip(fresh.name, 'route del 198.51.100.0/24');
  await net.run(fresh.name, ['nft', 'delete table inet of_another']);
  expect(await net.cni('DEL', fresh, withResult)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(await net.snapshot(fresh)).toBe(before);
});
