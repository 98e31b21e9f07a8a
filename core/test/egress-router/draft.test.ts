import { expect, test } from 'vitest';
import type { Surroundings } from '#core/egress-router/candidates/candidate.ts';
import { nothingAround } from '#core/egress-router/candidates/candidate.ts';
import { helpWithField, type RouterDraft, toManifest } from '#core/egress-router/draft.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { parseIp } from '#core/net/ip.ts';
import type { Path } from '#core/problem.ts';
import { parseClusterFacts } from '#core/relations/cluster-facts.ts';
import { legacyFacts } from '../relations/objects.ts';

const whole: RouterDraft = {
  name: 'egress-a',
  namespace: 'demo',
  ip: '192.168.12.99/24',
  gateway: '192.168.12.1',
  rules: [{ port: '8080', protocol: 'TCP', destinationIP: '203.0.113.25', targetPort: '80' }],
  fallbackIP: '203.0.113.26',
};

test('a whole draft is a manifest without problems', () => {
  const manifest = toManifest(whole);
  expect(manifest).toEqual({
    apiVersion: 'network.operator.openshift.io/v1',
    kind: 'EgressRouter',
    metadata: { name: 'egress-a', namespace: 'demo' },
    spec: {
      mode: 'Redirect',
      networkInterface: { macvlan: { mode: 'Bridge' } },
      addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }],
      redirect: {
        redirectRules: [{ port: 8080, protocol: 'TCP', destinationIP: '203.0.113.25', targetPort: 80 }],
        fallbackIP: '203.0.113.26',
      },
    },
  });
  expect(parseRouter(manifest).problems).toEqual([]);
});

const name: Path = ['metadata', 'name'];
const ip: Path = ['spec', 'addresses', 0, 'ip'];
const gateway: Path = ['spec', 'addresses', 0, 'gateway'];
const rule = (key: string, index = 0): Path => ['spec', 'redirect', 'redirectRules', index, key];
const cluster = parseClusterFacts({
  context: 'prod',
  nics: [{ node: 'w1', name: 'eth0', addresses: ['192.168.12.11/24'] }],
  routers: [{ namespace: 'web', name: 'other', addresses: ['192.168.12.98'], rules: [], state: 'Ready' }],
  usedAddresses: [{ ip: '192.168.12.11', by: 'node w1' }],
});

test.each<[string, Path, Partial<RouterDraft>, RegExp | undefined, Surroundings?]>([
  ['a good name', name, {}, undefined],
  ['a name with capitals', name, { name: 'Egress' }, /^error: .*lower/i],
  ['what is missing elsewhere does not count', name, { ip: '', rules: [] }, undefined],
  ['an address without a prefix', ip, { ip: '192.168.12.99' }, /^error: .*prefix/i],
  ['an address that is none', ip, { ip: 'x' }, /^error/],
  ['a gateway outside of the network', gateway, { gateway: '10.0.0.1' }, /^error: .*10\.0\.0\.1 is outside/],
  ['a port that is no number', rule('port'), { rules: [{ port: 'http' }] }, /^error/],
  ['a port beyond the last', rule('port'), { rules: [{ port: '65536' }] }, /^error/],
  [
    'a port that a rule has already',
    rule('port', 1),
    {
      rules: [
        { port: '80', protocol: 'TCP' },
        { port: '80', protocol: 'TCP' },
      ],
    },
    /^(error|warning)/,
  ],
  ['a server by its name', rule('destinationIP'), { rules: [{ destinationIP: 'api.example' }] }, /^error/],
  [
    'an address of a node',
    ip,
    { ip: '192.168.12.11/24' },
    /^warning: Node w1 has this address/,
    { facts: [], cluster },
  ],
  [
    'an address of another router',
    ip,
    { ip: '192.168.12.98/24' },
    /^warning: Router web\/other of the cluster has this address/,
    { facts: [], cluster },
  ],
  [
    'the address of the router itself',
    ip,
    { name: 'other', namespace: 'web', ip: '192.168.12.98/24' },
    undefined,
    { facts: [], cluster },
  ],
])('%s', (_, path, change, wanted, around = nothingAround) => {
  const { problem } = helpWithField(path, toManifest({ ...whole, ...change }), around);
  const told = problem && `${problem.severity}: ${problem.message}`;
  if (wanted === undefined) expect(told).toBeUndefined();
  else expect(told).toMatch(wanted);
});

test('the next free address of the nodes’ network is offered before examples', () => {
  const { offers } = helpWithField(ip, toManifest({ name: 'a', ip: '', rules: [] }), { facts: [], cluster });
  expect(offers[0]).toMatchObject({ text: '192.168.12.99/24', isExample: false });
  const gateways = helpWithField(gateway, toManifest({ ...whole, gateway: '' }), {
    facts: [],
    cluster,
  }).offers;
  expect(gateways[0]).toMatchObject({ text: '192.168.12.1', isExample: false });
});

test('no address is offered that a router of OpenShift SDN has', () => {
  const taken = parseIp('192.168.12.99');
  const legacy = legacyFacts({ addresses: taken === undefined ? [] : [taken] });
  const { offers } = helpWithField(ip, toManifest({ name: 'a', ip: '', rules: [] }), {
    facts: [legacy],
    cluster,
  });
  expect(offers[0]).toMatchObject({ text: '192.168.12.100/24', isExample: false });
});
