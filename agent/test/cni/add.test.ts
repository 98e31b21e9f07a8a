import { describe, expect, test } from 'vitest';
import { main } from '#agent/cni/main.ts';
import type { Command, Completion } from '#agent/cni/platform.ts';
import { exited, FakePlatform } from './fake-platform.ts';

const config = {
  cniVersion: '1.0.0',
  name: 'egress-router-cni-nad',
  ip: {
    addresses: ['192.168.12.99/24', 'fd12::99/64'],
    gateway: ['192.168.12.1', 'fd12::1'],
    destinations: ['8080 TCP 203.0.113.25 80'],
  },
  interfaceArgs: { master: 'enp1s0' },
  log_file: '/var/log/egress-router',
  log_level: 'info',
  dad: { timeoutMs: 0 },
};

const address = (local: string, prefixlen: number) => ({ local, prefixlen, scope: 'global' });
const node = [{ ifname: 'enp1s0', mtu: 1500, addr_info: [address('192.168.12.10', 24)] }];
const pod = [{ ifname: 'eth0', mtu: 1450, addr_info: [address('10.128.0.5', 24)] }];
const routes = [{ dst: 'default', gateway: '10.128.0.1', dev: 'eth0', flags: [] }];
const net1 = [{ ifname: 'net1', mtu: 1500, address: '0a:58:c0:a8:0c:63', addr_info: [] }];

const sysctls = ['arp_notify', 'arp_ignore', 'arp_announce', 'rp_filter', 'forwarding'];

/** The second process of ADD: inside a pod of which the tools tell these facts. */
async function addInPod(
  answerFirst: (command: Command) => Completion | undefined,
  readOnly: readonly string[] = [],
  more: { readonly held?: readonly string[]; readonly dad?: object } = {},
) {
  const platform = new FakePlatform({
    env: {
      CNI_COMMAND: 'ADD',
      CNI_CONTAINERID: 'c1',
      CNI_NETNS: '/run/netns/pod',
      CNI_IFNAME: 'net1',
      EGRESS_ROUTER_NODE_NETNS: '/proc/6/ns/net',
    },
    stdin: JSON.stringify({ ...config, dad: more.dad ?? config.dad }),
    held: more.held ?? [],
    readOnly,
    files: {
      '/run/netns/pod': 1,
      '/proc/sys/net/ipv6': 'folder',
      '/proc/sys/net/ipv6/conf/all/forwarding': '0\n',
      '/proc/sys/net/ipv4/conf/eth0/forwarding': '0\n',
      ...Object.fromEntries(sysctls.map((name) => [`/proc/sys/net/ipv4/conf/ert-7/${name}`, '0\n'])),
    },
    answer: (command) => answerFirst(command) ?? exited(0, tell(command)),
  });
  const code = await main(platform);
  return { code, platform, reply: JSON.parse(platform.stdout) };
}

function tell(command: Command): string {
  const args = command.args.join(' ');
  if (args.includes('address show dev enp1s0')) return JSON.stringify(node);
  if (args === facts4) return tellFacts(pod);
  if (args === '-6 -j -batch -') return '[]\n[]\n[]\n';
  return args === takeUp ? JSON.stringify(net1) : '';
}

const facts4 = '-4 -j -d -batch -';
const takeUp = '-j -d -batch -';

/** Addresses, routes, rules and links. */
function tellFacts(links: readonly object[]): string {
  const parts = [links, routes, [], links];
  return parts.map((part) => `${JSON.stringify(part)}\n`).join('');
}

const podFacts = [`ip ${facts4} < address show ...`, 'ip -6 -j -batch - < address show ...'];
const facts = [...podFacts, 'in /proc/6/ns/net: ip -j address show dev enp1s0'];

const notes = ['0-enp1s0-192.168.12.99', '0-enp1s0-fd12::99'];

const steps = [
  'in /proc/6/ns/net: ip link add link enp1s0 name ert-7 netns /proc/7/ns/net type macvlan mode bridge',
  'nft -f - < create table inet egress_router ...',
  'ipv4/conf/ert-7/arp_notify = 1',
  'ipv4/conf/ert-7/arp_ignore = 1',
  'ipv4/conf/ert-7/arp_announce = 2',
  'ipv4/conf/ert-7/rp_filter = 2',
  'ipv4/conf/ert-7/forwarding = 1',
  'ipv4/conf/eth0/forwarding = 1',
  'ipv6/conf/all/forwarding = 1',
  // Before the address is there, so that no killed ADD leaves it without.
  ...notes.map((name) => `keep ${name}`),
  `ip ${takeUp} < link set dev ert-7 name net1 ...`,
  'ip -6 -batch - < route replace fd12::/64 dev net1 table 7101 ...',
];

const undo6 = 'ip -6 -force -batch - < rule del pref 1000 iif eth0 lookup 7101 ...';
const undo4 = 'ip -4 -force -batch - < rule del pref 1000 iif eth0 lookup 7101 ...';
const undoSysctls = ['ipv6/conf/all/forwarding = 0', 'ipv4/conf/eth0/forwarding = 0'];
const undoNotes = notes.map((name) => `forget ${name}`);
const undoNft = 'nft -f - < delete table inet egress_router';
const undoLink = 'ip -force -batch - < link del dev ert-7 ...';

test('facts, then the filter, then forwarding, then the link goes up', async () => {
  const { code, platform, reply } = await addInPod(() => undefined);
  expect(platform.events).toEqual([...facts, ...steps]);
  expect(code).toBe(0);
  expect(reply).toEqual({
    cniVersion: '1.0.0',
    interfaces: [{ name: 'net1', mac: '0a:58:c0:a8:0c:63', sandbox: '/run/netns/pod' }],
    ips: [
      { interface: 0, address: '192.168.12.99/24', gateway: '192.168.12.1' },
      { interface: 0, address: 'fd12::99/64', gateway: 'fd12::1' },
    ],
    dns: {},
  });
  expect(platform.readFile('/var/log/egress-router')).toBe(
    '2026-11-22T00:00:00.000Z info ADD c1 net1: done\n',
  );
});

describe('a step that fails takes back those before it, last first', () => {
  test.each([
    {
      step: 'link add',
      msg: 'cannot create a macvlan on enp1s0: RTNETLINK answers: Busy',
      undone: [undoLink, undoNft],
    },
    {
      step: '-f -',
      msg: 'cannot install the firewall rules: RTNETLINK answers: Busy',
      undone: [undoLink, undoNft],
    },
    {
      step: takeUp,
      msg: 'cannot configure interface net1: RTNETLINK answers: Busy',
      undone: [undo4, ...undoNotes, ...undoSysctls, undoLink, undoNft],
    },
    {
      // After name, two addresses, up and show.
      step: takeUp,
      line: 6,
      msg: 'cannot set the IPv4 routes: RTNETLINK answers: Busy',
      undone: [undo4, ...undoNotes, ...undoSysctls, undoLink, undoNft],
    },
    {
      step: '-6 -batch -',
      msg: 'cannot set the IPv6 routes: RTNETLINK answers: Busy',
      undone: [undo6, undo4, ...undoNotes, ...undoSysctls, undoLink, undoNft],
    },
  ])('$step: $msg', async ({ step, line = 5, msg, undone }) => {
    let hasFailed = false;
    const { code, platform, reply } = await addInPod(({ args }) => {
      const text = args.join(' ');
      if (hasFailed || !(text === step || (step === 'link add' && text.startsWith(step)))) return undefined;
      hasFailed = true;
      return exited(2, '', `RTNETLINK answers: Busy\nCommand failed -:${line}\n`);
    });
    expect(code).toBe(3);
    expect(reply).toMatchObject({ code: 100, msg });
    expect(platform.events.slice(-undone.length)).toEqual(undone);
    const done = platform.events.slice(facts.length, -undone.length);
    expect(done).toEqual(steps.slice(0, done.length));
  });
});

test('a setting that cannot be written is such a step', async () => {
  const { code, platform, reply } = await addInPod(
    () => undefined,
    ['/proc/sys/net/ipv6/conf/all/forwarding'],
  );
  expect(code).toBe(3);
  expect(reply).toEqual({
    cniVersion: '1.0.0',
    code: 100,
    msg: 'cannot set ipv6/conf/all/forwarding to 1: Read-only file system',
  });
  const log = platform.readFile('/var/log/egress-router') ?? '';
  expect(log).toContain('error ADD c1 undoing: CniFailure: cannot set ipv6/conf/all/forwarding to 0');
  expect(platform.events.slice(-2)).toEqual([undoLink, undoNft]);
});

test('what an earlier ADD left is taken away before anything is planned', async () => {
  const leftover = [
    ...pod,
    { ifname: 'ert-3', mtu: 1500, linkinfo: { info_kind: 'macvlan' }, addr_info: [] },
  ];
  let reads = 0;
  const { code, platform } = await addInPod(({ args }) => {
    const text = args.join(' ');
    if (text === '-j list tables inet') return exited(0, '{"nftables":[]}');
    if (text !== facts4) return undefined;
    reads += 1;
    return exited(0, tellFacts(reads === 1 ? leftover : pod));
  });
  expect(code).toBe(0);
  expect(platform.events).toEqual([
    ...facts,
    'nft -j list tables inet',
    'ip link del dev ert-3',
    ...podFacts,
    ...steps,
  ]);
});

test('an address that another ADD on the node is at work with is left to that, unless nobody is to be asked', async () => {
  const held = ['0-fd12::99'];
  const { reply, platform } = await addInPod(() => undefined, [], { held, dad: {} });
  expect(reply).toMatchObject({ code: 11, msg: 'another ADD on this node is at work with address fd12::99' });
  expect(platform.events).toEqual(facts);
  expect((await addInPod(() => undefined, [], { held })).code).toBe(0);
});

test('a plan that cannot be made changes nothing', async () => {
  const { code, platform, reply } = await addInPod(({ args }) =>
    args.join(' ') === facts4 ? exited(0, tellFacts([...pod, ...net1])) : undefined,
  );
  expect(code).toBe(3);
  expect(reply).toEqual({
    cniVersion: '1.0.0',
    code: 101,
    msg: 'the pod already has an interface net1',
    details: 'interface-exists',
  });
  expect(platform.events).toEqual(facts);
});
