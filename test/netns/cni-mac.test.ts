import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Pod, Topology } from './topology.ts';

const mac = '02:42:c0:a8:0c:63';
const config = {
  cniVersion: '1.0.0',
  type: 'egress-router',
  name: 'n',
  ip: {
    addresses: ['192.168.12.99/24'],
    gateway: '192.168.12.1',
    destinations: ['8080 TCP 203.0.113.25 80'],
  },
  dad: { timeoutMs: 0 },
  mac,
};

let net: Topology;
let pod: Pod;
let before: string;

beforeAll(async () => {
  net = await Topology.make('mac');
  pod = await net.makePod();
  before = await net.snapshot(pod);
});

afterAll(() => net?.remove());

async function linkOf(
  owner: Pod,
): Promise<{ readonly address: string; readonly addr_info: readonly object[] }> {
  return JSON.parse(await net.run(owner.name, ['ip', '-j', 'address', 'show', 'dev', 'net1']))[0];
}

test('one pod after the other has the same MAC, so that the gateway needs no new one', async () => {
  for (const next of [pod, await net.makePod()]) {
    const added = await net.cni('ADD', next, config);
    expect(JSON.parse(added.stdout)).toMatchObject({ interfaces: [{ name: 'net1', mac }] });
    expect((await linkOf(next)).address).toBe(mac);
    // A gateway that has missed every announcement reaches it all the same.
    await net.ip('gw', `neigh replace 192.168.12.99 lladdr ${mac} dev lan0 nud permanent`);
    expect(await net.ask('client', 'tcp', next.address, 8080)).toMatchObject({
      answer: { peer: '192.168.12.99' },
    });
    await net.cni('DEL', next, config);
  }
  expect(await net.snapshot(pod)).toBe(before);
});

test.each([
  ['runtimeConfig', { runtimeConfig: { mac: '02:42:C0:A8:0C:07' } }, {}],
  ['args.cni', { args: { cni: { mac: '02:42:c0:a8:0c:07' } } }, {}],
  ['CNI_ARGS', {}, { CNI_ARGS: 'IgnoreUnknown=1;MAC=02:42:c0:a8:0c:07' }],
])('the MAC of %s wins', async (_, more, env) => {
  expect(await net.cni('ADD', pod, { ...config, ...more }, env)).toMatchObject({ code: 0 });
  expect((await linkOf(pod)).address).toBe('02:42:c0:a8:0c:07');
  await net.cni('DEL', pod, config);
});

test('so do the addresses of the runtime', async () => {
  const asked = { ...config, runtimeConfig: { ips: ['192.168.12.77/24'] } };
  const added = await net.cni('ADD', pod, asked);
  expect(JSON.parse(added.stdout)).toMatchObject({
    ips: [{ interface: 0, address: '192.168.12.77/24', gateway: '192.168.12.1' }],
  });
  expect(await net.ask('client', 'tcp', pod.address, 8080)).toMatchObject({
    answer: { peer: '192.168.12.77' },
  });
  const prevResult = JSON.parse(added.stdout);
  expect(await net.cni('CHECK', pod, { ...asked, prevResult })).toMatchObject({ code: 0 });
  await net.cni('DEL', pod, asked);
  expect(await net.snapshot(pod)).toBe(before);
});

test('where a pod of the router is still on the NIC, ADD is to be tried again', async () => {
  const old = await net.makePod();
  await net.cni('ADD', old, config);
  const added = await net.cni('ADD', pod, config);
  expect(JSON.parse(added.stdout)).toMatchObject({
    code: 11,
    msg: `another interface on enp1s0 has MAC ${mac}`,
  });
  expect(await net.snapshot(pod)).toBe(before);
  await net.cni('DEL', old, config);
});

test('the MAC of the node itself is never changed', async () => {
  const interfaceArgs = { mode: 'passthru', master: 'enp1s0' };
  const added = await net.cni('ADD', pod, { ...config, interfaceArgs });
  expect(JSON.parse(added.stdout)).toMatchObject({
    code: 7,
    msg: `mac "${mac}" cannot be set in mode passthru: it would become that of the node's NIC.`,
  });
});

test('CHECK knows another MAC, MTU and mode', async () => {
  const asked = { ...config, interfaceArgs: { mode: 'bridge', master: 'enp1s0', mtu: '1400' } };
  const added = await net.cni('ADD', pod, asked);
  const checked = { ...asked, prevResult: JSON.parse(added.stdout) };
  expect(await net.cni('CHECK', pod, checked)).toMatchObject({ code: 0 });
  for (const [change, msg, back] of [
    ['mtu 1300', 'interface net1 has MTU 1300, not 1400', 'mtu 1400'],
    [
      'type macvlan mode private',
      'interface net1 is in mode private, not bridge',
      'type macvlan mode bridge',
    ],
    ['address 02:42:c0:a8:0c:07', `interface net1 has MAC 02:42:c0:a8:0c:07, not ${mac}`, `address ${mac}`],
  ] as const) {
    await net.ip(pod.name, `link set dev net1 ${change}`);
    expect(JSON.parse((await net.cni('CHECK', pod, checked)).stdout)).toMatchObject({ code: 102, msg });
    await net.ip(pod.name, `link set dev net1 ${back}`);
  }
  await net.cni('DEL', pod, asked);
  expect(await net.snapshot(pod)).toBe(before);
});
