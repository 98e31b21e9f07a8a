import { expect, test } from 'vitest';
import { cniErrorCodes, toCniError } from '#core/attachment/cni-error.ts';
import { compareVersions, toCniResult } from '#core/attachment/cni-result.ts';
import { parseMac } from '#core/net/mac.ts';
import { dualConfig, planOf } from './sample.ts';

const mac = parseMac('0a:58:c0:a8:0c:63');
const link = { ...(mac === undefined ? {} : { mac }), mtu: 1400 };

function check(version: string, expected: object) {
  expect(toCniResult(version, planOf(dualConfig), link, '/run/netns/pod')).toEqual({
    cniVersion: version,
    dns: {},
    ...expected,
  });
}

const ips = [
  { interface: 0, address: '192.168.12.99/24', gateway: '192.168.12.1' },
  { interface: 0, address: 'fd12::99/64', gateway: 'fd12::1' },
];
const made = { name: 'net1', mac: '0a:58:c0:a8:0c:63', sandbox: '/run/netns/pod' };

for (const version of ['0.3.0', '0.3.1', '0.4.0']) {
  test(`${version}: each address says its family`, () =>
    check(version, {
      interfaces: [made],
      ips: [
        { version: '4', ...ips[0] },
        { version: '6', ...ips[1] },
      ],
    }));
}
test('1.0.0', () => check('1.0.0', { interfaces: [made], ips }));
test('1.1.0: with the MTU', () => check('1.1.0', { interfaces: [{ ...made, mtu: 1400 }], ips }));

test('what an earlier plugin of the chain made stands before', () => {
  const previous = {
    interfaces: [{ name: 'eth0' }],
    ips: [{ interface: 0, address: '10.128.0.5/24' }],
    routes: [{ dst: '0.0.0.0/0' }],
    dns: { nameservers: ['172.30.0.10'] },
  };
  expect(toCniResult('1.0.0', planOf(dualConfig), link, '/run/netns/pod', previous)).toEqual({
    cniVersion: '1.0.0',
    interfaces: [{ name: 'eth0' }, made],
    ips: [previous.ips[0], ...ips.map((entry) => ({ ...entry, interface: 1 }))],
    routes: previous.routes,
    dns: previous.dns,
  });
});

test('errors carry the code of their reason', () => {
  expect(toCniError('1.0.0', 'invalid-config', 'no', 'why')).toEqual({
    cniVersion: '1.0.0',
    code: 7,
    msg: 'no',
    details: 'why',
  });
  expect(toCniError('0.4.0', 'incompatible-version', 'no')).toEqual({
    cniVersion: '0.4.0',
    code: 1,
    msg: 'no',
  });
  expect(new Set(Object.values(cniErrorCodes)).size).toBe(Object.keys(cniErrorCodes).length);
});

test('versions are compared as numbers', () => {
  const order = ['0.3.0', '0.3.1', '0.4.0', '0.10.0', '1.0.0', '1.1.0'];
  for (const [index, version] of order.entries()) {
    expect(order.map((other) => Math.sign(compareVersions(version, other)))).toEqual(
      order.map((_, position) => Math.sign(index - position)),
    );
  }
});
