import { chmod, lstat, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attempt, type Finished, run, until } from './command.ts';
import { type Pod, Topology } from './topology.ts';

/** As the Cluster Network Operator renders it. */
const cnoConfig = {
  cniVersion: '0.4.0',
  type: 'egress-router',
  name: 'egress-router-cni-nad',
  ip: {
    addresses: ['192.168.12.99/24'],
    destinations: ['80 TCP 203.0.113.25', '8080 TCP 203.0.113.26 80', '8053 UDP 203.0.113.26 53'],
    gateway: '192.168.12.1',
  },
  log_level: 'debug',
};

const dualConfig = {
  ...cnoConfig,
  cniVersion: '1.1.0',
  ip: {
    addresses: ['192.168.12.99/24', 'fd12::99/64'],
    gateway: ['192.168.12.1', 'fd12::1'],
    destinations: ['8080 TCP 203.0.113.25 80', '8080 TCP 2001:db8::25 80'],
    fallbackIP: '203.0.113.26',
  },
  interfaceArgs: { mode: 'private', master: 'enp1s0' },
};

let net: Topology;
let pod: Pod;
let before: string;

beforeAll(async () => {
  net = await Topology.make('life');
  pod = await net.makePod();
  before = await net.snapshot(pod);
  expect(before).toContain('/proc/sys/net/ipv4/conf/eth0/forwarding:0\n');
});

afterAll(() => net?.remove());

function errorOf(finished: Finished): unknown {
  expect(finished.code).not.toBe(0);
  return JSON.parse(finished.stdout);
}

describe('ADD and DEL', () => {
  test("take the Cluster Network Operator's configuration, and leave the pod as it was", async () => {
    const added = await net.cni('ADD', pod, cnoConfig);
    const links = JSON.parse(await net.run(pod.name, ['ip', '-j', 'link', 'show', 'net1']));
    expect({ ...added, stdout: JSON.parse(added.stdout) }).toEqual({
      code: 0,
      stderr: '',
      stdout: {
        cniVersion: '0.4.0',
        interfaces: [{ name: 'net1', mac: links[0].address, sandbox: pod.netns }],
        ips: [{ version: '4', interface: 0, address: '192.168.12.99/24', gateway: '192.168.12.1' }],
        dns: {},
      },
    });
    expect(await net.ask('client', 'tcp', pod.address, 80)).toEqual({
      answer: { peer: '192.168.12.99', server: '203.0.113.25/tcp/80' },
    });
    expect(await net.cni('DEL', pod, cnoConfig)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await net.snapshot(pod)).toBe(before);
  });

  test('DEL twice, without namespace, and in one that never was attached', async () => {
    const done = { code: 0, stdout: '', stderr: '' };
    await net.cni('ADD', pod, dualConfig);
    expect(await net.cni('DEL', pod, dualConfig)).toEqual(done);
    expect(await net.cni('DEL', pod, dualConfig)).toEqual(done);
    expect(await net.snapshot(pod)).toBe(before);
    expect(await net.cni('DEL', pod, dualConfig, { CNI_NETNS: '' })).toEqual(done);
    expect(await net.cni('DEL', pod, dualConfig, { CNI_NETNS: '/run/netns/gone' })).toEqual(done);
    const leftFile = path.join(net.folder, 'unmounted');
    await writeFile(leftFile, '');
    expect(await net.cni('DEL', pod, dualConfig, { CNI_NETNS: leftFile })).toEqual(done);
  });

  test('ADD twice: the second is refused and the first stays as it was', async () => {
    expect(await net.cni('ADD', pod, dualConfig)).toMatchObject({ code: 0, stderr: '' });
    const attached = await net.snapshot(pod);
    expect(errorOf(await net.cni('ADD', pod, dualConfig))).toEqual({
      cniVersion: '1.1.0',
      code: 101,
      msg: 'the pod already has an interface net1',
      details: 'interface-exists',
    });
    expect(await net.snapshot(pod)).toBe(attached);
    await net.cni('DEL', pod, dualConfig);
  });

  test('a second router in one pod is refused, and its DEL leaves the first one alone', async () => {
    await net.cni('ADD', pod, dualConfig);
    const attached = await net.snapshot(pod);
    const second = { ...cnoConfig, ip: { ...cnoConfig.ip, addresses: ['192.168.12.98/24'] } };
    expect(errorOf(await net.cni('ADD', pod, second, { CNI_IFNAME: 'net2' }))).toMatchObject({
      code: 101,
      msg: 'the pod is an egress router already, by its interface net1; it cannot be a second one',
    });
    expect(await net.snapshot(pod)).toBe(attached);
    expect(await net.cni('DEL', pod, second, { CNI_IFNAME: 'net2' })).toMatchObject({ code: 0 });
    expect(await net.snapshot(pod)).toBe(attached);
    await net.cni('DEL', pod, dualConfig);
    expect(await net.snapshot(pod)).toBe(before);
  });

  test('a macvlan as it was asked for', async () => {
    const asked = { ...dualConfig, interfaceArgs: { mode: 'vepa', master: 'enp1s0', mtu: '1400' } };
    const added = await net.cni('ADD', pod, asked);
    expect(JSON.parse(added.stdout)).toMatchObject({ interfaces: [{ mtu: 1400 }] });
    const [link] = JSON.parse(await net.run(pod.name, ['ip', '-j', '-d', 'link', 'show', 'net1']));
    expect(link).toMatchObject({ mtu: 1400, linkinfo: { info_data: { mode: 'vepa' } } });
    await net.cni('DEL', pod, asked);
  });

  test('DEL restores what ADD set, also where settings were strict', async () => {
    const strict = await net.makePod();
    await net.run(strict.name, ['sysctl', '-q', '-w', 'net.ipv4.conf.all.rp_filter=1']);
    const strictBefore = await net.snapshot(strict);
    await net.cni('ADD', strict, dualConfig);
    const filter = await net.run(strict.name, ['sysctl', '-n', 'net.ipv4.conf.eth0.rp_filter']);
    expect(filter).toBe('2\n');
    await net.cni('DEL', strict, dualConfig);
    expect(await net.snapshot(strict)).toBe(strictBefore);
  });

  test('an ADD that was killed is cleared away by DEL, and by the next ADD', async () => {
    const killed = await killAfter('nft', 1);
    expect(killed).not.toBe(before);
    expect(await net.cni('DEL', pod, dualConfig)).toMatchObject({ code: 0 });
    expect(await net.snapshot(pod)).toBe(before);

    await killAfter('nft', 1);
    // As long as a tool of the killed one is still at work, a runtime is told to try again (code 11).
    let next = await net.cni('ADD', pod, dualConfig);
    await until(
      async () => {
        if (next.code !== 0) next = await net.cni('ADD', pod, dualConfig);
        return next.code === 0 || JSON.parse(next.stdout).code !== 11;
      },
      10_000,
      () => next.stdout,
    );
    expect(next).toMatchObject({ code: 0 });
    expect(await net.cni('CHECK', pod, { ...dualConfig, prevResult: {} })).toMatchObject({ code: 0 });
    expect(await net.cni('DEL', pod, dualConfig)).toMatchObject({ code: 0 });
    expect(await net.snapshot(pod)).toBe(before);
  });
});

describe('errors are answered as the specification says, and change nothing', () => {
  const rows = [
    {
      name: 'a NIC that does not exist',
      config: { ...cnoConfig, interfaceArgs: { master: 'enp9s9' } },
      error: {
        cniVersion: '0.4.0',
        code: 101,
        msg: 'macvlan master "enp9s9" does not exist on this node (it has: enp1s0, cni0, remote0)',
        details: 'master-missing',
      },
    },
    {
      name: 'a protocol that does not exist',
      config: {
        ...cnoConfig,
        ip: { ...cnoConfig.ip, destinations: ['80 ICMP 203.0.113.25', '0 TCP 203.0.113.25'] },
      },
      error: {
        cniVersion: '0.4.0',
        code: 7,
        msg: 'Protocol "ICMP" in destination "80 ICMP 203.0.113.25" is none of TCP, UDP, SCTP.',
        details: 'Port "0" in destination "0 TCP 203.0.113.25" is not a number from 1 to 65535.',
      },
    },
    {
      name: "destinations that are the router's own address",
      config: {
        ...cnoConfig,
        ip: { ...cnoConfig.ip, destinations: ['80 TCP 192.168.12.99'], fallbackIP: '192.168.12.99' },
      },
      error: {
        cniVersion: '0.4.0',
        code: 7,
        msg: "Destination 192.168.12.99 is the router's own address: connections would end at the router.",
        details:
          "Destination 192.168.12.99 is the router's own address: connections would end at the router.",
      },
    },
    {
      name: 'a rule on a port that the pod answers probes on',
      config: { ...cnoConfig, localPorts: ['8080 TCP'] },
      error: {
        cniVersion: '0.4.0',
        code: 7,
        msg: 'Port 8080/TCP is redirected by a rule, so the pod itself cannot answer on it.',
      },
    },
    {
      name: 'no addresses',
      config: { ...cnoConfig, ip: { ...cnoConfig.ip, addresses: [] } },
      error: {
        cniVersion: '0.4.0',
        code: 7,
        msg: 'The network configuration lists no address for the router.',
      },
    },
    {
      name: 'another kind of interface',
      config: { ...cnoConfig, interfaceType: 'ipvlan' },
      error: {
        cniVersion: '0.4.0',
        code: 2,
        msg: 'interfaceType "ipvlan" is not supported; an egress router uses "macvlan".',
      },
    },
    {
      name: 'a version that is not ours',
      config: { ...cnoConfig, cniVersion: '2.0.0' },
      error: {
        cniVersion: '1.1.0',
        code: 1,
        msg: 'cniVersion "2.0.0" is not supported; this plugin supports 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0',
      },
    },
    {
      name: 'what is not JSON',
      config: '{"cniVersion": ',
      error: {
        cniVersion: '1.1.0',
        code: 6,
        msg: 'the network configuration on standard input is not JSON',
        details: expect.stringContaining('SyntaxError'),
      },
    },
    {
      name: 'an MTU above the master',
      config: { ...cnoConfig, interfaceArgs: { master: 'enp1s0', mtu: '9000' } },
      error: {
        cniVersion: '0.4.0',
        code: 101,
        msg: 'mtu 9000 is above that of macvlan master enp1s0, which is 1500',
        details: 'mtu-above-master',
      },
    },
    {
      name: 'an MTU that is too small for IPv6',
      config: { ...dualConfig, interfaceArgs: { master: 'enp1s0', mtu: '1000' } },
      error: {
        cniVersion: dualConfig.cniVersion,
        code: 101,
        msg: expect.stringMatching(
          /^address \S+ is IPv6, which needs an MTU of 1280 or more, and mtu is 1000$/,
        ),
        details: 'mtu-too-small',
      },
    },
    {
      name: 'the loopback interface as master',
      config: { ...cnoConfig, interfaceArgs: { master: 'lo' } },
      error: {
        cniVersion: '0.4.0',
        code: 101,
        msg: expect.stringContaining('macvlan master lo is the loopback interface'),
        details: 'master-is-loopback',
      },
    },
  ];

  test.each(rows)('$name', async ({ config, error }) => {
    const finished = await net.cni('ADD', pod, config);
    expect(errorOf(finished)).toEqual(error);
    expect(finished.stdout.trim().split('\n')).toHaveLength(1);
    expect(await net.snapshot(pod)).toBe(before);
  });

  test('a port of a bridge as master', async () => {
    await net.ip('node', 'link add port0 type veth peer name port1', 'link set port0 master cni0');
    const finished = await net.cni('ADD', pod, { ...cnoConfig, interfaceArgs: { master: 'port0' } });
    await net.ip('node', 'link del port0');
    expect(errorOf(finished)).toEqual({
      cniVersion: '0.4.0',
      code: 100,
      msg: expect.stringMatching(
        /^cannot create a macvlan on port0: .*Device or resource busy; it belongs to a bridge or a bond, /,
      ),
      details: expect.stringContaining('ip link add link port0'),
    });
    expect(await net.snapshot(pod)).toBe(before);
  });

  test.each([
    {
      name: 'no namespace',
      env: { CNI_NETNS: '' },
      code: 4,
      msg: 'CNI_NETNS is missing or is not an absolute path',
    },
    {
      name: 'a namespace that does not exist',
      env: { CNI_NETNS: '/run/netns/gone' },
      code: 3,
      msg: 'there is no network namespace at /run/netns/gone',
    },
    {
      name: "the node's own namespace",
      env: { CNI_NETNS: '/proc/self/ns/net' },
      code: 4,
      msg: 'CNI_NETNS /proc/self/ns/net is the network namespace of the plugin itself',
    },
    {
      name: 'neither container nor interface',
      env: { CNI_CONTAINERID: '', CNI_IFNAME: 'a b' },
      code: 4,
      msg: 'missing or invalid in the environment: CNI_CONTAINERID, CNI_IFNAME',
    },
    {
      name: 'no such command',
      env: { CNI_COMMAND: 'PLUG' },
      code: 4,
      msg: 'CNI_COMMAND "PLUG" is not known',
    },
  ])('$name', async ({ env, code, msg }) => {
    const finished = await net.cni('ADD', pod, cnoConfig, env);
    expect(errorOf(finished)).toEqual({ cniVersion: '0.4.0', code, msg });
    expect(await net.snapshot(pod)).toBe(before);
  });

  test('a PATH that leads elsewhere', async () => {
    // The folder that it is started in does not count, and what stands where it always does is found.
    const folder = path.join(net.folder, 'trap');
    await mkdir(folder);
    await writeFile(path.join(folder, 'ip'), '#!/bin/sh\nexit 9\n');
    await chmod(path.join(folder, 'ip'), 0o755);
    for (const PATH of ['::/usr/bin', '.', 'trap', '/nowhere']) {
      expect(await net.cni('ADD', pod, cnoConfig, { PATH }, folder), PATH).toMatchObject({ code: 0 });
      expect(await net.cni('DEL', pod, cnoConfig, { PATH }, folder), PATH).toMatchObject({ code: 0 });
    }
    expect(await net.snapshot(pod)).toBe(before);
  });

  test('a tool that is not installed', async () => {
    const folder = path.join(net.folder, 'no-nft');
    await mkdir(folder);
    // "nft" is found, and cannot be run: what stands there is no program.
    await writeFile(path.join(folder, 'nft'), 'neither a script nor a binary');
    await chmod(path.join(folder, 'nft'), 0o755);
    const finished = await net.cni('ADD', pod, cnoConfig, { PATH: `${folder}:${process.env['PATH']}` });
    expect(errorOf(finished)).toMatchObject({
      code: 100,
      msg: 'cannot install the firewall rules: it exited with 127',
    });
    expect(await net.snapshot(pod)).toBe(before);
  });
});

describe('a node without room in /tmp', () => {
  test('takes small configurations, refuses large ones, and never loses a part', async () => {
    expect(await runWithoutRoom('ADD', dualConfig)).toMatchObject({ code: 0 });
    expect(await net.cni('CHECK', pod, { ...dualConfig, prevResult: {} })).toMatchObject({ code: 0 });
    expect(await runWithoutRoom('DEL', dualConfig)).toMatchObject({ code: 0 });
    expect(await net.snapshot(pod)).toBe(before);

    const destinations = Array.from({ length: 200 }, (_, index) => `${index + 1} TCP 203.0.113.25`);
    const large = { ...cnoConfig, ip: { ...cnoConfig.ip, destinations } };
    expect(errorOf(await runWithoutRoom('ADD', large))).toMatchObject({
      code: 100,
      msg: 'cannot install the firewall rules: its input cannot be written to a file in /tmp',
    });
    expect(await net.snapshot(pod)).toBe(before);
  });
});

describe('each step that fails leaves the namespace as it was', () => {
  test.each(['instead of', 'after'] as const)('failing %s doing its work', async (moment) => {
    // Where others cannot be asked for, ADD goes on: see cni-dad.test.ts.
    const config = { ...dualConfig, dad: { timeoutMs: 0 } };
    const folder = await makeWrappers(moment);
    const environment = { PATH: `${folder}:${process.env['PATH']}`, CALLS: path.join(folder, 'calls') };
    expect(await net.cni('ADD', pod, config, { ...environment, FAIL_AT: 'none' })).toMatchObject({
      code: 0,
    });
    await net.cni('DEL', pod, config);
    const calls = new Set((await readFile(environment.CALLS, 'utf8')).trim().split('\n'));
    const failures: string[] = [];
    for (const call of calls) {
      await rm(path.join(folder, 'failed'), { force: true });
      const finished = await net.cni('ADD', pod, config, { ...environment, FAIL_AT: call });
      if (finished.code === 0) {
        // A question that could be asked in another way.
        await net.cni('DEL', pod, config);
        continue;
      }
      const error = JSON.parse(finished.stdout);
      expect(error).toMatchObject({
        cniVersion: '1.1.0',
        code: 100,
        msg: expect.stringMatching(/^cannot .+/),
      });
      failures.push(error.msg);
      expect(await net.snapshot(pod), `${call}: ${error.msg}`).toBe(before);
    }
    const purposes = [
      'read the interfaces and routes of the pod',
      'create a macvlan on enp1s0',
      'install the firewall rules',
      'configure interface net1',
      'set the IPv6 routes',
    ];
    for (const purpose of purposes) expect(failures.join('\n')).toContain(`cannot ${purpose}`);
    await net.cni('DEL', pod, dualConfig);
    expect(await net.snapshot(pod)).toBe(before);
  });
});

describe('CHECK, STATUS, GC and VERSION', () => {
  test('CHECK succeeds after ADD and names what has been lost', async () => {
    const added = await net.cni('ADD', pod, dualConfig);
    const config = { ...dualConfig, prevResult: JSON.parse(added.stdout) };
    expect(await net.cni('CHECK', pod, config)).toEqual({ code: 0, stdout: '', stderr: '' });
    const breakages = [
      {
        argv: ['nft', 'delete element inet egress_router dnat6 { 6 . 8080 }'],
        msg: 'the IPv6 redirects are not those of the configuration',
      },
      { argv: ['ip', 'rule', 'del', 'pref', '1003'], msg: 'IPv4 routing rule 1003 is missing' },
      {
        argv: ['ip', 'address', 'del', '192.168.12.99/24', 'dev', 'net1'],
        msg: 'address 192.168.12.99/24 is missing on net1',
      },
      { argv: ['ip', 'link', 'set', 'net1', 'down'], msg: 'interface net1 is down' },
      { argv: ['ip', 'link', 'del', 'net1'], msg: 'interface net1 is missing' },
    ];
    for (const { argv, msg } of breakages) {
      await net.run(pod.name, argv);
      expect(errorOf(await net.cni('CHECK', pod, config))).toMatchObject({ code: 102, msg });
    }
    expect(errorOf(await net.cni('CHECK', pod, dualConfig))).toMatchObject({
      code: 7,
      msg: 'CHECK needs prevResult',
    });
    await net.cni('DEL', pod, config);
    expect(await net.snapshot(pod)).toBe(before);
  });

  test('VERSION lists what is supported', async () => {
    const finished = await net.cni('VERSION', pod, { cniVersion: '0.4.0' });
    expect(JSON.parse(finished.stdout)).toEqual({
      cniVersion: '0.4.0',
      supportedVersions: ['0.3.0', '0.3.1', '0.4.0', '1.0.0', '1.1.0'],
    });
  });

  test('STATUS and GC exist from 1.1.0 on', async () => {
    expect(await net.cni('STATUS', pod, dualConfig)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await net.cni('GC', pod, dualConfig)).toEqual({ code: 0, stdout: '', stderr: '' });
    const lost = { ...dualConfig, interfaceArgs: { master: 'enp9s9' } };
    expect(errorOf(await net.cni('STATUS', pod, lost))).toMatchObject({
      code: 50,
      msg: 'macvlan master "enp9s9" does not exist on this node (it has: enp1s0, cni0, remote0)',
    });
    await net.ip('node', 'link add spare0 type bridge');
    const down = { ...dualConfig, interfaceArgs: { master: 'spare0' } };
    expect(errorOf(await net.cni('STATUS', pod, down))).toMatchObject({
      code: 51,
      msg: 'macvlan master spare0 is down',
    });
    await net.ip('node', 'link del spare0');
    for (const command of ['STATUS', 'GC']) {
      expect(errorOf(await net.cni(command, pod, cnoConfig))).toMatchObject({ code: 1 });
    }
  });
});

describe('log_file', () => {
  test('is written for its owner only, one line an event', async () => {
    const log = path.join(net.folder, 'log');
    await net.cni('ADD', pod, { ...cnoConfig, log_file: log });
    await net.cni('DEL', pod, { ...cnoConfig, log_file: log, log_level: 'info' });
    const lines = (await readFile(log, 'utf8')).trim().split('\n');
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines)
      expect(line).toMatch(/^20\d\d-\d\d-\d\dT[0-9:.]+Z (debug|info) (ADD|DEL) container-pod1 /);
    expect(lines.at(-1)).toMatch(/info DEL container-pod1 net1: done$/);
    expect((await lstat(log)).mode & 0o777).toBe(0o600);
  });

  test('that is a link, a pipe or a folder is left alone, and ADD succeeds', async () => {
    const target = path.join(net.folder, 'target');
    await writeFile(target, '');
    const link = path.join(net.folder, 'link');
    await symlink(target, link);
    const pipe = path.join(net.folder, 'pipe');
    await run(['mkfifo', pipe]);
    for (const log_file of [link, pipe, net.folder, '/nowhere/log']) {
      expect(await net.cni('ADD', pod, { ...cnoConfig, log_file })).toMatchObject({ code: 0, stderr: '' });
      await net.cni('DEL', pod, cnoConfig);
    }
    expect(await readFile(target, 'utf8')).toBe('');
  });
});

function runWithoutRoom(command: 'ADD' | 'DEL', config: unknown): Promise<Finished> {
  const script = `cd "$0"
mount -t tmpfs -o size=4k none /tmp
head -c 4096 /dev/zero >/tmp/full
exec ./egress-router`;
  const folder = path.join(import.meta.dirname, '../../dist/agent');
  const settings = [
    `CNI_COMMAND=${command}`,
    `CNI_NETNS=${pod.netns}`,
    'CNI_IFNAME=net1',
    'CNI_CONTAINERID=c1',
  ];
  const argv = ['env', ...settings, 'unshare', '--mount', 'sh', '-ec', script, folder];
  return attempt(net.inside('node', argv), { input: JSON.stringify(config) });
}

/**
 * Programs named ip and nft that write each call into $CALLS, and of which the call that equals $FAIL_AT
 * fails, once. Calls are told apart by what they do, for some are made at the same time.
 */
async function makeWrappers(moment: 'instead of' | 'after'): Promise<string> {
  const folder = path.join(net.folder, `fail-${moment.replace(' ', '-')}`);
  await mkdir(folder);
  for (const tool of ['ip', 'nft']) {
    const real = (await run(['sh', '-c', 'command -v "$0"', tool])).trim();
    const fail = `{ ${moment === 'after' ? `${real} "$@"; ` : ''}echo injected >&2; exit 1; }`;
    const script = `#!/bin/sh
call="${tool} $(printf %s "$*" | sed 's/[0-9][0-9][0-9]*/N/g')"
echo "$call" >>"$CALLS"
[ "$call" = "$FAIL_AT" ] && ln -s / "${folder}/failed" && ${fail}
exec ${real} "$@"
`;
    await writeFile(path.join(folder, tool), script);
    await chmod(path.join(folder, tool), 0o755);
  }
  return folder;
}

/** ADD of the dual configuration, killed when the tool has done its nth work. @returns what it left */
async function killAfter(tool: string, call: number): Promise<string> {
  const folder = path.join(net.folder, `kill-${Date.now()}`);
  await mkdir(folder);
  const real = (await run(['sh', '-c', 'command -v "$0"', tool])).trim();
  const script = `#!/bin/sh
n=$(cat "$COUNT" 2>/dev/null || echo 0); n=$((n + 1)); echo $n >"$COUNT"
${real} "$@"; code=$?
[ $n = ${call} ] && kill -KILL $PPID
exit $code
`;
  await writeFile(path.join(folder, tool), script);
  await chmod(path.join(folder, tool), 0o755);
  const env = { PATH: `${folder}:${process.env['PATH']}`, COUNT: path.join(folder, 'count') };
  // Who asks the network for other owners calls the same tools, at the same time.
  const finished = await net.cni('ADD', pod, { ...dualConfig, dad: { timeoutMs: 0 } }, env);
  expect(JSON.parse(finished.stdout)).toMatchObject({ code: 100 });
  return net.snapshot(pod);
}
