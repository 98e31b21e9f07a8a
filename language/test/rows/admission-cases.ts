import { parseDocument } from 'yaml';
import { parseRouter } from '#core/egress-router/parse.ts';
import { egressRouterApiVersion, egressRouterKind } from '#core/egress-router/wire.ts';
import { addressRows } from './address.ts';
import type { CheckRow } from './check-row.ts';
import { platformRows } from './platform.ts';
import { ruleRows } from './rules.ts';
import { schemaRows } from './schema.ts';

export interface AdmissionCase {
  readonly name: string;
  readonly manifest: unknown;
}

/** The routers of the rows that an API server's policies judge as well, each text once. */
export function admissionCases(): readonly AdmissionCase[] {
  const rows = [
    ...addressRows,
    ...ruleRows,
    ...platformRows.filter(({ code }) => code === 'rule-takes-health-port'),
    ...schemaRows.filter(({ code }) => code === 'invalid-interface-name'),
  ];
  const named = rows.flatMap((row, index) => [
    ...textsOf(row.raises).map((text) => ({ name: `${row.code} (${index + 1})`, text })),
    ...textsOf(row.quiet).map((text) => ({ name: `not ${row.code} (${index + 1})`, text })),
  ]);
  const first = new Map(named.toReversed().map(({ name, text }) => [text, name]));
  return [...[...first].map(([text, name]) => ({ name, manifest: toValue(text) })), ...oddCases()].filter(
    ({ manifest }) => reachesPolicies(manifest),
  );
}

/** Spellings on which readers of addresses differ, in each place that takes one. */
function oddCases(): readonly AdmissionCase[] {
  return oddAddresses.flatMap((odd) => [
    // An IPv4-mapped address is refused by both, in other words: an API server does not read it.
    ...(odd.startsWith('::ffff:') ? [] : ['/24', ...oddPrefixes]).map((prefix) =>
      oddCase(`the address ${odd}${prefix}`, { addresses: [{ ip: `${odd}${prefix}` }] }),
    ),
    oddCase(`the gateway ${odd}`, { addresses: [{ ip: '192.168.12.99/24', gateway: odd }] }),
    oddCase(`the gateway ${odd} in IPv6`, { addresses: [{ ip: 'fd12::99/64', gateway: odd }] }),
    oddCase(`the destination ${odd}`, {
      redirect: { redirectRules: [{ destinationIP: odd, port: 80, protocol: 'TCP' }] },
    }),
    oddCase(`the fallback ${odd}`, { redirect: { redirectRules: [], fallbackIP: odd } }),
  ]);
}

const oddAddresses = [
  '192.168.012.7',
  '192.168.12',
  '3232238591',
  '0xc0a80c07',
  ' 192.168.12.7',
  '192.168.12.7%eth0',
  '::ffff:192.168.12.7',
  '::ffff:c0a8:c07',
  '::192.168.12.7',
  'FD12::7',
  'fd12:0:0:0:0:0:0:7',
  'fd12::00007',
  'fd12::7%net1',
  'fd12:::7',
  '[fd12::7]',
  'fd12::192.168.12.7',
  '',
];
const oddPrefixes = ['/024', '/+24', '/-1', '/33', '/129', '/', '/24/24', '/24 ', '/255.255.255.0'];

function oddCase(name: string, spec: object): AdmissionCase {
  const whole = {
    mode: 'Redirect',
    networkInterface: { macvlan: { mode: 'Bridge' } },
    addresses: [{ ip: '192.168.12.99/24', gateway: '192.168.12.1' }],
    redirect: { redirectRules: [{ destinationIP: '203.0.113.25', port: 80, protocol: 'TCP' }] },
    ...spec,
  };
  const head = { apiVersion: egressRouterApiVersion, kind: egressRouterKind, metadata: { name: 'odd' } };
  return { name, manifest: { ...head, spec: whole } };
}

/** What lacks a field or has it in another type, the schema of the API server refuses before any policy. */
function reachesPolicies(manifest: unknown): boolean {
  return parseRouter(manifest).problems.every(
    ({ code }) => code !== 'missing-field' && code !== 'wrong-type',
  );
}

function textsOf(written: CheckRow['raises']): readonly string[] {
  return typeof written === 'string' ? [written] : Object.values(written);
}

function toValue(text: string): unknown {
  return parseDocument(text.replace(/[«»]/g, '')).toJS();
}
