import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Background, run, until } from './command.ts';
import { digestOf, Flow, KeptRouter } from './kept-router.ts';
import { makeOlder, olderTables } from './older-table.ts';
import { Topology } from './topology.ts';

const one = '203.0.113.25';
const two = '203.0.113.26';
const six = '2001:db8::25';
const servers = [
  ...[9001, 9002, 9003, 9004].flatMap((port) =>
    [one, two].flatMap((ip) => [`${ip}/tcp/${port}`, `${ip}/udp/${port}`]),
  ),
  `${six}/udp/9001`,
];

/** A program that speaks SCTP by itself, as a kernel need not have it: Debian package libusrsctp-examples. */
const tsctp = '/usr/lib/usrsctp/tsctp';
/** Port 0: SCTP on IP, not within UDP. */
const onIp = ['-E', '0', '-U', '0'];

let topology: Topology;
let program: Background;
const opened: { close: () => Promise<void> }[] = [];

beforeAll(async () => {
  topology = await Topology.make('reload');
  const argv = [process.execPath, path.join(import.meta.dirname, 'flow.ts'), 'serve', ...servers];
  program = await Background.start(topology.inside('srv', argv), /^ready$/m);
});

afterAll(async () => {
  await closeAll();
  await program.stop();
  await topology.remove();
});

test('live connections: of kept rules they go on, of removed rules they stop, of changed rules they move', async () => {
  const router = await keep(
    configOf([
      `9001 TCP ${one}`,
      `9001 UDP ${one}`,
      `9001 UDP ${six}`,
      `9002 TCP ${one}`,
      `9002 UDP ${one}`,
      `9003 TCP ${one}`,
      `9003 UDP ${one}`,
    ]),
  );
  const keptTcp = await flow(router, 'tcp', 9001, `${one}/tcp/9001`);
  const keptUdp = await flow(router, 'udp', 9001, `${one}/udp/9001`);
  const kept6 = await flow6(router, 9001);
  const goneTcp = await flow(router, 'tcp', 9002, `${one}/tcp/9002`);
  const goneUdp = await flow(router, 'udp', 9002, `${one}/udp/9002`);
  const movedTcp = await flow(router, 'tcp', 9003, `${one}/tcp/9003`);
  const movedUdp = await flow(router, 'udp', 9003, `${one}/udp/9003`);
  const opened1 = `egress_router_connections_total{port="9001",protocol="TCP",destination="${one}",target_port="9001"}`;
  await until(
    async () => (await counters(router)).get(opened1) === 1,
    10_000,
    () => router.log,
  );
  const before = await counters(router);

  const wanted = configOf([
    `9001 TCP ${one}`,
    `9001 UDP ${one}`,
    `9001 UDP ${six}`,
    `9003 TCP ${two}`,
    `9003 UDP ${two}`,
    `9004 TCP ${two}`,
  ]);
  await router.takesUp(wanted);
  // The defect of the upstream plugin: a UDP flow without a pause keeps its old target.
  await movedUdp.reaches(`${two}/udp/9003`);
  await until(
    () => goneTcp.wasClosed && movedTcp.wasClosed,
    10_000,
    () => router.log,
  );
  const stopped = goneUdp.answers;
  await keptTcp.goesOn(`${one}/tcp/9001`);
  await keptUdp.goesOn(`${one}/udp/9001`);
  await kept6.goesOn(`${six}/udp/9001`);
  expect(goneUdp.answers).toBe(stopped);
  await flow(router, 'tcp', 9004, `${two}/tcp/9004`);
  await flow(router, 'tcp', 9003, `${two}/tcp/9003`);
  expect(await topology.ask('client', 'tcp', router.pod.address, 9002, 2_000)).toEqual({
    error: 'ECONNREFUSED',
  });

  const after = await counters(router);
  for (const unit of ['packets', 'bytes']) {
    for (const direction of ['out', 'back']) {
      const labels = `port="9001",protocol="TCP",destination="${one}",target_port="9001",direction="${direction}"`;
      const kept = `egress_router_${unit}_total{${labels}}`;
      expect(after.get(kept), kept).toBeGreaterThan(before.get(kept) ?? Number.NaN);
    }
  }
  expect([before.get(opened1), after.get(opened1)]).toEqual([1, 1]);
  expect(after.get('egress_router_reloads_total{result="success"}')).toBe(1);
  expect(after.get('egress_router_stale_connections_ended_total')).toBe(4);
  const digest = digestOf(wanted);
  expect(JSON.parse((await router.get('/readyz', 'application/json')).body)).toEqual({
    ready: true,
    digest,
    faults: [],
    warnings: [],
  });
  expect(after.get(`egress_router_config_info{digest="${digest}"}`)).toBe(1);
});

test('CNI CHECK knows that a router process keeps the rules, and still finds what is broken', async () => {
  const router = await keep(configOf([`9001 UDP ${one}`]));
  await router.becomesReady();
  await router.takesUp(configOf([`9001 UDP ${two}`, `9002 UDP ${six}`], one));
  expect(await router.check()).toEqual({ code: 0, stdout: '', stderr: '' });
  await router.stop();
  await topology.run(router.pod.name, ['nft', 'delete element inet egress_router dnat6 { 17 . 9002 }']);
  const { code, stdout } = await router.check();
  expect([code, JSON.parse(stdout).msg]).toEqual([1, 'the IPv6 redirects contradict each other']);
});

test('a fallback takes up ports without a rule, gives up those that get one, and goes', async () => {
  const router = await keep(configOf([`9001 UDP ${one}`]));
  await router.takesUp(configOf([`9001 UDP ${one}`], one));
  const ruled = await flow(router, 'udp', 9001, `${one}/udp/9001`);
  const stays = await flow(router, 'udp', 9002, `${one}/udp/9002`);
  const taken = await flow(router, 'udp', 9003, `${one}/udp/9003`);
  const sameNumber = await flow(router, 'tcp', 9003, `${one}/tcp/9003`);

  await router.takesUp(configOf([`9001 UDP ${one}`, `9003 UDP ${two}`], one));
  await taken.reaches(`${two}/udp/9003`);
  await stays.goesOn(`${one}/udp/9002`);
  await sameNumber.goesOn(`${one}/tcp/9003`);
  // One that is ended goes on as a new connection to the same server, so only their number tells.
  await router.says(/in force: dnat4 \{ 17 \. 9003 \}.*; ended 1 stale connection$/m);

  await router.takesUp(configOf([`9001 UDP ${one}`], one));
  const again = await flow(router, 'udp', 9003, `${one}/udp/9003`);

  await router.takesUp(configOf([`9001 UDP ${one}`], two));
  await stays.reaches(`${two}/udp/9002`);
  await again.reaches(`${two}/udp/9003`);

  await router.takesUp(configOf([`9001 UDP ${one}`]));
  const stopped = stays.answers;
  await ruled.goesOn(`${one}/udp/9001`);
  expect(stays.answers).toBe(stopped);
});

test('a file that cannot be used leaves the rules from before, and readiness says so', async () => {
  const config = configOf([`9001 UDP ${one}`]);
  const router = await keep(config);
  const live = await flow(router, 'udp', 9001, `${one}/udp/9001`);
  const broken = [
    ['{', /The configuration cannot be read: .* The rules from before stay in force\./],
    [
      configOf([`9001 UDP ${one}`, '70000 TCP 203.0.113.25']),
      /70000.* The rules from before stay in force\./,
    ],
    [
      {
        ...config,
        ip: {
          ...config.ip,
          addresses: ['192.168.12.98/24', 'fd12::99/64'],
          destinations: [`9001 UDP ${two}`],
        },
      },
      /^The configuration needs a new pod: it changes addresses\.$/m,
    ],
    [
      { ...config, interfaceArgs: { mode: 'private' } },
      /^The configuration needs a new pod: it changes interfaceArgs\.$/m,
    ],
  ] as const;
  for (const [text, fault] of broken) {
    await router.configure(text);
    await until(
      async () => fault.test((await router.get('/readyz')).body),
      10_000,
      () => router.log,
    );
    expect(await router.digestInForce()).toBe(digestOf(config));
    await live.goesOn(`${one}/udp/9001`, 5);
  }
  await router.configure(config);
  await router.becomesReady();
});

test('rules that changed while no process ran, and connections that a killed one left stale, are seen to', async () => {
  const router = await keep(configOf([`9001 UDP ${one}`, `9002 UDP ${one}`]));
  const moved = await flow(router, 'udp', 9001, `${one}/udp/9001`);
  const left = await flow(router, 'udp', 9002, `${one}/udp/9002`);
  await router.stop();
  // As a process leaves it that is killed between its two steps.
  const element = `{ 17 . 9002 : ${two} . 9002 }`;
  await topology.run(router.pod.name, ['nft', '-f', '-'], {
    input: `delete element inet egress_router dnat4 { 17 . 9002 }
add element inet egress_router dnat4 ${element}
add element inet egress_router stale { ${(2 << 18) | 9002} }\n`,
  });
  await router.configure(configOf([`9001 UDP ${two}`, `9002 UDP ${two}`]));
  await router.start();
  await moved.reaches(`${two}/udp/9001`);
  await left.reaches(`${two}/udp/9002`);
});

test('connections of changed rules move also where the table has to be replaced as a whole', async () => {
  const router = await keep(configOf([`9001 UDP ${one}`, `9002 UDP ${one}`]));
  const moved = await flow(router, 'udp', 9001, `${one}/udp/9001`);
  const kept = await flow(router, 'udp', 9002, `${one}/udp/9002`);
  await router.stop();
  // As an older plugin made it: a set of the same name is declared otherwise.
  const listed = await topology.run(router.pod.name, ['nft', 'list', 'table', 'inet', 'egress_router']);
  const older = listed.replace(/(set kept \{\s*type) mark/, '$1 inet_service');
  expect(older).not.toBe(listed);
  await topology.run(router.pod.name, ['nft', '-f', '-'], {
    input: `delete table inet egress_router\n${older}`,
  });
  await router.configure(configOf([`9001 UDP ${two}`, `9002 UDP ${one}`]));
  await router.start();
  expect(router.log).toContain('table egress_router as a whole');
  await moved.reaches(`${two}/udp/9001`);
  await kept.goesOn(`${one}/udp/9002`);
});

test('connections of changed rules move also where the table was taken away meanwhile', async () => {
  const router = await keep(configOf([`9001 UDP ${one}`, `9002 UDP ${one}`]));
  const moved = await flow(router, 'udp', 9001, `${one}/udp/9001`);
  const kept = await flow(router, 'udp', 9002, `${one}/udp/9002`);
  await router.whilePaused(async () => {
    await topology.run(router.pod.name, ['nft', 'delete', 'table', 'inet', 'egress_router']);
    await router.configure(configOf([`9001 UDP ${two}`, `9002 UDP ${one}`]));
  });
  await router.says(/in force: the table was missing; ended 1 stale connection/);
  await moved.reaches(`${two}/udp/9001`);
  await kept.goesOn(`${one}/udp/9002`);
});

// One on each side: of two in a namespace, either ends the associations of the other one, which it does not know.
test.skipIf(!existsSync(tsctp))('a live SCTP association of a changed rule ends', async () => {
  await closeAll();
  const serve = ['stdbuf', '-oL', tsctp, ...onIp, '-L', one, '-p', '5001', '-v'];
  opened.push(closing(await Background.start(topology.inside('srv', serve), /Receive buffer size/)));
  const router = await KeptRouter.make(topology, configOf([`5001 SCTP ${one}`, `5002 SCTP ${two}`]));
  opened.push(router);
  const call = ['stdbuf', '-oL', tsctp, ...onIp, '-p', '5001', '-n', '0', '-T', '60', router.pod.address];
  opened.push(closing(await Background.start(topology.inside('client', call), /\n/)));
  const isLive = async (): Promise<boolean> => {
    const listed = await topology.run(router.pod.name, ['conntrack', '-L', '-p', '132']);
    return new RegExp(`ESTABLISHED .* src=${one} .*mark=[1-9]`).test(listed);
  };
  await expect.poll(isLive, { timeout: 10_000 }).toBe(true);
  await router.takesUp(configOf([`5001 SCTP ${one}`, `5002 SCTP ${one}`]));
  expect(await isLive()).toBe(true);
  await router.takesUp(configOf([`5001 SCTP ${two}`, `5002 SCTP ${one}`]));
  await expect.poll(isLive, { timeout: 10_000 }).toBe(false);
});

test('connections of changed rules move also where the table was taken away while no process ran', async () => {
  const rules = [`9001 UDP ${one}`, `9002 UDP ${one}`, `9003 UDP ${one}`];
  const router = await keep(configOf(rules, one));
  const moved = await flow(router, 'udp', 9001, `${one}/udp/9001`);
  const kept = await flow(router, 'udp', 9002, `${one}/udp/9002`);
  const gone = await flow(router, 'udp', 9003, `${one}/udp/9003`);
  const ofFallback = await flow(router, 'udp', 9004, `${one}/udp/9004`);
  await router.stop();
  await topology.run(router.pod.name, ['nft', 'delete', 'table', 'inet', 'egress_router']);
  await router.configure(configOf([`9001 UDP ${two}`, `9002 UDP ${one}`], two));
  await router.start();
  expect(router.log).toMatch(/in force: the table was missing; ended 3 stale connections/);
  await moved.reaches(`${two}/udp/9001`);
  await gone.reaches(`${two}/udp/9003`);
  await ofFallback.reaches(`${two}/udp/9004`);
  await kept.goesOn(`${one}/udp/9002`);
});

/** Who answers. */
async function ping(from: string, address: string): Promise<string> {
  const program = ['python3', path.join(import.meta.dirname, 'icmp.py')];
  return (await topology.run(from, [...program, address, 'echo'])).trim();
}

test.each(olderTables)('a table $name is brought up to date, and connections go on', async (older) => {
  const config = configOf([`9001 TCP ${one}`, `9001 TCP ${six}`]);
  const router = await keep(config);
  const live = await flow(router, 'tcp', 9001, `${one}/tcp/9001`);
  await router.stop();
  await makeOlder(topology, router.pod, older, { port: 9001, targetPort: 9001 });
  await live.goesOn(`${one}/tcp/9001`, 5);
  const { address } = router.pod;
  await topology.ip('mallory', `route replace ${address} via 192.168.12.99`);
  expect(await ping('mallory', address)).toBe(address);
  await router.start();
  await router.becomesReady();
  expect(await ping('mallory', address)).toBe('nobody');
  await live.goesOn(`${one}/tcp/9001`);
  expect(await router.check()).toEqual({ code: 0, stdout: '', stderr: '' });
  const out = `{port="9001",protocol="TCP",destination="${one}",target_port="9001",direction="out"}`;
  await until(
    async () => ((await counters(router)).get(`egress_router_packets_total${out}`) ?? 0) > 0,
    10_000,
    () => router.log,
  );
  await router.takesUp(configOf([`9001 TCP ${two}`, `9001 TCP ${six}`]));
  await until(
    () => live.wasClosed,
    10_000,
    () => router.log,
  );
});

test('without "conntrack" the rules change, and readiness says which connections could not be ended', async () => {
  const router = await keep(configOf([`9001 UDP ${one}`, `9002 UDP ${one}`]), {
    PATH: await folderOf('ip', 'nft'),
  });
  const gone = await flow(router, 'udp', 9002, `${one}/udp/9002`);
  await router.configure(configOf([`9001 UDP ${two}`]));
  await router.says(
    /Connections of .*9001\/UDP \(IPv4\).* cannot be ended: conntrack: spawn conntrack ENOENT/,
  );
  const stopped = gone.answers;
  const sent = await topology.capture('udp dst port 9001 or udp dst port 9002');
  await (await flow(router, 'udp', 9001, `${two}/udp/9001`)).goesOn(`${two}/udp/9001`);
  expect(gone.answers).toBe(stopped);
  // Not only are the answers kept out: nothing reaches the server any more.
  expect(await sent.printed(/\.9001: UDP/)).not.toContain('.9002: ');
});

type Config = ReturnType<typeof configOf>;

function configOf(destinations: readonly string[], fallback?: string) {
  return {
    cniVersion: '1.0.0',
    name: 'egress-router-cni-nad',
    type: 'egress-router',
    ip: {
      addresses: ['192.168.12.99/24', 'fd12::99/64'],
      gateway: ['192.168.12.1', 'fd12::1'],
      destinations,
      ...(fallback === undefined ? {} : { fallbackIP: fallback }),
    },
    localPorts: ['9410 TCP'],
  };
}

function closing(started: Background): { close: () => Promise<void> } {
  return { close: () => started.stop() };
}

async function closeAll(): Promise<void> {
  for (const one of opened.splice(0).toReversed()) await one.close();
}

async function keep(config: Config, env: Readonly<Record<string, string>> = {}): Promise<KeptRouter> {
  await closeAll();
  const router = await KeptRouter.make(topology, config, env);
  opened.push(router);
  return router;
}

async function flow(
  router: KeptRouter,
  protocol: 'tcp' | 'udp',
  port: number,
  server: string,
): Promise<Flow> {
  const started = await Flow.start(topology, 'client', protocol, router.pod.address, port, server);
  opened.push(started);
  return started;
}

async function flow6(router: KeptRouter, port: number): Promise<Flow> {
  const server = `${six}/udp/${port}`;
  const started = await Flow.start(topology, 'client', 'udp', router.pod.address6, port, server);
  opened.push(started);
  return started;
}

async function counters(router: KeptRouter): Promise<ReadonlyMap<string, number>> {
  const { body } = await router.get('/metrics');
  return new Map(
    body.split('\n').flatMap((line) => {
      const end = line.lastIndexOf(' ');
      return line.startsWith('#') || end < 0 ? [] : [[line.slice(0, end), Number(line.slice(end + 1))]];
    }),
  );
}

/** The only programs that a process finds. */
async function folderOf(...programs: readonly string[]): Promise<string> {
  const folder = path.join(topology.folder, 'tools');
  await mkdir(folder);
  for (const name of programs) {
    await symlink((await run(['which', name])).trim(), path.join(folder, name));
  }
  return folder;
}
