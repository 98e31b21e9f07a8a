import { expect, test } from 'vitest';
import { admissionRules, admissionVariables, raisedRules } from '#core/admission/router-rules.ts';
import { compileCel } from '#sandbox/api/admission/cel.ts';
import { admissionCases } from '../../../language/test/rows/admission-cases.ts';

const cases = admissionCases();
const compiled = admissionRules.map((rule) => ({ rule, holds: compileCel(rule.cel, admissionVariables) }));

for (const { name, manifest } of cases) {
  test(`${name}: CEL and code judge alike`, () => {
    const raised = raisedRules(manifest).map(({ code, severity }) => `${code} ${severity}`);
    expect(brokenBy(manifest)).toEqual(raised);
  });
}

for (const { code, severity } of admissionRules) {
  test(`${code}, ${severity}: a row breaks it`, () => {
    expect(cases.flatMap(({ manifest }) => brokenBy(manifest))).toContain(`${code} ${severity}`);
  });
}

function brokenBy(object: unknown): readonly string[] {
  return compiled
    .filter(({ holds }) => holds({ object }) !== true)
    .map(({ rule }) => `${rule.code} ${rule.severity}`);
}
