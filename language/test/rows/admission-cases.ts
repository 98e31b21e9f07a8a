import { parseDocument } from 'yaml';
import { parseRouter } from '#core/egress-router/parse.ts';
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
  return [...first]
    .map(([text, name]) => ({ name, manifest: toValue(text) }))
    .filter(({ manifest }) => reachesPolicies(manifest));
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
