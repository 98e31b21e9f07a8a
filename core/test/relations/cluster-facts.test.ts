import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ClusterFacts, parseClusterFacts } from '#core/relations/cluster-facts.ts';

const nothing: ClusterFacts = { context: '', networks: [], nics: [], routers: [], usedAddresses: [] };

test('what a client sends is read', () => {
  const sent = {
    context: 'lab',
    reconciler: 'cno',
    networks: [{ name: 'pod', cidr: '10.128.0.0/14' }],
    nics: [{ node: 'worker-0', name: 'enp1s0', addresses: ['192.168.12.10/24'] }],
    routers: [
      {
        namespace: 'web',
        name: 'a',
        addresses: ['192.168.12.99'],
        rules: [{ port: 80, protocol: 'TCP', destination: '203.0.113.25', targetPort: 8080 }],
        state: 'Available',
      },
    ],
    usedAddresses: [{ ip: '192.168.12.1', by: 'the gateway' }],
  };
  expect(parseClusterFacts(sent)).toEqual(sent);
});

test('what cannot be read is left out', () => {
  expect(
    parseClusterFacts({
      context: 1,
      reconciler: 'other',
      networks: [{ name: 'x', cidr: '10.0.0.0/8' }, { name: 'pod', cidr: 'x' }, 'x'],
      nics: [{ node: 'a', name: 'a/b' }, null],
      routers: [{ name: 'a' }],
      usedAddresses: [{ ip: 'x', by: 'x' }, { ip: '10.0.0.1' }],
    }),
  ).toEqual(nothing);
  expect(parseClusterFacts(undefined)).toEqual(nothing);
});

test('nothing that is sent throws', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(parseClusterFacts(value)).toEqual(expect.objectContaining({ context: expect.any(String) }));
    }),
  );
});
