import { expect, test } from 'vitest';
import { isEgressRouterNad, readNad } from '#core/nad/parse.ts';
import { checkNadPlatform } from '#core/nad/platform.ts';
import { toNadFacts } from '#core/relations/nad-facts.ts';

const config = {
  cniVersion: '0.4.0',
  type: 'egress-router',
  name: 'egress-router-cni-nad',
  ip: {
    addresses: ['192.168.12.99/24'],
    destinations: ['8080 TCP 203.0.113.25 80'],
    gateway: '192.168.12.1',
  },
};

const nad = (json: unknown, name = 'egress-router-cni-nad'): object => ({
  apiVersion: 'k8s.cni.cncf.io/v1',
  kind: 'NetworkAttachmentDefinition',
  metadata: { name },
  spec: { config: typeof json === 'string' ? json : JSON.stringify(json) },
});

/** The problems as `code path`. */
function check(value: object, ...wanted: readonly string[]): void {
  expect(readNad(value).problems.map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual(wanted);
}

test('which NADs are those of an egress router', () => {
  expect(isEgressRouterNad(nad(config, 'any'))).toBe(true);
  expect(isEgressRouterNad(nad('{"type": "egress-router",}', 'any'))).toBe(true);
  expect(isEgressRouterNad(nad('{ type: egress-router }', 'any'))).toBe(true);
  expect(isEgressRouterNad(nad('{', 'egress-router-cni-nad'))).toBe(true);
  expect(isEgressRouterNad(nad({ plugins: [{ type: 'tuning' }, { type: 'egress-router' }] }, 'any'))).toBe(
    true,
  );
  expect(isEgressRouterNad(nad({ type: 'macvlan', name: 'egress-router' }, 'any'))).toBe(false);
  expect(isEgressRouterNad(nad('{"type": "egress-router-cni",}', 'any'))).toBe(false);
  expect(isEgressRouterNad(nad('', 'egress-router-cni-nad'))).toBe(false);
  expect(isEgressRouterNad({ ...nad(config), kind: 'Pod' })).toBe(false);
  expect(isEgressRouterNad({ ...nad(config), apiVersion: 'v1' })).toBe(false);
  expect(isEgressRouterNad(undefined)).toBe(false);
});

test('a sound NAD', () => check(nad(config)));

test('Multus fills in the name', () => {
  check(nad({ ...config, name: undefined }, 'any'));
  check(nad({ ...config, name: '' }, 'any'));
});

test('problems of the configuration lead into the JSON', () => {
  check(
    nad({ ...config, ip: { ...config.ip, gateway: '192.168.13.1', destination: [] } }),
    'netconf-gateway-outside-subnet spec.config.ip.gateway',
    'netconf-unknown-key spec.config.ip.destination',
  );
});

test('a list of plugins', () => {
  const { cniVersion, name, ...plugin } = config;
  check(nad({ cniVersion, name, plugins: [{ type: 'tuning' }, plugin] }));
  check(
    nad({ cniVersion: 1, name, plugins: [{ ...plugin, ip: { ...plugin.ip, gateway: 'x' } }] }),
    'netconf-cni-version-invalid spec.config.cniVersion',
    'netconf-gateway-invalid spec.config.plugins.0.ip.gateway',
  );
});

test('what is no configuration', () => {
  check(nad('{"type": "egress-router",}'), 'nad-config-not-json spec.config');
  check({ ...nad(config), spec: { config } }, 'nad-config-not-text spec.config');
  check(nad({ ...config, type: 'macvlan' }), 'nad-type-wrong spec.config.type');
  check(nad({ ...config, type: undefined }), 'nad-type-wrong spec.config');
  check(nad('[]'), 'netconf-not-an-object spec.config');
  check({});
});

test('the fault of JSON is marked within the string', () => {
  const text = '{"type": "egress-router",}';
  const [problem] = readNad(nad(text)).problems;
  expect(problem?.within).toEqual({ start: 24, end: 25 });
  expect(problem?.fixes).toEqual([
    {
      title: 'Remove the comma',
      edits: [{ kind: 'replace', path: ['spec', 'config'], value: '{"type": "egress-router"}' }],
    },
  ]);
});

/** What the plugin of the platform makes of a configuration, each as `code path-in-the-JSON`. */
function checkPlatform(json: object, ...wanted: readonly string[]): void {
  const parsed = readNad(nad(json));
  const told = checkNadPlatform(parsed, 'cno');
  expect(told.map(({ code, path }) => `${code} ${path.slice(2).join('.')}`)).toEqual(wanted);
  expect(told.every(({ severity }) => severity === 'warning')).toBe(true);
  const unknown = checkNadPlatform(parsed, 'unknown');
  expect(unknown.map(({ severity }) => severity)).toEqual(told.map(() => 'information'));
  expect(checkNadPlatform(parsed, 'agent')).toEqual([]);
}

const withIp = (ip: object, rest: object = {}): object => ({
  ...config,
  ...rest,
  ip: { ...config.ip, ...ip },
});

test('what the plugin of the platform ignores', () => {
  checkPlatform(config);
  checkPlatform({ ...config, log_level: 'debug' });
  checkPlatform(withIp({ fallbackIP: '203.0.113.26' }), 'netconf-fallback-ignored ip.fallbackIP');
  checkPlatform(
    withIp({ addresses: ['192.168.12.99/24', '192.168.12.98/24'] }, { localPorts: [], log_level: 'error' }),
    'netconf-address-ignored ip.addresses.1',
    'netconf-key-ignored localPorts',
    'netconf-key-ignored log_level',
  );
  checkPlatform(
    { ...config, mac: '02:00:5e:00:53:01', dad: { timeoutMs: 100 } },
    'netconf-key-ignored dad',
    'netconf-key-ignored mac',
  );
});

test('what the plugin of the platform fails with', () => {
  checkPlatform({ ...config, cniVersion: '1.0.0' }, 'netconf-cni-version-unserved cniVersion');
  checkPlatform({ ...config, cniVersion: '' });
  checkPlatform({ ...config, cniVersion: '0.1.0' });
  checkPlatform(
    { cniVersion: '1.1.0', name: 'a', plugins: [{ type: 'tuning' }, withIp({ gateway: '' })] },
    'netconf-cni-version-unserved cniVersion',
    'netconf-gateway-needed plugins.1.ip.gateway',
  );
  checkPlatform(withIp({ gateway: ['192.168.12.1'] }), 'netconf-spelling-unread ip.gateway');
  checkPlatform(withIp({ gateway: undefined }), 'netconf-gateway-needed ip');
  checkPlatform(
    { ...config, interfaceArgs: { mode: 'Bridge', mtu: 1400 } },
    'netconf-spelling-unread interfaceArgs.mode',
    'netconf-spelling-unread interfaceArgs.mtu',
  );
  checkPlatform({ ...config, interfaceArgs: { mode: 'Bridges', mtu: 10 } });
});

test('what the plugin of the platform makes of IPv6', () => {
  const six = { addresses: ['fd12::99/64'], gateway: 'fd12::1', destinations: ['80 TCP 2001:db8::25'] };
  checkPlatform(withIp(six), 'netconf-ipv6-unsupported ip.addresses.0');
  checkPlatform(
    withIp({ ...six, addresses: ['192.168.12.99/24', 'fd12::99/64'], gateway: '192.168.12.1' }),
    'netconf-address-ignored ip.addresses.1',
    'netconf-ipv6-unsupported ip.destinations.0',
  );
  // There is no address of the family, which is told.
  checkPlatform(withIp({ destinations: six.destinations }));
});

test('what the plugin of the platform makes of destinations', () => {
  const destinations = (...list: string[]) => withIp({ destinations: list });
  checkPlatform(destinations('8080 tcp 203.0.113.25', '8081 SCTP 203.0.113.25 80', '203.0.113.26'));
  checkPlatform(destinations('80 TCP 203.0.113.25/32'), 'netconf-spelling-unread ip.destinations.0');
  checkPlatform(destinations('203.0.113.25/32'), 'netconf-spelling-unread ip.destinations.0');
  checkPlatform(destinations('80  TCP 203.0.113.25'), 'netconf-spelling-unread ip.destinations.0');
  checkPlatform(destinations('80 TCP 203.0.113.25 '), 'netconf-spelling-unread ip.destinations.0');
  checkPlatform(
    destinations('203.0.113.26', '80 TCP 203.0.113.25'),
    'netconf-rule-shadowed ip.destinations.1',
  );
  // Both plugins refuse these, which is told.
  checkPlatform(destinations('0  TCP 203.0.113.25', '80  TCPP 203.0.113.25', '80 TCP 203.0.113.25/24'));
});

test('the facts of a NAD keep the places of its entries', () => {
  const ip = { ...config.ip, destinations: ['nonsense here', '203.0.113.27', ...config.ip.destinations] };
  expect(toNadFacts(readNad(nad({ ...config, ip })).reading)).toEqual({
    kind: 'nad',
    name: 'egress-router-cni-nad',
    isOwned: false,
    config: {
      addresses: [
        {
          address: '192.168.12.99/24',
          gateway: '192.168.12.1',
          path: ['spec', 'config', 'ip', 'addresses', 0],
        },
      ],
      addressesPath: ['spec', 'config', 'ip', 'addresses'],
      gatewayPath: ['spec', 'config', 'ip', 'gateway'],
      rules: [
        {
          port: 8080,
          protocol: 'TCP',
          destination: '203.0.113.25',
          targetPort: 80,
          path: ['spec', 'config', 'ip', 'destinations', 2],
        },
      ],
      destinationsPath: ['spec', 'config', 'ip', 'destinations'],
    },
  });
});
