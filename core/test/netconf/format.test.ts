import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EgressRouter } from '#core/egress-router/model.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { formatNetConf } from '#core/netconf/format.ts';
import { toNetConf } from '#core/netconf/from-router.ts';
import { parseNetConf } from '#core/netconf/parse.ts';
import { netConfs } from './netconf-values.ts';

function router(spec: object): EgressRouter {
  const { router: parsed } = parseRouter({
    apiVersion: 'network.operator.openshift.io/v1',
    kind: 'EgressRouter',
    metadata: { name: 'sample', namespace: 'demo' },
    spec,
  });
  if (parsed === undefined) throw new Error('the sample is not valid');
  return parsed;
}

const sample = router({
  addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }],
  mode: 'Redirect',
  networkInterface: { macvlan: { mode: 'Bridge' } },
  redirect: {
    redirectRules: [
      { destinationIP: '203.0.113.25', port: 80, protocol: 'TCP' },
      { destinationIP: '203.0.113.26', port: 8080, protocol: 'UDP', targetPort: 80 },
    ],
  },
});

test('a plain router is written as the Cluster Network Operator writes it', () => {
  const options = { logFile: '/tmp/egress-router-log', logLevel: 'debug' } as const;
  expect(JSON.stringify(formatNetConf(toNetConf(sample, options)))).toBe(
    '{"cniVersion":"0.4.0","type":"egress-router","name":"egress-router-cni-nad",' +
      '"ip":{"addresses":["192.168.12.99/24"],"gateway":"192.168.12.1",' +
      '"destinations":["80 TCP 203.0.113.25","8080 UDP 203.0.113.26 80"]},' +
      '"log_file":"/tmp/egress-router-log","log_level":"debug"}',
  );
});

test('everything that operator leaves out', () => {
  const conf = toNetConf(
    router({
      addresses: [{ ip: '192.168.12.99/24' }, { ip: 'fd12::99/64', gateway: 'fd12::1' }],
      mode: 'Redirect',
      networkInterface: { macvlan: { mode: 'Passthru', master: 'enp1s0' } },
      redirect: { fallbackIP: '2001:db8::25' },
    }),
    { name: 'other', cniVersion: '1.1.0' },
  );
  expect(formatNetConf({ ...conf, macvlan: { ...conf.macvlan, mtu: 1400 } })).toEqual({
    cniVersion: '1.1.0',
    type: 'egress-router',
    name: 'other',
    ip: {
      addresses: ['192.168.12.99/24', 'fd12::99/64'],
      gateway: ['', 'fd12::1'],
      destinations: [],
      fallbackIP: '2001:db8::25',
    },
    interfaceArgs: { mode: 'passthru', master: 'enp1s0', mtu: '1400' },
  });
});

test('what is written is read as it was', () => {
  fc.assert(
    fc.property(netConfs, (conf) => {
      const { conf: read, problems } = parseNetConf(JSON.parse(JSON.stringify(formatNetConf(conf))));
      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(read).toEqual(conf);
    }),
  );
});

test('no input throws', () => {
  const words = fc.oneof(
    fc.string(),
    fc.constantFrom('80 TCP 203.0.113.25', '192.168.12.99/24', 'fd12::1', '', '203.0.113.25', '80 ICMP ::'),
  );
  const lists = fc.oneof(fc.array(words), words, fc.anything());
  const confs = fc.record(
    {
      cniVersion: words,
      name: words,
      ip: fc.oneof(
        fc.record(
          { addresses: lists, gateway: lists, destinations: lists, fallbackIP: lists },
          { requiredKeys: [] },
        ),
        fc.anything(),
      ),
      interfaceType: fc.anything(),
      interfaceArgs: fc.oneof(
        fc.record({ mode: fc.anything(), master: fc.anything(), mtu: fc.anything() }, { requiredKeys: [] }),
        fc.anything(),
      ),
      localPorts: lists,
      log_file: fc.anything(),
      log_level: fc.anything(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(confs, fc.anything()), (value) => {
      const { conf, problems } = parseNetConf(value);
      expect(conf === undefined).toBe(problems.some(({ severity }) => severity === 'error'));
    }),
  );
});
