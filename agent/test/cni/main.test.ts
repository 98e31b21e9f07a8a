import { describe, expect, test } from 'vitest';
import { main } from '#agent/cni/main.ts';
import { exited, FakePlatform, type FakeWorld } from './fake-platform.ts';

const runtime = {
  PATH: '/opt/bin',
  CNI_CONTAINERID: 'c1',
  CNI_NETNS: '/run/netns/pod',
  CNI_IFNAME: 'net1',
  CNI_PATH: '/opt/cni/bin',
};
const stdin = '{"cniVersion":"1.0.0","name":"n","type":"egress-router"}';
const files = { '/run/netns/pod': 2 };

interface Outcome {
  readonly code: number;
  readonly stdout: unknown;
  readonly events: readonly string[];
}

async function run(command: string, world: FakeWorld = {}): Promise<Outcome> {
  const env = { ...runtime, CNI_COMMAND: command, ...world.env };
  const platform = new FakePlatform({ stdin, files, ...world, env });
  const code = await main(platform);
  expect(platform.stdout.split('\n').length).toBeLessThanOrEqual(2);
  const stdout = platform.stdout === '' ? '' : JSON.parse(platform.stdout);
  return { code, stdout, events: platform.events };
}

function fails(outcome: Outcome, code: number, msg: string, cniVersion = '1.0.0') {
  expect(outcome.code).toBe(1);
  expect(outcome.stdout).toMatchObject({ cniVersion, code, msg });
}

test('a person who starts it is told what it is', async () => {
  const platform = new FakePlatform({});
  expect(await main(platform)).toBe(0);
  expect(platform.stdout).toBe('');
  expect(platform.stderr).toContain('A container runtime starts it');
});

test('VERSION', async () => {
  const supportedVersions = ['0.3.0', '0.3.1', '0.4.0', '1.0.0', '1.1.0'];
  expect(await run('VERSION')).toEqual({
    code: 0,
    stdout: { cniVersion: '1.0.0', supportedVersions },
    events: [],
  });
  expect(await run('VERSION', { stdin: '' })).toMatchObject({ stdout: { cniVersion: '1.1.0' } });
});

test('ADD goes into the namespace, by the same executable, and passes its answer on', async () => {
  const answer = () => exited(0, '{"cniVersion":"1.0.0"}\n');
  expect(await run('ADD', { answer })).toEqual({
    code: 0,
    stdout: { cniVersion: '1.0.0' },
    events: ['lock /run/netns/pod', 'in /run/netns/pod: exe'],
  });
  const refuse = () => exited(3, '{"cniVersion":"1.0.0","code":7,"msg":"no"}\n');
  fails(await run('ADD', { answer: refuse }), 7, 'no');
});

test('whoever works in a namespace holds a lock on it: ADD asks for it, DEL waits', async () => {
  const [lock, enter] = ['lock /run/netns/pod', 'in /run/netns/pod: exe'];
  expect(await run('DEL', { timesLocked: 2 })).toEqual({
    code: 0,
    stdout: '',
    events: [lock, 'sleep 10', lock, 'sleep 10', lock, enter],
  });
  const refused = await run('ADD', { timesLocked: 1 });
  expect(refused.events).toEqual([lock]);
  fails(refused, 11, 'another ADD or DEL is at work in the pod');
  const impatient = await run('CHECK', { timesLocked: Number.POSITIVE_INFINITY });
  fails(impatient, 11, 'another ADD or DEL is at work in the pod');
  expect(impatient.events.filter((event) => event === 'sleep 10').length).toBe(1000);
});

test('a second process that comes to no answer is an error', async () => {
  const failing = (answer: FakeWorld['answer']) => run('ADD', answer === undefined ? {} : { answer });
  fails(
    await failing(() => exited(1, 'half an ans', 'out of memory\n')),
    100,
    "cannot work in the pod's network namespace: out of memory",
  );
  fails(
    await failing(() => ({ kind: 'signalled', signal: 9 })),
    100,
    "cannot work in the pod's network namespace: it was killed by signal 9",
  );
});

test('a tool is found on PATH first, else where distributions keep it', async () => {
  const found = async (more: FakeWorld['files']) => {
    const env = { ...runtime, CNI_COMMAND: 'DEL', EGRESS_ROUTER_NODE_NETNS: '/proc/6/ns/net' };
    const platform = new FakePlatform({ env, stdin, files: { '/run/netns/pod': 1, ...more } });
    await main(platform);
    return platform.commands[0]?.file;
  };
  expect(await found({})).toBe('/usr/sbin/ip');
  expect(await found({ '/opt/bin/ip': 'ours' })).toBe('/opt/bin/ip');
});

test.each([
  [{ CNI_NETNS: '' }, 4, 'CNI_NETNS is missing or is not an absolute path'],
  [{ CNI_NETNS: 'pod' }, 4, 'CNI_NETNS is missing or is not an absolute path'],
  [{ CNI_NETNS: '/run/netns/pod\n' }, 4, 'CNI_NETNS is missing or is not an absolute path'],
  [{ CNI_NETNS: '/run/netns/gone' }, 3, 'there is no network namespace at /run/netns/gone'],
  [
    { CNI_NETNS: '/proc/self/ns/net' },
    4,
    'CNI_NETNS /proc/self/ns/net is the network namespace of the plugin itself',
  ],
  [{ CNI_IFNAME: '' }, 4, 'missing or invalid in the environment: CNI_IFNAME'],
  [{ CNI_IFNAME: 'all' }, 4, 'missing or invalid in the environment: CNI_IFNAME'],
  [{ CNI_IFNAME: '../x' }, 4, 'missing or invalid in the environment: CNI_IFNAME'],
  [{ CNI_CONTAINERID: '-c' }, 4, 'missing or invalid in the environment: CNI_CONTAINERID'],
  [{ CNI_COMMAND: 'PLUG' }, 4, 'CNI_COMMAND "PLUG" is not known'],
])('ADD with %j', async (env, code, msg) => {
  const outcome = await run('ADD', { env });
  fails(outcome, code, msg);
  expect(outcome.events).toEqual([]);
});

test('DEL has nothing to do where the namespace has gone', async () => {
  const done = { code: 0, stdout: '', events: [] };
  expect(await run('DEL', { env: { CNI_NETNS: '' } })).toEqual(done);
  expect(await run('DEL', { env: { CNI_NETNS: '/run/netns/gone' } })).toEqual(done);
  expect(await run('DEL', { files: { '/run/netns/pod': 'what unmounting leaves' } })).toEqual(done);
});

test.each(['', 'no JSON', '[]', '{"cniVersion":"9.9.9","ip":7}'])(
  'DEL takes away what there is, whatever the configuration says: %j',
  async (text) => {
    const env = { EGRESS_ROUTER_NODE_NETNS: '/proc/6/ns/net' };
    const answer: FakeWorld['answer'] = ({ file }) =>
      exited(0, file.endsWith('/nft') ? '{"nftables":[]}' : '[]\n'.repeat(4));
    const inPod = await run('DEL', { env, files: { '/run/netns/pod': 1 }, stdin: text, answer });
    expect(inPod).toMatchObject({ code: 0, stdout: '' });
    expect(inPod.events.at(-1)).toBe('nft -j list tables inet');
  },
);

test('DEL never works on the namespace of the node', async () => {
  fails(
    await run('DEL', { files: { '/run/netns/pod': 1 } }),
    4,
    'CNI_NETNS /run/netns/pod is the network namespace of the plugin itself',
  );
});

test('an error names the version of the configuration only if it is one of ours', async () => {
  fails(
    await run('PLUG', { stdin: '{"cniVersion":"9.9.9"}' }),
    4,
    'CNI_COMMAND "PLUG" is not known',
    '1.1.0',
  );
  fails(await run('PLUG', { stdin: 'no JSON' }), 4, 'CNI_COMMAND "PLUG" is not known', '1.1.0');
});

test('STATUS and GC are of version 1.1.0', async () => {
  fails(await run('STATUS'), 1, 'STATUS needs cniVersion 1.1.0 or later, not 1.0.0');
  fails(await run('GC'), 1, 'GC needs cniVersion 1.1.0 or later, not 1.0.0');
});

describe('STATUS', () => {
  const ip = { addresses: ['192.168.12.99/24'], destinations: ['203.0.113.25'] };
  const conf = { cniVersion: '1.1.0', name: 'n', ip, interfaceArgs: { master: 'enp1s0' } };
  const stdin11 = JSON.stringify(conf);
  const nic = { ifname: 'enp1s0', mtu: 1500, flags: ['UP'], addr_info: [] };
  const node = (link: object, fails?: string): FakeWorld => ({
    stdin: stdin11,
    answer: ({ args }) => {
      const text = args.join(' ');
      if (fails !== undefined && text.includes(fails)) return exited(1, '', 'Operation not supported\n');
      return exited(0, text.includes('route') ? '[]' : JSON.stringify([link]));
    },
  });

  test('tries what ADD will do, where nothing is left of it', async () => {
    expect(await run('STATUS', node(nic))).toEqual({
      code: 0,
      stdout: '',
      events: [
        'in /proc/self/ns/net: ip -j address show dev enp1s0',
        'unshare --net -- /usr/sbin/ip -batch - < link add ert-a type veth peer name ert-b ...',
        'unshare --net -- /usr/sbin/nft -f - < create table inet egress_router ...',
      ],
    });
  });

  test.each([
    [
      'no such NIC',
      node({ ...nic, ifname: 'enp2s0' }),
      50,
      'macvlan master "enp1s0" does not exist on this node (it has: enp2s0)',
    ],
    ['a NIC that is down', node({ ...nic, flags: [] }), 51, 'macvlan master enp1s0 is down'],
    ['no macvlan', node(nic, 'ip -batch'), 50, 'cannot make a macvlan on this node: Operation not supported'],
    [
      'no nftables',
      node(nic, 'nft -f'),
      50,
      'cannot install the firewall rules on this node: Operation not supported',
    ],
  ])('%s', async (_, world, code, msg) => {
    fails(await run('STATUS', world), code, msg, '1.1.0');
  });
});
