import { expect, test } from 'vitest';
import { type LiveNetwork, planRepair } from '#core/attachment/drift.ts';
import { toOwnRoutes, toRules } from '#core/attachment/ip-batch.ts';
import { readRoutes } from '#core/attachment/ip-json.ts';
import { dualConfig, planOf } from './sample.ts';

const plan = planOf(dualConfig);
const good: LiveNetwork = {
  link: { isUp: true, addresses: plan.addresses.map(({ address }) => address) },
  routes: [
    ...readRoutes(
      [
        { dst: '192.168.12.0/24', dev: 'net1', table: '7101' },
        { dst: '192.168.12.1', dev: 'net1', table: '7101' },
        { dst: '192.168.12.1', dev: 'net1' },
        { dst: 'default', gateway: '192.168.12.1', dev: 'net1', table: '7101' },
        { dst: 'default', gateway: '10.128.0.1', dev: 'eth0', table: '7102' },
      ],
      4,
    ),
    ...readRoutes(
      [
        // The kernel gives every route of IPv6 a metric.
        { dst: 'fd12::/64', dev: 'net1', table: '7101', metric: 1024 },
        { dst: 'fd12::1', dev: 'net1', table: '7101', metric: 1024 },
        { dst: 'fd12::1', dev: 'net1', metric: 1024 },
        { dst: 'default', gateway: 'fd12::1', dev: 'net1', table: '7101', metric: 1024 },
        { dst: 'default', gateway: 'fe80::7', dev: 'eth0', table: '7102', metric: 1024 },
      ],
      6,
    ),
  ],
  rules: plan.families.flatMap((family) =>
    toRules(plan, family).map((text) => ({ family: family.family, text })),
  ),
};

test('a pod as ADD made it needs nothing', () => {
  check({}, { linkBatch: '', routeBatches: [], messages: [] });
});

test('what others added is left alone', () => {
  const [rule] = good.rules;
  if (rule === undefined) throw new Error('no rules');
  check(
    { rules: [...good.rules, { ...rule, text: 'pref 7 lookup 7' }] },
    { linkBatch: '', routeBatches: [], messages: [] },
  );
});

test('an interface that went down lost its routes, and its IPv6 address', () => {
  const [ipv4] = plan.families;
  if (ipv4 === undefined) throw new Error('no family');
  check(
    {
      link: { isUp: false, addresses: good.link.addresses.slice(0, 1) },
      routes: good.routes.filter((route) => route.family === 6 || route.link !== 'net1'),
    },
    {
      linkBatch: 'address add fd12::99/64 dev net1 nodad noprefixroute\nlink set dev net1 up\n',
      routeBatches: [
        {
          family: 4,
          text: toOwnRoutes(plan, ipv4)
            .map((route) => `route replace ${route}\n`)
            .join(''),
        },
      ],
      messages: [
        'interface net1 was down',
        'net1 lacked the address fd12::99/64',
        'the IPv4 route "192.168.12.0/24 dev net1 table 7101" was missing',
        'the IPv4 route "192.168.12.1 dev net1 table 7101" was missing',
        'the IPv4 route "192.168.12.1 dev net1" was missing',
        'the IPv4 route "default via 192.168.12.1 dev net1 table 7101" was missing',
      ],
    },
  );
});

test('a rule, and the way back, of one family', () => {
  check(
    {
      rules: good.rules.filter(({ text, family }) => family === 4 || !text.startsWith('pref 1003')),
      routes: good.routes.filter(({ table, family }) => family === 4 || table !== '7102'),
    },
    {
      linkBatch: '',
      routeBatches: [
        {
          family: 6,
          text: `route replace default via fd10:128::1 metric 1024 dev eth0 table 7102
rule add pref 1003 iif net1 lookup 7102
`,
        },
      ],
      messages: [
        'the IPv6 route "default via fd10:128::1 metric 1024 dev eth0 table 7102" was missing',
        'the IPv6 rule "pref 1003 iif net1 lookup 7102" was missing',
      ],
    },
  );
});

function check(
  changes: Partial<LiveNetwork>,
  expected: {
    readonly linkBatch: string;
    readonly routeBatches: readonly { readonly family: 4 | 6; readonly text: string }[];
    readonly messages: readonly string[];
  },
): void {
  const { linkBatch, routeBatches, drift } = planRepair(plan, { ...good, ...changes });
  expect({ linkBatch, routeBatches, messages: drift.map(({ message }) => message) }).toEqual(expected);
}
