import { freeAddresses } from '#core/egress-router/candidates/address-candidates.ts';
import type { Surroundings } from '#core/egress-router/candidates/candidate.ts';
import { networkOf, parseCidr } from '#core/net/cidr.ts';
import type { FileSlice } from '../../document.ts';
import type { Diagnostic } from '../checks/diagnostic.ts';

/**
 * The diagnostics, and for an address that something else has the next one of its network that nothing known has.
 * That depends on all that is known around the document, so it is looked for when a fix is asked for.
 *
 * @param lookAround is called where there is such an address
 */
export function withFreeAddresses(
  { text }: FileSlice,
  diagnostics: readonly Diagnostic[],
  lookAround: () => Surroundings,
): readonly Diagnostic[] {
  if (diagnostics.every(({ code }) => code !== 'address-in-use')) return diagnostics;
  const free = freeAddresses(lookAround(), new Set());
  return diagnostics.map((one) => {
    if (one.code !== 'address-in-use') return one;
    const [written] = /[0-9A-Fa-f.:]+\/[0-9]+/.exec(text.slice(one.span.start, one.span.end)) ?? [];
    const taken = written === undefined ? undefined : parseCidr(written);
    if (written === undefined || taken === undefined) return one;
    const next = free.find(({ address }) => networkOf(address) === networkOf(taken));
    if (next === undefined) return one;
    const start = text.indexOf(written, one.span.start);
    const edits = [{ span: { start, end: start + written.length }, newText: next.address }];
    return { ...one, fixes: [...one.fixes, { kind: 'text', title: `Use ${next.address}`, edits }] };
  });
}
