import { expect, test } from 'vitest';
import { withRuntimeConfig } from '#agent/cni/runtime-config.ts';
import { parseNetConf } from '#core/netconf/parse.ts';

const config = {
  cniVersion: '1.0.0',
  name: 'n',
  mac: '02:42:c0:a8:0c:01',
  ip: {
    addresses: ['192.168.12.99/24', 'fd12::99/64'],
    gateway: ['192.168.12.1', 'fd12::1'],
    destinations: ['8080 TCP 203.0.113.25 80'],
  },
};

function read(more: object, args = '') {
  const fields = withRuntimeConfig(
    { env: (name) => (name === 'CNI_ARGS' ? args : undefined) },
    { ...config, ...more },
  );
  const { conf, problems } = parseNetConf(fields);
  return conf ?? problems.map(({ code }) => code);
}

const mac = (digits: string): string => `02:42:c0:a8:0c:${digits}`;

test.each([
  ['nothing', {}, 'IgnoreUnknown=1', '01'],
  ['the environment', {}, `IgnoreUnknown=1;MAC=${mac('02')}`, '02'],
  ['args', { args: { cni: { mac: mac('03') } } }, `MAC=${mac('02')}`, '03'],
  [
    'the runtime',
    { runtimeConfig: { mac: mac('04').toUpperCase() }, args: { cni: { mac: mac('03') } } },
    `MAC=${mac('02')}`,
    '04',
  ],
  ['an empty value', { runtimeConfig: { mac: '' }, args: null }, 'MAC=', '01'],
])('the MAC of %s', (_, more, args, digits) => {
  expect(read(more, args)).toMatchObject({ mac: mac(digits) });
});

test('a MAC that is none is refused, wherever it stands', () => {
  expect(read({}, 'MAC=02:42')).toEqual(['netconf-mac-invalid']);
  expect(read({ runtimeConfig: { mac: 7 } })).toEqual(['netconf-mac-invalid']);
});

test('addresses of the runtime take the place of those configured, with their gateways', () => {
  const expected = (...addresses: readonly object[]) => ({ addresses });
  expect(read({ runtimeConfig: { ips: ['192.168.12.77/24'] } })).toMatchObject(
    expected({ address: '192.168.12.77/24', gateway: '192.168.12.1' }),
  );
  expect(read({ runtimeConfig: { ips: ['192.168.12.77', 'fd12::77'] } })).toMatchObject(
    expected(
      { address: '192.168.12.77/24', gateway: '192.168.12.1' },
      { address: 'fd12::77/64', gateway: 'fd12::1' },
    ),
  );
  expect(read({ args: { cni: { ips: ['192.168.13.77/24'] } } })).toMatchObject({
    addresses: [{ address: '192.168.13.77/24' }],
  });
  expect(read({ runtimeConfig: { ips: [] } })).toMatchObject(
    expected(
      { address: '192.168.12.99/24', gateway: '192.168.12.1' },
      { address: 'fd12::99/64', gateway: 'fd12::1' },
    ),
  );
});

test('addresses that serve no rule, or are none, are refused', () => {
  expect(read({ runtimeConfig: { ips: ['fd12::77/64'] } })).toContain('netconf-family-not-served');
  expect(read({ runtimeConfig: { ips: ['10.0.0.7'] } })).toContain('netconf-address-invalid');
  expect(read({ runtimeConfig: { ips: '192.168.12.77/24' } })).toContain('netconf-value-invalid');
});
