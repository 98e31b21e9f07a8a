import { afterAll, beforeAll, expect, test } from 'vitest';
import { metricsFaults } from '../../core/test/prometheus-format.ts';
import { netConf, RouterPod, until } from './router-pod.ts';

const document = {
  cniVersion: '1.0.0',
  name: 'egress-router-cni-nad',
  type: 'egress-router',
  ip: {
    addresses: ['192.168.12.99/24', 'fd12::99/64'],
    gateway: ['192.168.12.1', 'fd12::1'],
    destinations: ['8080 TCP 203.0.113.25 80', '8053 UDP 203.0.113.26 53', '8080 TCP 2001:db8::25 80'],
  },
  localPorts: ['9410 TCP'],
};

let pod: RouterPod;

beforeAll(async () => {
  pod = await RouterPod.make();
  await pod.writeConfig(document);
});

afterAll(() => pod.remove());

test('readiness of the router process follows the pod from nothing to attached to broken', async () => {
  const agent = await pod.startAgent('net-admin');
  const bare = await pod.ask('/readyz');
  expect(bare.status).toBe(503);
  expect(bare.body.split('\n')).toEqual([
    'There is no interface net1: the CNI plugin did not attach it.',
    'The IPv4 routing rule from eth0 to table 7101 is missing.',
    'The IPv4 routing rule from net1 to table 7102 is missing.',
    'The IPv4 route by net1 in table 7101 is missing.',
    'The IPv6 routing rule from eth0 to table 7101 is missing.',
    'The IPv6 routing rule from net1 to table 7102 is missing.',
    'The IPv6 route by net1 in table 7101 is missing.',
    'The nftables rules of the router are missing.',
    '',
  ]);

  await pod.attach(netConf(document));
  await becomesReady(agent.log);
  const metrics = await pod.ask('/metrics');
  expect(metrics.body).toContain('egress_router_ready 1');
  expect(metrics.body).toContain(
    'egress_router_packets_total{port="8080",protocol="TCP",destination="203.0.113.25",target_port="80",direction="out"} 0',
  );
  expect(metrics.body).toContain('egress_router_refused_packets_total{reason="inbound_blocked"} ');
  expect(metricsFaults(metrics.body)).toEqual([]);
  // What the pod knows of itself is for those who may run something in it.
  expect((await pod.ask('/inspection')).status).toBe(403);
  const inspection = await pod.inspect();
  expect(inspection).toMatchObject({ ready: true, faults: [] });
  expect(JSON.stringify(inspection)).toContain('"destination":"2001:db8::25"');

  // Only the node can make an interface; all else is put back (router-drift.test.ts).
  await pod.inPod('ip', ['link', 'del', 'net1']);
  const gone = 'There is no interface net1: the CNI plugin did not attach it.';
  await until(async () => (await pod.ask('/readyz')).body.split('\n').includes(gone), agent.log);
  expect(await agent.stop()).toBe(0);
  expect(agent.log()).toContain('rules of configuration');
});

test('without NET_ADMIN the process says what it cannot read, and is not ready', async () => {
  const other = await RouterPod.make();
  try {
    await other.writeConfig(document);
    await other.attach(netConf(document));
    const agent = await other.startAgent('none');
    const { status, body } = await other.ask('/readyz');
    expect(status).toBe(503);
    expect(body).toMatch(/^Cannot read the nftables rules: .*Operation not permitted/);
    expect((await other.ask('/metrics')).body).toContain('egress_router_readable{what="nft"} 0');
    expect(await agent.stop()).toBe(0);
  } finally {
    await other.remove();
  }
});

async function becomesReady(explain: () => string): Promise<void> {
  await until(async () => (await pod.ask('/readyz')).status === 200, explain);
}
