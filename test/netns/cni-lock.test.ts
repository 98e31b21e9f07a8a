import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attempt } from './command.ts';
import { type Pod, Topology } from './topology.ts';

const executable = path.join(import.meta.dirname, '../../dist/agent/egress-router');

/** Asks for other owners for a while, in which other things can happen. */
const config = {
  cniVersion: '1.0.0',
  type: 'egress-router',
  name: 'n',
  ip: { addresses: ['192.168.12.99/24'], destinations: ['8080 TCP 203.0.113.25 80'] },
  dad: { timeoutMs: 1500 },
};

let net: Topology;
let pod: Pod;
let before: string;

beforeAll(async () => {
  net = await Topology.make('lock');
  pod = await net.makePod();
  before = await net.snapshot(pod);
});

afterAll(() => net?.remove());

test('of two ADDs at once in one pod the second is told to try again, and the first is not disturbed', async () => {
  const capture = await net.capture('arp');
  const first = net.cni('ADD', pod, config);
  await capture.printed(/who-has 192\.168\.12\.99/);
  await capture.stop();
  const second = await net.cni('ADD', pod, config);
  expect(JSON.parse(second.stdout)).toEqual({
    cniVersion: '1.0.0',
    code: 11,
    msg: 'another ADD or DEL is at work in the pod',
    details: pod.netns,
  });
  expect(await first).toMatchObject({ code: 0, stderr: '' });
  expect(await net.cni('CHECK', pod, { ...config, prevResult: {} })).toMatchObject({ code: 0 });
  expect(await net.cni('DEL', pod, config)).toMatchObject({ code: 0 });
  expect(await net.snapshot(pod)).toBe(before);
});

test('DEL waits for what a runtime has left of an ADD that it killed', async () => {
  const settings = ['CNI_COMMAND=ADD', `CNI_NETNS=${pod.netns}`, 'CNI_IFNAME=net1', 'CNI_CONTAINERID=c1'];
  const killed = ['env', ...settings, 'timeout', '--foreground', '--signal', 'KILL', '0.7', executable];
  expect(await attempt(net.inside('node', killed), { input: JSON.stringify(config) })).toMatchObject({
    stdout: '',
  });
  // Its process inside the pod is at work.
  expect(await net.snapshot(pod)).not.toBe(before);
  expect(await net.cni('DEL', pod, config)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(await net.snapshot(pod)).toBe(before);
});

test('ADD replaces the firewall rules of an ADD that was killed before it had a link', async () => {
  await net.run(pod.name, ['nft', 'add', 'table', 'inet', 'egress_router']);
  expect(await net.cni('ADD', pod, { ...config, dad: { timeoutMs: 0 } })).toMatchObject({ code: 0 });
  expect(await net.cni('CHECK', pod, { ...config, prevResult: {} })).toMatchObject({ code: 0 });
  expect(await net.cni('DEL', pod, config)).toMatchObject({ code: 0 });
  expect(await net.snapshot(pod)).toBe(before);
});
