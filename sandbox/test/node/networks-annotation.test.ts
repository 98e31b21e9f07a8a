import { expect, test } from 'vitest';
import { parseNetworks, toNetworkStatuses } from '#sandbox/node/networks-annotation.ts';

function check(annotation: string, expected: string): void {
  let shown: string;
  try {
    shown = parseNetworks(annotation, 'demo')
      .map(({ namespace, name, ifName, defaultRoute }) =>
        [`${namespace}/${name}@${ifName}`, ...defaultRoute].join(' via '),
      )
      .join(', ');
  } catch (error) {
    shown = `refused: ${error instanceof Error ? error.message : String(error)}`;
  }
  expect(shown).toBe(expected);
}

test('both forms of the annotation are read', () => {
  check('', '');
  check('a', 'demo/a@net1');
  check('a, other/b@eth7', 'demo/a@net1, other/b@eth7');
  check('[{"name":"a"},{"name":"b","namespace":"other","interface":"lan0"}]', 'demo/a@net1, other/b@lan0');
  check('[{"name":"a","default-route":["192.168.12.1"]}]', 'demo/a@net1 via 192.168.12.1');
});

test('what cannot be read is refused in a sentence', () => {
  check(
    '[{',
    'refused: parsePodNetworkAnnotation: failed to parse pod Network Attachment Selection Annotation JSON format: [{',
  );
  check('a/b/c', "refused: parsePodNetworkObjectText: invalid network object (failed at '/')");
  check(
    'A_b',
    'refused: parsePodNetworkAnnotation: failed to parse: one or more items did not match comma-delimited format, the network name "A_b"',
  );
  check(
    'a@this-name-is-too-long',
    'refused: parsePodNetworkAnnotation: invalid interface name "this-name-is-too-long"',
  );
  check(
    '[{"name":"a","default-route":["nowhere"]}]',
    'refused: parsePodNetworkAnnotation: invalid default-route "nowhere"',
  );
});

const eth = { name: 'eth0', mac: '02:00:00:00:00:01', sandbox: '/run/netns/x' };
const net = { name: 'net1', mac: '02:00:00:00:00:02', mtu: 1400, sandbox: '/run/netns/x' };

test.each<[string, object, readonly object[]]>([
  [
    'one interface',
    {
      cniVersion: '0.4.0',
      interfaces: [{ name: 'net1', mac: '02:00:00:00:00:01', sandbox: '/run/netns/x' }],
      ips: [{ version: '4', interface: 0, address: '192.168.12.99/24', gateway: '192.168.12.1' }],
      dns: {},
    },
    [{ name: 'demo/a', interface: 'net1', ips: ['192.168.12.99'], mac: '02:00:00:00:00:01', dns: {} }],
  ],
  [
    'an interface that is not said to be in the pod',
    { interfaces: [{ name: 'net1', mac: '02:00:00:00:00:01' }], ips: [{ address: '192.168.12.99/24' }] },
    [{ name: 'demo/a', ips: ['192.168.12.99'], dns: {} }],
  ],
  [
    'two of a chain, one of the node, a default route',
    {
      interfaces: [{ name: 'veth1' }, eth, net],
      ips: [
        { interface: 1, address: '10.128.0.5/23' },
        { interface: 2, address: '192.168.12.99/24' },
        { address: 'fd12::99/64' },
      ],
      routes: [{ dst: '0.0.0.0/0', gw: '192.168.12.1' }, { dst: '10.0.0.0/8' }],
    },
    [
      {
        name: 'demo/a',
        interface: 'eth0',
        mac: '02:00:00:00:00:01',
        ips: ['10.128.0.5'],
        gateway: ['192.168.12.1'],
        dns: {},
      },
      {
        name: 'demo/a',
        interface: 'net1',
        mac: '02:00:00:00:00:02',
        mtu: 1400,
        ips: ['192.168.12.99', 'fd12::99'],
        gateway: ['192.168.12.1'],
        dns: {},
      },
    ],
  ],
  ['nothing', { cniVersion: '1.0.0' }, []],
])('a CNI result becomes entries of the network status: %s', (_name, result, expected) => {
  expect(toNetworkStatuses({ namespace: 'demo', name: 'a' }, result)).toEqual(expected);
});
