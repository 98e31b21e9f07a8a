import { expect, test } from 'vitest';
import { parseIfName } from '#core/net/ifname.ts';
import { parseIp } from '#core/net/ip.ts';
import { parseMac } from '#core/net/mac.ts';
import { checkCapacity, type Placed } from '#core/platform/check-capacity.ts';
import { checkNic } from '#core/platform/check-nic.ts';
import { checkPlatform, type Passage, type PassageMac } from '#core/platform/check-platform.ts';
import { checkScc } from '#core/platform/check-scc.ts';
import { checkSctp } from '#core/platform/check-sctp.ts';
import type { Finding } from '#core/platform/finding.ts';
import { type Platform, toPlatform } from '#core/platform/platform.ts';
import { cidrs, routerOf } from './values.ts';

test.each([
  ['OpenStack', [], { kind: 'openstack' }],
  ['VSphere', ['aws:///x'], { kind: 'vsphere' }],
  ['oVirt', [], { kind: 'ovirt' }],
  ['AWS', [], { kind: 'no-layer-2', name: 'AWS' }],
  ['GCP', [], { kind: 'no-layer-2', name: 'Google Cloud' }],
  ['IBMCloud', [], { kind: 'no-layer-2', name: 'IBM Cloud' }],
  ['AlibabaCloud', [], { kind: 'no-layer-2', name: 'Alibaba Cloud' }],
  ['BareMetal', [], { kind: 'own-machines', isCertain: true }],
  ['None', [], { kind: 'own-machines', isCertain: true }],
  ['Nutanix', [], { kind: 'unknown', name: 'Nutanix' }],
  [undefined, ['', 'gce://p/z/n'], { kind: 'no-layer-2', name: 'Google Cloud' }],
  [undefined, ['openstack:///1'], { kind: 'openstack' }],
  [undefined, ['metal3://1'], { kind: 'own-machines', isCertain: true }],
  [undefined, ['kubevirt://1'], { kind: 'unknown', name: 'kubevirt' }],
  [undefined, ['no scheme'], { kind: 'own-machines', isCertain: false }],
  [undefined, [], { kind: 'own-machines', isCertain: false }],
] as const)('the platform %s of nodes %j', (type, ids, expected: Platform) => {
  expect(toPlatform(type, ids)).toEqual(expected);
});

function passage(mac: PassageMac | string, more: Partial<Passage> = {}): Passage {
  const fixed = typeof mac === 'string' ? parseMac(mac) : undefined;
  return {
    namespace: 'web',
    name: 'a',
    ips: ['192.168.12.99'].flatMap((text) => parseIp(text) ?? []),
    mac:
      typeof mac === 'string'
        ? fixed === undefined
          ? { kind: 'unknown' }
          : { kind: 'fixed', mac: fixed }
        : mac,
    nodes: ['10.0.0.11'].flatMap((text) => {
      const ip = parseIp(text);
      return ip === undefined ? [] : [{ name: 'worker-1', ip }];
    }),
    ...more,
  };
}

/** What is said, and what there is to copy, whole. */
function check(
  { verdict, message, remedy }: Finding,
  expected: Finding['verdict'],
  says: RegExp,
  text?: string,
) {
  expect([verdict, message]).toEqual([expected, expect.stringMatching(says)]);
  expect(remedy?.text).toBe(text);
}

const mac = 'ee:bf:af:ee:49:8a';

test('what has to be set so that frames get through', () => {
  check(
    checkPlatform({ kind: 'openstack' }, passage(mac)),
    'warning',
    /^OpenStack lets a port send only from its own address: .* may run on\.$/,
    `# node worker-1
openstack port set --allowed-address ip-address=192.168.12.99,mac-address=${mac} "$(openstack port list --fixed-ip ip-address=10.0.0.11 -f value -c ID)"
`,
  );
  check(
    checkPlatform({ kind: 'openstack' }, passage({ kind: 'unknown' }, { nodes: [{ name: 'w' }] })),
    'warning',
    /known once the pod runs/,
    `# node w
openstack port set --allowed-address ip-address=192.168.12.99,mac-address=<MAC> <port of w>
`,
  );
  check(
    checkPlatform({ kind: 'openstack' }, passage({ kind: 'of-nic' }, { nodes: [] })),
    'warning',
    /may run on\.$/,
    'openstack port set --allowed-address ip-address=192.168.12.99 <port of the node>\n',
  );
  const found = parseMac(mac);
  if (found === undefined) throw new Error('no MAC');
  const ofPod = checkPlatform({ kind: 'openstack' }, passage({ kind: 'of-pod', mac: found }));
  expect(ofPod.message).toMatch(/The next pod has another MAC address: allow it then\.$/);
  check(
    checkPlatform({ kind: 'vsphere' }, passage(mac, { nic: ifName('ens192') })),
    'warning',
    /^vSphere drops frames/,
    `# For web/a: 192.168.12.99, MAC ${mac}
# Standard switch:
Get-VirtualPortGroup -Name "<port group of ens192>" | Get-SecurityPolicy | Set-SecurityPolicy -AllowPromiscuous $true -MacChanges $true -ForgedTransmits $true
# Distributed switch:
Get-VDPortgroup -Name "<port group of ens192>" | Get-VDSecurityPolicy | Set-VDSecurityPolicy -AllowPromiscuous $true -MacChanges $true -ForgedTransmits $true
`,
  );
  check(
    checkPlatform({ kind: 'ovirt' }, undefined),
    'warning',
    /no network filter\.$/,
    `- name: Remove the network filter of the nodes' vNIC profile
  ovirt.ovirt.ovirt_vnic_profile:
    name: <vNIC profile of the nodes>
    network: <network>
    data_center: <data center>
    network_filter: ""
`,
  );
  check(
    checkPlatform({ kind: 'no-layer-2', name: 'AWS' }, passage(mac)),
    'error',
    /^AWS carries no frames.*EgressIP/,
    `---
apiVersion: k8s.ovn.org/v1
kind: EgressIP
metadata:
  name: web-a
spec:
  egressIPs:
    - "192.168.12.99"
  namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: web
`,
  );
  check(checkPlatform({ kind: 'no-layer-2', name: 'AWS' }, undefined), 'error', /^AWS/);
  check(
    checkPlatform({ kind: 'own-machines', isCertain: true }, passage(mac)),
    'ok',
    /^Own machines carry .* must admit the MAC address ee:bf:af:ee:49:8a\.$/,
  );
  check(
    checkPlatform({ kind: 'own-machines', isCertain: false }, undefined),
    'information',
    /^Nothing tells what the nodes run on\. .* one more MAC address\.$/,
  );
  check(
    checkPlatform({ kind: 'unknown', name: 'Nutanix' }, passage({ kind: 'of-nic' })),
    'warning',
    /Nutanix .* that of the NIC alone\.$/,
  );
});

function ifName(text: string) {
  const name = parseIfName(text);
  if (name === undefined) throw new Error(text);
  return name;
}

const onMaster = { networkInterface: { macvlan: { mode: 'Bridge', master: 'ens9' } } };
const nic = (node: string, name: string, ...addresses: readonly string[]) => ({
  node,
  name,
  addresses: cidrs(addresses),
});
const lan = '192.168.12.1/24';

test('whether the nodes have the NIC', () => {
  check(checkNic(routerOf(onMaster), [], 'agent'), 'information', /which nodes have ens9: NMState is not/);
  check(checkNic(routerOf(), [], 'agent'), 'information', /which NICs the nodes have/);
  const both = [nic('w1', 'ens9', lan), nic('w2', 'ens9', lan)];
  check(checkNic(routerOf(onMaster), both, 'agent'), 'ok', /^Every node has the NIC ens9\.$/);
  check(
    checkNic(routerOf(onMaster), [nic('w1', 'ens9', lan), nic('w2', 'eno1')], 'agent'),
    'warning',
    /^NIC ens9 is missing on w2: /,
  );
  check(
    checkNic(routerOf(onMaster), [nic('w1', 'eno1', lan), nic('w2', 'eno2')], 'agent'),
    'error',
    /^No node has a NIC ens9\. There are eno1, eno2: /,
  );
  check(
    checkNic(routerOf(onMaster), [nic('w1', 'ens9', '10.0.0.5/24')], 'agent'),
    'warning',
    /^192\.168\.12\.99 is not on the network of ens9 of the nodes \(10\.0\.0\.5\/24\)\./,
  );
  check(checkNic(routerOf(onMaster), [nic('w1', 'ens9')], 'agent'), 'ok', /^Every node has/);
  check(
    checkNic(routerOf(onMaster), [nic('w1', 'ens9', lan)], 'cno'),
    'ok',
    /^Every node has a NIC on the network of 192\.168\.12\.99: ens9\. The Cluster Network Operator ignores/,
  );
  check(
    checkNic(routerOf(), [nic('w1', 'eno1', '10.0.0.5/24')], 'agent'),
    'warning',
    /^No NIC of a node is on/,
  );
  check(
    checkNic(routerOf(), [nic('w1', 'eno1', lan), nic('w2', 'eno1', '10.0.0.5/24')], 'agent'),
    'information',
    /^eno1 is on the network of 192\.168\.12\.99, but not on w2\./,
  );
});

test('how many routers share a NIC', () => {
  const at = (count: number, node: string, name?: string): readonly Placed[] =>
    Array.from({ length: count }, () => (name === undefined ? { node } : { node, nic: name }));
  check(
    checkCapacity({}, { placed: [], unseen: [] }, 2),
    'ok',
    /^On one node, the NIC of its network carries no other egress routers; the limit is 2\.$/,
  );
  check(
    checkCapacity({}, { placed: at(1, 'w1'), unseen: [] }, 2),
    'ok',
    / carries at most 1 other egress router; /,
  );
  check(
    checkCapacity({}, { placed: [...at(3, 'w1'), ...at(2, 'w2')], unseen: [] }, 2),
    'warning',
    /^On node w1, the NIC of its network carries 3 other egress routers \(and as full are 1 more nodes\); the limit is 2 \(the setting egressRouter\.routersPerNic, or --routers-per-nic\)\. /,
  );
  check(checkCapacity({ node: 'w2' }, { placed: at(2, 'w1'), unseen: [] }, 2), 'ok', / carries no other /);
  check(
    checkCapacity({ nic: 'ens9' }, { placed: at(2, 'w1'), unseen: [] }, 2),
    'ok',
    /ens9 carries no other /,
  );
  check(
    checkCapacity({ nic: 'ens9' }, { placed: at(2, 'w1', 'ens9'), unseen: [] }, 2),
    'warning',
    /^On node w1, ens9 carries 2 /,
  );
  const unseen = ['egressrouters', 'pods of other namespaces'];
  check(
    checkCapacity({}, { placed: [], unseen }, 2),
    'information',
    / carries no other egress routers as far as the cluster tells, but you may not see egressrouters, pods of other namespaces; /,
  );
  check(checkCapacity({}, { placed: at(2, 'w1'), unseen }, 2), 'warning', /^On node w1, /);
});

test('whether the nodes carry SCTP', () => {
  const sctp = routerOf({
    redirect: { redirectRules: [{ port: 38412, protocol: 'SCTP', destinationIP: '203.0.113.25' }] },
  });
  expect(checkSctp(routerOf(), [])).toBeUndefined();
  const found = (loads: readonly string[] | undefined) => {
    const finding = checkSctp(sctp, loads);
    return [finding?.verdict, finding?.message, finding?.remedy?.title];
  };
  expect(found(undefined)).toEqual([
    'information',
    expect.stringMatching(/^Port 38412 of SCTP needs/),
    'Command on each node',
  ]);
  expect(found([])).toEqual([
    'warning',
    expect.stringMatching(/no MachineConfig loads it/),
    'MachineConfig for an administrator',
  ]);
  expect(found(['x'])).toEqual(['ok', expect.stringMatching(/^MachineConfig x loads/), undefined]);
});

test('whether SecurityContextConstraints admit the pod', () => {
  check(checkScc('web', { kind: 'allowed', by: 'privileged' }), 'ok', /privileged admit/);
  check(checkScc('web', { kind: 'hidden' }), 'information', /^You may not ask/);
  check(
    checkScc('web', { kind: 'refused' }),
    'error',
    /would not be created\.$/,
    'oc adm policy add-scc-to-user privileged -z default -n web\n',
  );
});
