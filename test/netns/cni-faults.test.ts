import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attempt, type Finished, run } from './command.ts';
import { isFiltered } from './is-filtered.ts';
import { dualConfig } from './netconfs.ts';
import { executable, type Pod, Topology } from './topology.ts';

// That each tool of ADD fails in turn stands in `cni-lifecycle.test.ts`; here is the rest of what can fail.

const done = { code: 0, stdout: '', stderr: '' };

let net: Topology;
let pod: Pod;
let before: string;

beforeAll(async () => {
  net = await Topology.make('fault');
  pod = await net.makePod();
  // Strict, so that ADD has to change it, too.
  await net.run(pod.name, ['sysctl', '-q', '-w', 'net.ipv4.conf.eth0.rp_filter=1']);
  before = await net.snapshot(pod);
});

afterAll(() => net?.remove());

describe('each setting that cannot be written leaves the namespace as it was', () => {
  const ofLink = ['arp_notify', 'arp_ignore', 'arp_announce', 'rp_filter', 'forwarding'];
  const ofLink6 = ['disable_ipv6', 'accept_ra', 'ndisc_notify'];
  const ofNeighbors = ['base_reachable_time_ms', 'delay_first_probe_time'];
  test.each([
    ...ofLink.map((name) => `ipv4/conf/LINK/${name}`),
    ...ofLink6.map((name) => `ipv6/conf/LINK/${name}`),
    ...ofNeighbors.flatMap((name) => [`ipv4/neigh/LINK/${name}`, `ipv6/neigh/LINK/${name}`]),
    'ipv4/conf/eth0/forwarding',
    'ipv4/conf/eth0/rp_filter',
    'ipv6/conf/all/forwarding',
  ])('%s', async (key) => {
    const finished = await addWithReadOnly(key);
    expect(finished.code).toBe(1);
    expect(JSON.parse(finished.stdout)).toMatchObject({
      code: 100,
      msg: expect.stringMatching(
        new RegExp(`^cannot set ${key.replace('LINK', 'ert-[0-9]+')} to [0-9]+: Read-only file system$`),
      ),
    });
    await expectAsBefore(key);
  });
});

describe('DEL', () => {
  test.each(['instead of', 'after'] as const)(
    'whose tools fail %s doing their work says so, and the next DEL ends it',
    async (moment) => {
      const folder = await makeFailing(moment);
      const environment = { PATH: `${folder}:${process.env['PATH']}`, CALLS: path.join(folder, 'calls') };
      expect(await net.cni('ADD', pod, dualConfig)).toMatchObject({ code: 0 });
      expect(await net.cni('DEL', pod, dualConfig, { ...environment, FAIL_AT: 'none' })).toEqual(done);
      await expectAsBefore('a DEL that nothing went wrong with');
      const calls = new Set((await readFile(environment.CALLS, 'utf8')).trim().split('\n'));
      expect(calls.size).toBeGreaterThan(7);
      for (const call of calls) {
        await rm(path.join(folder, 'failed'), { force: true });
        expect(await net.cni('ADD', pod, dualConfig)).toMatchObject({ code: 0 });
        const finished = await net.cni('DEL', pod, dualConfig, { ...environment, FAIL_AT: call });
        if (finished.code === 0) {
          // What had come to its end before somebody said it had not.
          await expectAsBefore(call);
          continue;
        }
        expect(JSON.parse(finished.stdout), call).toMatchObject({
          code: 100,
          msg: expect.stringMatching(/^cannot .+/),
        });
        await expectFiltered(call);
        expect(await net.cni('DEL', pod, dualConfig), call).toEqual(done);
        await expectAsBefore(call);
      }
    },
  );
});

describe('ADD whose way back fails, too', () => {
  test.each(['ip', 'nft'])('where %s fails from the routes on: never open, and DEL ends it', async (tool) => {
    const folder = path.join(net.folder, `broken-${tool}`);
    await mkdir(folder);
    const broken = path.join(folder, 'broken');
    for (const name of ['ip', 'nft']) {
      // Both work until the first call that sets routes, which fails; from then on so does the tool.
      const fail = `{ touch ${broken}; echo injected >&2; exit 1; }`;
      await writeTool(folder, name, [
        ...(name === 'ip' ? [`case "$*" in "-6 -batch -") ${fail};; esac`] : []),
        ...(name === tool ? [`[ -e ${broken} ] && ${fail}`] : []),
      ]);
    }
    const finished = await net.cni('ADD', pod, dualConfig, { PATH: `${folder}:${process.env['PATH']}` });
    expect(JSON.parse(finished.stdout)).toMatchObject({ msg: 'cannot set the IPv6 routes: injected' });
    await expectFiltered(tool);
    expect(await net.cni('DEL', pod, dualConfig)).toEqual(done);
    await expectAsBefore(tool);
  });
});

test('an ADD that fails ends all that it has started: the next one may come at once', async () => {
  const folder = path.join(net.folder, 'no-rules');
  await mkdir(folder);
  await writeTool(folder, 'nft', ['[ "$*" = "-f -" ] && exit 1']);
  const asking = { ...dualConfig, dad: { timeoutMs: 3000 } };
  const failed = await net.cni('ADD', pod, asking, { PATH: `${folder}:${process.env['PATH']}` });
  expect(JSON.parse(failed.stdout)).toMatchObject({ code: 100 });
  expect(await net.cni('ADD', pod, dualConfig)).toMatchObject({ code: 0 });
  expect(await net.cni('DEL', pod, dualConfig)).toEqual(done);
  await expectAsBefore('an ADD after one that failed');
});

describe('a namespace that cannot be entered', () => {
  const refusal = (netns: string): object => ({
    code: 100,
    msg: `cannot work in the pod's network namespace: the network namespace ${netns} cannot be entered`,
    details: netns,
  });

  test('is told by an ADD that may not, and by a DEL, which leaves all as it is', async () => {
    const may = ['setpriv', '--bounding-set=-sys_admin'];
    expect(JSON.parse((await invoke('ADD', pod.netns, may)).stdout)).toMatchObject(refusal(pod.netns));
    await expectAsBefore('ADD');
    expect(await net.cni('ADD', pod, dualConfig)).toMatchObject({ code: 0 });
    const attached = await net.snapshot(pod);
    const refused = await invoke('DEL', pod.netns, may);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject(refusal(pod.netns));
    expect(await net.snapshot(pod)).toBe(attached);
    expect(await net.cni('DEL', pod, dualConfig)).toEqual(done);
    await expectAsBefore('DEL');
  });

  test.each(['ADD', 'CHECK', 'DEL'])('is told by %s where it is one of another kind', async (command) => {
    const netns = `/proc/${process.pid}/ns/uts`;
    const refused = await invoke(command, netns);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject(refusal(netns));
  });

  test('keeps ADD from no more than asking for other owners, where it is the one to ask in', async () => {
    const folder = path.join(net.folder, 'no-unshare');
    await mkdir(folder);
    await writeTool(folder, 'unshare', ['echo "unshare: Operation not permitted" >&2; exit 1']);
    const added = await net.cni('ADD', pod, dualConfig, { PATH: `${folder}:${process.env['PATH']}` });
    expect(added).toMatchObject({
      code: 0,
      stderr:
        'egress-router: cannot look for other owners of the addresses: unshare: Operation not permitted\n',
    });
    expect(await net.cni('DEL', pod, dualConfig)).toEqual(done);
    await expectAsBefore('DEL');
  });
});

test('where no more files can be opened, ADD says just that, and leaves nothing', async () => {
  for (let files = 4; files <= 10; files += 1) {
    const added = await invoke('ADD', pod.netns, ['sh', '-c', `ulimit -n ${files}; exec "$@"`, 'sh']);
    expect(added, `${files} files`).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(added.stdout), `${files} files`).toMatchObject({
      code: 100,
      msg: expect.stringMatching(/^cannot .*: Too many open files$/),
    });
    await expectAsBefore(`${files} files`);
  }
});

test('a note that the node cannot keep is told in the log, and ADD goes on', async () => {
  const notes = '/run/egress-router-cni';
  const script = `mkdir -p ${notes} && mount -t tmpfs -o ro none ${notes} && exec "$@"`;
  const log_file = path.join(net.folder, 'notes.log');
  const by = ['unshare', '--mount', 'sh', '-c', script, 'sh'];
  expect(await invoke('ADD', pod.netns, by, undefined, { log_file })).toMatchObject({ code: 0, stderr: '' });
  expect(await readFile(log_file, 'utf8')).toContain(
    'warning ADD c1 cannot note who has address 192.168.12.99 on this node: Read-only file system',
  );
  expect(await net.cni('DEL', pod, dualConfig)).toEqual(done);
  await expectAsBefore('DEL');
});

async function expectFiltered(explain: string): Promise<void> {
  expect(await isFiltered(net, pod), explain).toBe(true);
}

async function expectAsBefore(explain: string): Promise<void> {
  expect((await net.snapshot(pod)).split('\n'), explain).toEqual(before.split('\n'));
}

/**
 * ADD in a mount namespace of its own, in which one setting of the pod is read-only as soon as the link is made.
 * LINK stands for the name that the link has by then.
 */
async function addWithReadOnly(key: string): Promise<Finished> {
  const folder = path.join(net.folder, `read-only-${key.replaceAll('/', '-')}`);
  await mkdir(folder);
  const script = `link=$(ls /proc/sys/net/ipv4/conf | grep ^ert-)
file=/proc/sys/net/$(echo ${key} | sed "s/LINK/$link/")
mount --bind "$file" "$file" && mount -o remount,bind,ro "$file"`;
  await writeTool(folder, 'ip', [
    `case "$*" in "link add"*) $real "$@" && exec nsenter --net=${pod.netns} sh -c '${script}';; esac`,
  ]);
  return invoke('ADD', pod.netns, ['unshare', '--mount'], `${folder}:${process.env['PATH']}`);
}

/** The executable on the node, started by another program. */
function invoke(
  command: string,
  netns: string,
  by: readonly string[] = [],
  programs = process.env['PATH'] ?? '',
  more: object = {},
): Promise<Finished> {
  const settings = {
    PATH: programs,
    CNI_COMMAND: command,
    CNI_CONTAINERID: 'c1',
    CNI_NETNS: netns,
    CNI_IFNAME: 'net1',
  };
  const env = ['env', '-i', ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)];
  return attempt(net.inside('node', [...by, ...env, executable]), {
    input: JSON.stringify({ ...dualConfig, dad: { timeoutMs: 0 }, ...more }),
  });
}

/**
 * Programs named ip and nft that write each call into $CALLS, and of which the call that equals $FAIL_AT
 * fails, once.
 */
async function makeFailing(moment: 'instead of' | 'after'): Promise<string> {
  const folder = path.join(net.folder, `del-${moment.replace(' ', '-')}`);
  await mkdir(folder);
  for (const tool of ['ip', 'nft']) {
    const work = moment === 'after' ? `"$real" "$@"; ` : '';
    await writeTool(folder, tool, [
      `call="${tool} $(printf %s "$*" | sed 's/[0-9][0-9][0-9]*/N/g')"`,
      'echo "$call" >>"$CALLS"',
      `[ "$call" = "$FAIL_AT" ] && ln -s / "${folder}/failed" && { ${work}echo injected >&2; exit 1; }`,
    ]);
  }
  return folder;
}

/** A program of that name that runs some lines of shell and then becomes the real one. */
async function writeTool(folder: string, tool: string, lines: readonly string[]): Promise<void> {
  const real = (await run(['sh', '-c', 'command -v "$0"', tool])).trim();
  const file = path.join(folder, tool);
  await writeFile(file, ['#!/bin/sh', `real=${real}`, ...lines, 'exec "$real" "$@"', ''].join('\n'));
  await chmod(file, 0o755);
}
