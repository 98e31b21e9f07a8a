import { expect, test } from 'vitest';
import { parseIfName } from '#core/net/ifname.ts';
import { parseNetworks, toNetworkStatus } from '#sandbox/node/networks-annotation.ts';

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

test('a CNI result becomes an entry of the network status', () => {
  const ifName = parseIfName('net1');
  if (ifName === undefined) throw new Error('net1 is an interface name');
  const network = { namespace: 'demo', name: 'a', ifName, defaultRoute: [] };
  const result = {
    cniVersion: '0.4.0',
    interfaces: [{ name: 'net1', mac: '02:00:00:00:00:01', sandbox: '/run/netns/x' }],
    ips: [{ version: '4', interface: 0, address: '192.168.12.99/24', gateway: '192.168.12.1' }],
    dns: {},
  };
  expect(toNetworkStatus(network, result)).toEqual({
    name: 'demo/a',
    interface: 'net1',
    ips: ['192.168.12.99'],
    mac: '02:00:00:00:00:01',
    dns: {},
  });
});
