import type { RedirectRule } from '#core/egress-router/model.ts';
import type { Ip } from '#core/net/ip.ts';
import { parseDestinations } from './parse-destinations.ts';
import { NetConfProblems } from './problems.ts';

/** What an entry of `ip.destinations` says: a rule, or the address for all other ports. Undefined where it is neither. */
export function readDestination(text: string): RedirectRule | Ip | undefined {
  const { rules, fallbacks } = parseDestinations({ destinations: [text] }, [], new NetConfProblems());
  return rules[0] ?? fallbacks.v4 ?? fallbacks.v6;
}
