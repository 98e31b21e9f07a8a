import { expect, test } from 'vitest';
import { netConfProblemCodes } from '#core/netconf/model.ts';
import { parseNetConf } from '#core/netconf/parse.ts';

/** As the Cluster Network Operator renders it. */
const rendered = {
  cniVersion: '0.4.0',
  type: 'egress-router',
  name: 'egress-router-cni-nad',
  ip: {
    addresses: ['192.168.12.99/24'],
    destinations: ['80 TCP 203.0.113.25', '8080 UDP 203.0.113.26 80'],
    gateway: '192.168.12.1',
  },
  log_file: '/tmp/egress-router-log',
  log_level: 'debug',
};

const parsed = {
  cniVersion: '0.4.0',
  name: 'egress-router-cni-nad',
  addresses: [{ address: '192.168.12.99/24', gateway: '192.168.12.1' }],
  macvlan: { mode: 'Bridge' },
  dad: { timeoutMs: 100 },
  rules: [
    { port: 80, protocol: 'TCP', destination: '203.0.113.25', targetPort: 80 },
    { port: 8080, protocol: 'UDP', destination: '203.0.113.26', targetPort: 80 },
  ],
  fallbacks: {},
  localPorts: [],
  logFile: '/tmp/egress-router-log',
  logLevel: 'debug',
};

function accepts(value: unknown, conf: object, ...warnings: readonly string[]) {
  const result = parseNetConf(value);
  expect(result.problems.map((problem) => problem.code)).toEqual(warnings);
  expect(result.conf).toEqual(conf);
}

function withIp(ip: object): object {
  return { ...rendered, ip: { ...rendered.ip, ...ip } };
}

test('what the Cluster Network Operator renders', () => accepts(rendered, parsed));
test('an empty gateway is none', () =>
  accepts(withIp({ gateway: '' }), { ...parsed, addresses: [{ address: '192.168.12.99/24' }] }));
test('protocols in any case, blanks between words, the prefix of a host', () =>
  accepts(withIp({ destinations: ['80  tcp 203.0.113.25/32', '8080 Udp\t203.0.113.26 80'] }), parsed));
test('a lone address is a fallback, wherever it stands', () =>
  accepts(withIp({ destinations: ['203.0.113.27', ...rendered.ip.destinations] }), {
    ...parsed,
    fallbacks: { v4: '203.0.113.27' },
  }));
test('fallbackIP, which the upstream plugin ignores', () =>
  accepts(withIp({ fallbackIP: '203.0.113.27' }), { ...parsed, fallbacks: { v4: '203.0.113.27' } }));
test('the version of a configuration that names none', () => {
  const { cniVersion: _, ...rest } = rendered;
  accepts(rest, { ...parsed, cniVersion: '0.1.0' });
});
test('both families, in the order of the addresses', () =>
  accepts(
    {
      ...withIp({
        addresses: ['192.168.12.99/24', 'fd12:0::99/64'],
        gateway: ['192.168.12.1', 'fd12::1'],
        destinations: ['80 TCP 203.0.113.25', '80 TCP 2001:DB8::25'],
        fallbackIP: ['203.0.113.26', '2001:db8::26'],
      }),
      interfaceArgs: { mode: 'VEPA', master: 'enp1s0', mtu: '1400' },
      mac: '02:42:C0:A8:0C:63',
      dad: { timeoutMs: 0 },
      localPorts: ['9410 tcp'],
    },
    {
      ...parsed,
      addresses: [
        { address: '192.168.12.99/24', gateway: '192.168.12.1' },
        { address: 'fd12::99/64', gateway: 'fd12::1' },
      ],
      macvlan: { mode: 'VEPA', master: 'enp1s0', mtu: 1400 },
      mac: '02:42:c0:a8:0c:63',
      dad: { timeoutMs: 0 },
      rules: [
        { port: 80, protocol: 'TCP', destination: '203.0.113.25', targetPort: 80 },
        { port: 80, protocol: 'TCP', destination: '2001:db8::25', targetPort: 80 },
      ],
      fallbacks: { v4: '203.0.113.26', v6: '2001:db8::26' },
      localPorts: [{ port: 9410, protocol: 'TCP' }],
    },
  ));
test('gateways in another order than the addresses find theirs', () => {
  const addresses = ['192.168.12.99/24', 'fd12::99/64', '192.168.13.99/24'];
  const { conf } = parseNetConf(withIp({ addresses, gateway: ['192.168.13.1', 'fd12::1'] }));
  expect(conf?.addresses).toEqual([
    { address: '192.168.12.99/24' },
    { address: 'fd12::99/64', gateway: 'fd12::1' },
    { address: '192.168.13.99/24', gateway: '192.168.13.1' },
  ]);
});
test('a gateway on the link of a host address, as SDN had it', () =>
  accepts(withIp({ addresses: ['192.168.12.99/32'] }), {
    ...parsed,
    addresses: [{ address: '192.168.12.99/32', gateway: '192.168.12.1' }],
  }));
test('a link-local IPv6 gateway', () => {
  const ip = { addresses: ['fd12::99/64'], gateway: 'fe80::1', destinations: ['80 TCP 2001:db8::25'] };
  expect(parseNetConf(withIp(ip)).conf?.addresses).toEqual([{ address: 'fd12::99/64', gateway: 'fe80::1' }]);
});
test('a destination repeated as it is', () =>
  accepts(
    withIp({ destinations: [...rendered.ip.destinations, '80 tcp 203.0.113.25 80'] }),
    parsed,
    'netconf-destination-duplicate',
  ));
test('the same port of another protocol or family is no duplicate', () => {
  const destinations = ['80 TCP 203.0.113.25', '80 UDP 203.0.113.25', '80 TCP 2001:db8::25'];
  const { conf, problems } = parseNetConf(
    withIp({ addresses: ['192.168.12.99/24', 'fd12::99/64'], destinations }),
  );
  expect(problems).toEqual([]);
  expect(conf?.rules).toHaveLength(3);
});
test('words of the upstream plugin for log levels', () => {
  const levels = ['panic', 'error', 'warn', 'verbose', 'debug'];
  const known = levels.map((log_level) => parseNetConf({ ...rendered, log_level }).conf?.logLevel);
  expect(known).toEqual(['error', 'error', 'warning', 'info', 'debug']);
});
test('nothing to redirect is allowed, and said', () => {
  accepts(withIp({ destinations: [] }), { ...parsed, rules: [] }, 'netconf-nothing-redirected');
});
test('a log that cannot be is left out, and said', () => {
  const { logFile: _, logLevel: __, ...rest } = parsed;
  accepts(
    { ...rendered, log_file: 'log', log_level: 'loud' },
    rest,
    'netconf-log-invalid',
    'netconf-log-invalid',
  );
  accepts({ ...rendered, log_file: '', log_level: 'constructor' }, rest, 'netconf-log-invalid');
  for (const log_file of [
    '/tmp/a/../b',
    '/etc/cron.d/log',
    '/proc/sys/kernel/hostname',
    '/tmp/',
    '/tmpfile',
  ]) {
    accepts({ ...rendered, log_file, log_level: '' }, rest, 'netconf-log-invalid');
  }
});

const refused: readonly (readonly [code: string, path: readonly (string | number)[], value: unknown])[] = [
  ['netconf-not-an-object', [], [rendered]],
  ['netconf-not-an-object', [], 'text'],
  ['netconf-cni-version-invalid', ['cniVersion'], { ...rendered, cniVersion: 'one' }],
  ['netconf-name-invalid', [], { ...rendered, name: undefined }],
  ['netconf-name-invalid', ['name'], { ...rendered, name: '../x' }],
  ['netconf-value-invalid', ['ip'], { ...rendered, ip: [] }],
  ['netconf-value-invalid', ['interfaceArgs'], { ...rendered, interfaceArgs: 'bridge' }],
  ['netconf-value-invalid', ['ip', 'addresses'], withIp({ addresses: '192.168.12.99/24' })],
  ['netconf-value-invalid', ['ip', 'addresses'], withIp({ addresses: manyAddresses(257), gateway: '' })],
  ['netconf-value-invalid', ['ip', 'destinations'], withIp({ destinations: [80] })],
  ['netconf-no-addresses', [], { ...rendered, ip: undefined }],
  ['netconf-no-addresses', ['ip'], withIp({ addresses: [], gateway: '' })],
  ['netconf-address-invalid', ['ip', 'addresses', 0], withIp({ addresses: [''] })],
  ['netconf-address-invalid', ['ip', 'addresses', 0], withIp({ addresses: ['192.168.12.99'] })],
  ['netconf-address-invalid', ['ip', 'addresses', 0], withIp({ addresses: ['192.168.12.0/24'] })],
  ['netconf-address-invalid', ['ip', 'addresses', 0], withIp({ addresses: ['192.168.12.255/24'] })],
  ['netconf-address-invalid', ['ip', 'addresses', 0], withIp({ addresses: ['127.0.0.1/8'] })],
  [
    'netconf-address-duplicate',
    ['ip', 'addresses', 1],
    withIp({ addresses: ['192.168.12.99/24', '192.168.12.99/25'] }),
  ],
  ['netconf-gateway-invalid', ['ip', 'gateway'], withIp({ gateway: 'gw' })],
  ['netconf-gateway-invalid', ['ip', 'gateway'], withIp({ gateway: 7 })],
  ['netconf-gateway-unmatched', ['ip', 'gateway'], withIp({ gateway: 'fd12::1' })],
  ['netconf-gateway-outside-subnet', ['ip', 'gateway'], withIp({ gateway: '192.168.13.1' })],
  ['netconf-gateway-is-address', ['ip', 'gateway'], withIp({ gateway: '192.168.12.99' })],
  ['netconf-destination-invalid', ['ip', 'destinations', 0], withIp({ destinations: ['80 TCP'] })],
  [
    'netconf-destination-invalid',
    ['ip', 'destinations', 0],
    withIp({ destinations: ['80 TCP 203.0.113.25 80 80'] }),
  ],
  ['netconf-destination-invalid', ['ip', 'destinations', 0], withIp({ destinations: [''] })],
  [
    'netconf-destination-port-invalid',
    ['ip', 'destinations', 0],
    withIp({ destinations: ['0 TCP 203.0.113.25'] }),
  ],
  [
    'netconf-destination-port-invalid',
    ['ip', 'destinations', 0],
    withIp({ destinations: ['80 TCP 203.0.113.25 65536'] }),
  ],
  [
    'netconf-destination-port-invalid',
    ['ip', 'destinations', 0],
    withIp({ destinations: ['080 TCP 203.0.113.25'] }),
  ],
  [
    'netconf-destination-protocol-invalid',
    ['ip', 'destinations', 0],
    withIp({ destinations: ['80 ICMP 203.0.113.25'] }),
  ],
  [
    'netconf-destination-ip-invalid',
    ['ip', 'destinations', 0],
    withIp({ destinations: ['80 TCP example.com'] }),
  ],
  ['netconf-destination-ip-invalid', ['ip', 'destinations', 0], withIp({ destinations: ['example.com'] })],
  ['netconf-destination-ip-invalid', ['ip', 'destinations', 0], withIp({ destinations: ['80 TCP 0.0.0.0'] })],
  ['netconf-destination-ip-invalid', ['ip', 'fallbackIP'], withIp({ fallbackIP: '127.0.0.1' })],
  // The router's own address.
  [
    'netconf-destination-ip-invalid',
    ['ip', 'destinations', 0],
    withIp({ destinations: ['80 TCP 192.168.12.99/32'] }),
  ],
  ['netconf-destination-ip-invalid', ['ip', 'destinations', 0], withIp({ destinations: ['192.168.12.99'] })],
  ['netconf-destination-ip-invalid', ['ip', 'fallbackIP'], withIp({ fallbackIP: '192.168.12.99' })],
  [
    'netconf-destination-prefix',
    ['ip', 'destinations', 0],
    withIp({ destinations: ['80 TCP 203.0.113.0/24'] }),
  ],
  ['netconf-destination-prefix', ['ip', 'destinations', 0], withIp({ destinations: ['203.0.113.25/32/32'] })],
  [
    'netconf-destination-duplicate',
    ['ip', 'destinations', 1],
    withIp({ destinations: ['80 TCP 203.0.113.25', '80 tcp 203.0.113.26'] }),
  ],
  [
    'netconf-fallback-duplicate',
    ['ip', 'fallbackIP'],
    withIp({ destinations: ['203.0.113.25'], fallbackIP: '203.0.113.26' }),
  ],
  ['netconf-family-not-served', ['ip', 'addresses'], withIp({ destinations: ['80 TCP 2001:db8::25'] })],
  ['netconf-family-not-served', ['ip', 'addresses'], withIp({ fallbackIP: '2001:db8::25' })],
  ['netconf-interface-unsupported', ['interfaceType'], { ...rendered, interfaceType: 'ipvlan' }],
  ['netconf-mode-invalid', ['interfaceArgs', 'mode'], { ...rendered, interfaceArgs: { mode: 'bridged' } }],
  [
    'netconf-master-invalid',
    ['interfaceArgs', 'master'],
    { ...rendered, interfaceArgs: { master: 'eth0; reboot' } },
  ],
  ['netconf-mtu-invalid', ['interfaceArgs', 'mtu'], { ...rendered, interfaceArgs: { mtu: '67' } }],
  ['netconf-mac-invalid', ['mac'], { ...rendered, mac: '02:42:c0:a8:0c' }],
  ['netconf-mac-invalid', ['mac'], { ...rendered, mac: '01:00:5e:00:00:01' }],
  [
    'netconf-mac-invalid',
    ['mac'],
    { ...rendered, mac: '02:42:c0:a8:0c:63', interfaceArgs: { mode: 'passthru' } },
  ],
  ['netconf-dad-invalid', ['dad'], { ...rendered, dad: 100 }],
  ['netconf-dad-invalid', ['dad', 'timeoutMs'], { ...rendered, dad: { timeoutMs: '100' } }],
  ['netconf-dad-invalid', ['dad', 'timeoutMs'], { ...rendered, dad: { timeoutMs: 10_001 } }],
  ['netconf-local-port-invalid', ['localPorts', 0], { ...rendered, localPorts: ['9410'] }],
  // A rule has it.
  ['netconf-local-port-invalid', ['localPorts', 0], { ...rendered, localPorts: ['80 TCP'] }],
];

test.each(refused)('%s at %j', (code, path, value) => {
  const { conf, problems } = parseNetConf(value);
  expect(conf).toBeUndefined();
  expect(problems.filter((problem) => problem.severity === 'error')).toEqual([
    { code, severity: 'error', path, message: expect.stringMatching(/^.{20,200}$/) },
  ]);
});

test('every code has a row that raises it', () => {
  const warned = ['netconf-nothing-redirected', 'netconf-log-invalid'];
  const raised = new Set([...refused.map(([code]) => code), ...warned]);
  expect([...raised].toSorted()).toEqual([...netConfProblemCodes].toSorted());
});

test('every problem is told, not the first alone', () => {
  const { problems } = parseNetConf({
    cniVersion: '0.4.0',
    ip: { addresses: ['nonsense'], destinations: ['0 ICMP example.com'], gateway: 'gw' },
  });
  expect(problems.map((problem) => problem.code)).toEqual([
    'netconf-name-invalid',
    'netconf-address-invalid',
    'netconf-gateway-invalid',
    'netconf-destination-port-invalid',
    'netconf-destination-protocol-invalid',
    'netconf-destination-ip-invalid',
  ]);
});

function manyAddresses(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `10.0.${index >> 8}.${index & 255}/8`);
}
