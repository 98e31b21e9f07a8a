import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from './command.ts';
import { Topology } from './topology.ts';

const config = {
  cniVersion: '1.0.0',
  type: 'egress-router',
  name: 'n',
  ip: { addresses: ['192.168.12.99/24'], destinations: ['8080 TCP 203.0.113.25 80'] },
  dad: { timeoutMs: 0 },
};

let net: Topology;

beforeAll(async () => {
  net = await Topology.make('hang');
});

afterAll(() => net?.remove());

test.each([
  // What the tool has started holds on to its output after it has been killed.
  [
    'nft',
    '-f -',
    'sleep 15',
    'cannot install the firewall rules: "nft" did not end within 10 s and was killed',
  ],
  [
    'ip',
    '-j -d -batch -',
    'exec sleep 60',
    'cannot configure interface net1: "ip" did not end within 10 s and was killed',
  ],
])('an %s that hangs is ended and named, and ADD leaves nothing', async (tool, args, hang, msg) => {
  // One each: as long as anything that a tool has started is there, the lock of the pod is its.
  const pod = await net.makePod();
  const before = await net.snapshot(pod);
  const folder = path.join(net.folder, `hanging-${tool}`);
  await mkdir(folder);
  const real = (await run(['sh', '-c', 'command -v "$0"', tool])).trim();
  const once = path.join(folder, 'once');
  const script = `#!/bin/sh
[ "$*" = "${args}" ] && ln -s / ${once} 2>/dev/null && ${hang}
exec ${real} "$@"
`;
  await writeFile(path.join(folder, tool), script);
  await chmod(path.join(folder, tool), 0o755);
  const env = { PATH: `${folder}:${process.env['PATH']}` };
  const finished = await net.cni('ADD', pod, config, env);
  expect(JSON.parse(finished.stdout)).toMatchObject({ cniVersion: '1.0.0', code: 100, msg });
  expect(await net.snapshot(pod)).toBe(before);
  await rm(folder, { recursive: true });
});
