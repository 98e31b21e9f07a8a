import { expect, test } from 'vitest';
import { parseRouter } from '#core/egress-router/parse.ts';
import { parseCidr } from '#core/net/cidr.ts';
import { parseIp } from '#core/net/ip.ts';
import { checkAddresses } from '#core/platform/check-addresses.ts';
import { checkPodSecurity } from '#core/platform/check-pod-security.ts';
import { checkSecondRouter } from '#core/platform/check-second-router.ts';
import { type Finding, worstFirst } from '#core/platform/finding.ts';
import { manifest } from '../egress-router/manifests.ts';

interface Known {
  readonly ips?: readonly string[];
  readonly networks?: readonly (readonly ['pod' | 'service' | 'machine', string])[];
  /** Address and owner, and whether that only claims it. */
  readonly taken?: readonly (readonly [string, string, 'claims'?])[];
  readonly held?: readonly string[];
  readonly unseen?: readonly string[];
}

/** What is said of the addresses, each as `verdict message`. */
function checkAddress(
  { ips = ['192.168.12.99/24'], networks = [], taken = [], held = [], unseen = [] }: Known,
  ...expected: readonly string[]
): void {
  const { router } = parseRouter(manifest({ addresses: ips.map((ip) => ({ ip })) }));
  if (router === undefined) throw new Error('The router has faults.');
  const findings = checkAddresses(router, {
    networks: networks.flatMap(([name, text]) => {
      const cidr = parseCidr(text);
      return cidr === undefined ? [] : [{ name, cidr }];
    }),
    taken: taken.flatMap(([text, by, claims]) => {
      const ip = parseIp(text);
      return ip === undefined ? [] : [{ ip, by, ...(claims === undefined ? {} : { isClaim: true }) }];
    }),
    held: held.flatMap((text) => parseIp(text) ?? []),
    unseen,
  });
  expect(findings.map(({ verdict, message }) => `${verdict} ${message}`)).toEqual(expected);
}

const reserved =
  'Hosts outside of the cluster are not known here: the address must be reserved for the router.';

test('whether addresses are free', () => {
  checkAddress(
    {},
    `ok 192.168.12.99 is free as far as the cluster tells: no other router, pod or node has it. ${reserved}`,
  );
  checkAddress(
    { networks: [['machine', '192.168.12.0/24']], taken: [['192.168.12.98', 'node worker-1']] },
    `ok 192.168.12.99 is free as far as the cluster tells: no other router, pod or node has it. ${reserved}`,
  );
  checkAddress(
    { unseen: ['pods', 'nodes'] },
    `information 192.168.12.99 is free as far as the cluster tells, but you may not see pods, nodes. ${reserved}`,
  );
  checkAddress(
    {
      taken: [
        ['192.168.12.99', 'EgressRouter web/a'],
        ['192.168.12.99', 'Pod web/a-1'],
        ['192.168.12.99', 'Pod web/a-1'],
      ],
    },
    'error 192.168.12.99 is taken: EgressRouter web/a, Pod web/a-1 have it. Take an address that nothing else has.',
  );
  checkAddress(
    { networks: [['pod', '192.168.0.0/16']], taken: [['192.168.12.99', 'Pod web/a']] },
    'error 192.168.12.99 is in 192.168.0.0/16, the pod network of the cluster. Take a free address of the network that the nodes are on.',
  );
  checkAddress(
    { ips: ['192.168.12.99/24', 'fd12::99/64'], taken: [['fd12::99', 'node worker-1']] },
    'error fd12::99 is taken: node worker-1 has it. Take an address that nothing else has.',
    `ok 192.168.12.99 is free as far as the cluster tells: no other router, pod or node has it. ${reserved}`,
  );
});

test('an address that the router holds, and another one claims', () => {
  const thief = ['192.168.12.99', 'EgressRouter demo-2/thief', 'claims'] as const;
  const held = ['192.168.12.99'];
  const taken =
    'error 192.168.12.99 is taken: EgressRouter demo-2/thief has it. Take an address that nothing else has.';
  checkAddress(
    { taken: [thief], held },
    "warning 192.168.12.99 is on this router's pod, and reserved as well by EgressRouter demo-2/thief. Change the address there, not here: whenever this router gets a new pod, the other may take it first.",
  );
  checkAddress({ taken: [thief] }, taken);
  checkAddress({ taken: [thief], held: ['192.168.12.98'] }, taken);
  checkAddress({ taken: [thief], held, unseen: ['pods of other namespaces'] }, taken);
  checkAddress(
    { taken: [thief, ['192.168.12.99', 'Pod demo-2/thief-1']], held },
    'error 192.168.12.99 is taken: EgressRouter demo-2/thief, Pod demo-2/thief-1 have it. Take an address that nothing else has.',
  );
  checkAddress(
    { networks: [['pod', '192.168.0.0/16']], taken: [thief], held },
    'error 192.168.12.99 is in 192.168.0.0/16, the pod network of the cluster. Take a free address of the network that the nodes are on.',
  );
});

function check({ verdict, message }: Finding, expected: Finding['verdict'], says: RegExp): void {
  expect([verdict, message]).toEqual([expected, expect.stringMatching(says)]);
}

const enforced = (level: string) => ({ 'pod-security.kubernetes.io/enforce': level });

test('whether a namespace takes the pod of a router', () => {
  const ok = /NET_ADMIN\.$/;
  check(checkPodSecurity('web', {}, 'agent'), 'ok', /sets no Pod Security level.*NET_ADMIN\.$/);
  check(checkPodSecurity('web', enforced('privileged'), 'agent'), 'ok', ok);
  check(checkPodSecurity('web', enforced('baseline'), 'agent'), 'error', /"baseline", which forbids/);
  check(checkPodSecurity('web', enforced('restricted'), 'unknown'), 'warning', /"restricted"/);
  check(checkPodSecurity('web', enforced('restricted'), 'cno'), 'ok', /needs no special rights/);
  check(checkPodSecurity('web', undefined, 'agent'), 'information', /You may not read namespace web/);
  check(checkPodSecurity('web', 'missing', 'cno'), 'error', /^Namespace web does not exist\./);
  expect(checkPodSecurity('web', enforced('baseline'), 'agent').remedy?.text).toBe(
    'kubectl label namespace web pod-security.kubernetes.io/enforce=privileged --overwrite',
  );
});

test('whether a router is the second of its namespace', () => {
  const router = { namespace: 'web', name: 'b' };
  check(
    checkSecondRouter(router, { others: [], areAllSeen: true }, 'cno'),
    'ok',
    /^b is the only egress router of namespace web\.$/,
  );
  check(
    checkSecondRouter(router, { others: ['a'], areAllSeen: true }, 'cno'),
    'error',
    /^Namespace web has a as well\..*Put b into/,
  );
  check(
    checkSecondRouter(router, { others: ['a', 'c'], areAllSeen: true }, 'agent'),
    'information',
    /^Namespace web has further egress routers\. .* objects of its own\.$/,
  );
  check(
    checkSecondRouter(router, { others: ['a'], areAllSeen: true }, 'unknown'),
    'warning',
    /Under the Cluster Network Operator/,
  );
  const unseen = { others: [], areAllSeen: false };
  check(checkSecondRouter(router, unseen, 'cno'), 'information', /^Nothing tells whether namespace web has/);
  check(checkSecondRouter(router, { ...unseen, others: ['a'] }, 'cno'), 'error', /^Namespace web has a as/);
});

test('the worst comes first', () => {
  const of = (verdict: Finding['verdict'], message: string): Finding => ({ code: 'crd', verdict, message });
  const findings = [of('ok', '1'), of('warning', '2'), of('error', '3'), of('warning', '4')];
  expect(worstFirst(findings).map(({ message }) => message)).toEqual(['3', '2', '4', '1']);
});
