import { expect, test } from 'vitest';
import { sysctlDrift } from '#agent/router/sysctl-drift.ts';
import { parseNetConf } from '#core/netconf/parse.ts';

const good: Readonly<Record<string, number>> = {
  'ipv4/conf/net1/arp_notify': 1,
  'ipv4/conf/net1/arp_ignore': 1,
  'ipv4/conf/net1/arp_announce': 2,
  'ipv4/conf/net1/rp_filter': 2,
  'ipv4/conf/net1/forwarding': 1,
  'ipv4/conf/eth0/forwarding': 1,
  'ipv4/conf/all/rp_filter': 0,
  'ipv4/conf/eth0/rp_filter': 0,
};

test.each<readonly [string, Readonly<Record<string, number>>, readonly string[], readonly string[]]>([
  ['as ADD made it, on a kernel without IPv6', {}, [], []],
  [
    'forwarding is off',
    { 'ipv4/conf/eth0/forwarding': 0 },
    ['The setting ipv4.conf.eth0.forwarding is 0, not 1; the pod cannot change it.'],
    [],
  ],
  ['forwarding of a family that the router has not', { 'ipv6/conf/all/forwarding': 0 }, [], []],
  [
    'a strict reverse path filter',
    { 'ipv4/conf/all/rp_filter': 1 },
    ['The reverse path filter of eth0 is strict: clients on other networks are not served.'],
    [],
  ],
  [
    'a loose one of the interface wins',
    { 'ipv4/conf/all/rp_filter': 1, 'ipv4/conf/eth0/rp_filter': 2 },
    [],
    [],
  ],
  [
    'it speaks for addresses of the pod',
    { 'ipv4/conf/net1/arp_ignore': 0 },
    [],
    ['The setting ipv4.conf.net1.arp_ignore is 0, not 1; the pod cannot change it.'],
  ],
])('%s', (_, changes, faults, warnings) => {
  const ip = { addresses: ['192.168.12.99/24'], destinations: ['80 TCP 203.0.113.25'] };
  const { conf } = parseNetConf({ cniVersion: '1.0.0', name: 'nad', ip });
  if (conf === undefined) throw new Error('the configuration of the test is not valid');
  const values = new Map(Object.entries({ ...good, ...changes }));
  expect(sysctlDrift(conf, values)).toEqual({ faults, warnings });
});
