import { chmod, lstat, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run, until } from './command.ts';
import { dualConfig } from './netconfs.ts';
import { type Pod, Topology } from './topology.ts';

let net: Topology;
let pod: Pod;
let before: string;

beforeAll(async () => {
  net = await Topology.make('kill');
  pod = await net.makePod();
  before = await net.snapshot(pod);
});

afterAll(() => net?.remove());

test.each(['before', 'while', 'after'] as const)(
  'killed %s each of its steps is done, ADD leaves what DEL takes away, and nothing on the node',
  async (moment) => {
    const config = { ...dualConfig, dad: { timeoutMs: 40 } };
    const folder = await makeWrappers(moment);
    const env = { PATH: `${folder}:${process.env['PATH']}`, CALLS: path.join(folder, 'calls') };
    expect(await net.cni('ADD', pod, config, { ...env, KILL_AT: 'none' })).toMatchObject({ code: 0 });
    expect(await net.cni('DEL', pod, config)).toMatchObject({ code: 0 });
    const node = await linksOfNode();
    const calls = new Set((await readFile(env.CALLS, 'utf8')).trim().split('\n'));
    expect(calls.size).toBeGreaterThan(10);
    for (const call of calls) {
      for (const mark of ['killed', 'done']) await rm(path.join(folder, mark), { force: true });
      await net.cni('ADD', pod, config, { ...env, KILL_AT: call });
      expect(await net.cni('DEL', pod, config), call).toEqual({ code: 0, stdout: '', stderr: '' });
      if (moment === 'while')
        await until(
          () => exists(path.join(folder, 'done')),
          5000,
          () => call,
        );
      expect(await net.snapshot(pod), call).toBe(before);
      expect(await linksOfNode(), call).toBe(node);
    }
  },
);

test.each(['before', 'after'] as const)(
  'killed %s each of its steps is done, DEL leaves what the next ADD knows to take over',
  async (moment) => {
    const config = { ...dualConfig, dad: { timeoutMs: 0 } };
    const folder = await makeWrappers(moment, 'del');
    const env = { PATH: `${folder}:${process.env['PATH']}`, CALLS: path.join(folder, 'calls') };
    expect(await net.cni('ADD', pod, config)).toMatchObject({ code: 0 });
    expect(await net.cni('DEL', pod, config, { ...env, KILL_AT: 'none' })).toMatchObject({ code: 0 });
    const calls = new Set((await readFile(env.CALLS, 'utf8')).trim().split('\n'));
    expect(calls.size).toBeGreaterThan(5);
    for (const call of calls) {
      await rm(path.join(folder, 'killed'), { force: true });
      expect(await net.cni('ADD', pod, config), call).toMatchObject({ code: 0 });
      await net.cni('DEL', pod, config, { ...env, KILL_AT: call });
      // Before it has taken the interface away, ADD has to refuse; then DEL is due in any case.
      await net.cni('ADD', pod, config);
      expect(await net.cni('DEL', pod, config), call).toEqual({ code: 0, stdout: '', stderr: '' });
      expect(await net.snapshot(pod), call).toBe(before);
    }
  },
);

async function exists(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => undefined)) !== undefined;
}

async function linksOfNode(): Promise<string> {
  const shown = await net.run('node', ['ip', '-br', 'link', 'show']);
  const rules = await net.run('node', ['nft', 'list', 'ruleset']);
  return `${shown}${rules}`;
}

/** Programs that write each call into $CALLS, and kill whoever made the one that equals $KILL_AT, once. */
async function makeWrappers(moment: 'before' | 'while' | 'after', label = 'add'): Promise<string> {
  const folder = path.join(net.folder, `kill-${label}-${moment}`);
  await mkdir(folder);
  const kill = 'kill -KILL $PPID';
  for (const tool of ['ip', 'nft', 'unshare']) {
    const real = (await run(['sh', '-c', 'command -v "$0"', tool])).trim();
    const steps = {
      before: `${kill}; exit 1`,
      // The work of a tool does not end with whoever started it.
      while: `${kill}; sleep 0.2; ${real} "$@"; ln -s / "${folder}/done"; exit 0`,
      after: `${real} "$@"; ${kill}; exit 1`,
    };
    const script = `#!/bin/sh
call="${tool} $(printf %s "$*" | sed 's/[0-9][0-9][0-9]*/N/g')"
echo "$call" >>"$CALLS"
[ "$call" = "$KILL_AT" ] && ln -s / "${folder}/killed" && { ${steps[moment]}; }
exec ${real} "$@"
`;
    await writeFile(path.join(folder, tool), script);
    await chmod(path.join(folder, tool), 0o755);
  }
  return folder;
}
