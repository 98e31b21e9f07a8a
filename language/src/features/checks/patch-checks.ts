import { checkRouterPatch } from '#core/egress-router/patch.ts';
import type { SliceContent } from '../../slice-content.ts';
import type { Parsed } from '../../yaml/parsed.ts';
import type { Diagnostic, DiagnosticCode } from './diagnostic.ts';
import { holdsParameter, placed } from './diagnostics.ts';

/** What holds of a document that is only a part of an object, which Kustomize puts over the rest of it. */
export function diagnosticsOfPatch({ diagnostics, source }: SliceContent): readonly Diagnostic[] {
  return diagnostics.filter(({ code, span }) => {
    if (needWhole.has(code)) return false;
    const marked = source.text.slice(span.start, span.end);
    // `$patch: delete` and the like say what is to be done; null takes a field away.
    if (code === 'unknown-field') return !/^["']?\$/.test(marked);
    return code !== 'wrong-type' || !/^(?:null|Null|NULL|~|)$/.test(marked);
  });
}

/** What is wrong with the operations of JSON 6902 in a document, which are meant for a router. */
export function diagnosticsOfOperations(parsed: Parsed): readonly Diagnostic[] {
  const { value, faults } = parsed;
  if (!Array.isArray(value) || faults.length > 0) return [];
  const problems = checkRouterPatch(value);
  return placed(
    parsed,
    problems.filter(({ path }) => !holdsParameter(value, path, 'router')),
  );
}

const needWhole: ReadonlySet<DiagnosticCode> = new Set([
  'missing-field',
  'nothing-to-redirect',
  'legacy-annotation-missing',
  'legacy-destination-missing',
  'legacy-gateway-missing',
  'legacy-image-missing',
  'legacy-mode-missing',
  'legacy-not-privileged',
  'legacy-router',
  'legacy-source-missing',
]);
