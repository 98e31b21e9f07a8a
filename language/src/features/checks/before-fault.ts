import type { Parsed } from '../../yaml/parsed.ts';
import type { Diagnostic, DiagnosticCode } from './diagnostic.ts';

/**
 * What is certain of a document whose YAML is broken: findings that follow from one value alone, which stands within
 * one line before that of the first fault. Not to be mended before the fault is: where an edit would go is not certain.
 */
export function certainBefore(
  { text, faults }: Parsed,
  told: readonly Diagnostic[],
  others: () => readonly Diagnostic[],
): readonly Diagnostic[] {
  // Of a key that stands twice it is not known which one counts.
  if (faults.some(({ code }) => code === 'DUPLICATE_KEY')) return [];
  const first = Math.min(...[...faults, ...told].map(({ span }) => span.start));
  const end = text.lastIndexOf('\n', first - 1) + 1;
  if (end === 0) return [];
  return others()
    .filter(({ code, span }) => {
      return ofOneValue.has(code) && span.end < end && !text.slice(span.start, span.end).includes('\n');
    })
    .map((diagnostic) => ({ ...diagnostic, related: [], fixes: [] }));
}

const ofOneValue: ReadonlySet<DiagnosticCode> = new Set([
  'address-is-broadcast',
  'address-is-network',
  'address-not-cidr',
  'address-without-prefix',
  'destination-is-name',
  'destination-with-prefix',
  'invalid-interface-name',
  'invalid-name',
  'not-in-enum',
  'out-of-range',
  'prefix-too-short',
  'protocol-lower-case',
  'wrong-format',
]);
