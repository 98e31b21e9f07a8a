import type { EgressRouter } from '#core/egress-router/model.ts';
import { listAt, textAt } from '#core/json-value.ts';
import { familyOf } from '#core/net/ip.ts';

export type ServiceFamily = 'IPv4' | 'IPv6';

type Leading = Pick<EgressRouter, 'rules' | 'fallback'>;

/**
 * What of a Service's spec says its families. A redirect stays within a family: who calls a rule to an IPv6 server
 * has to call an IPv6 address of the router, and of its Service. IPv4 alone is left to the cluster, whose Services
 * have it nearly everywhere.
 *
 * @param present the Service as it is: its first family stays for as long as it lives
 */
export function toServiceFamilies(router: Leading, present?: unknown) {
  const wanted = servedFamilies(router);
  const [first, second] = familiesOfService(present);
  const released = refusedFamily(router, present);
  if (released !== undefined && released === second) {
    return { ipFamilyPolicy: 'SingleStack', ipFamilies: wanted } as const;
  }
  if (!wanted.includes('IPv6')) return first === 'IPv6' && wanted.length > 0 ? both : {};
  // One that has to have both is so by somebody's choice.
  if (wanted.length > 1 || first === 'IPv4' || second !== undefined) return both;
  return { ipFamilies: ['IPv6'] } as const;
}

/** Where the cluster has one family only, its Services have that one. */
const both = { ipFamilyPolicy: 'PreferDualStack' } as const;

/** In which a rule or the fallback leads on. */
export function servedFamilies({ rules, fallback }: Leading): readonly ServiceFamily[] {
  const ips = [...rules.map(({ destination }) => destination), ...(fallback === undefined ? [] : [fallback])];
  const families = new Set(ips.map(familyOf));
  return [...(families.has(4) ? (['IPv4'] as const) : []), ...(families.has(6) ? (['IPv6'] as const) : [])];
}

/** Those of the families in which the router leads on in which a Service has no address. Headless, it has none. */
export function unservedFamilies(router: Leading, service: unknown): readonly ServiceFamily[] {
  const families = familiesOfService(service);
  return families.length === 0 ? [] : servedFamilies(router).filter((family) => !families.includes(family));
}

/**
 * Of the two families that a Service has where it can, the one in which the router does not lead on. The second one is
 * given back for the asking, the first one goes with the Service only.
 */
export function refusedFamily(router: Leading, service: unknown): ServiceFamily | undefined {
  const [served, ...more] = servedFamilies(router);
  const families = familiesOfService(service);
  const isAsked = textAt(service, 'spec', 'ipFamilyPolicy') === both.ipFamilyPolicy;
  if (served === undefined || more.length > 0 || families.length < 2 || !isAsked) return undefined;
  return served === 'IPv4' ? 'IPv6' : 'IPv4';
}

/** Of a Service whose first address leads nowhere, what to do; undefined of every other one. */
export function firstFamilyText(router: Leading, service: unknown): string | undefined {
  // Where IPv6 comes first in a cluster, so it would in the next Service.
  if (refusedFamily(router, service) !== 'IPv4' || familiesOfService(service)[0] !== 'IPv4') return undefined;
  return 'Clients are refused at the IPv4 address of the Service, as the router leads to IPv6 servers only. Expose leaves the address, as the first family of a Service stays: delete the Service, and expose the router again where the operator does not do so. Its IPv6 address is another one then.';
}

/** No rule leads on from an address of this Service. */
export function servesNone(router: Leading, service: unknown): boolean {
  const served = servedFamilies(router);
  return served.length > 0 && unservedFamilies(router, service).length === served.length;
}

/** Whether an API server refuses a Service as it has no addresses of a family for any. */
export function tellsOfMissingFamily(message: string): boolean {
  return /ipFamilies\[\d\].*not configured on this cluster/.test(message);
}

/** What is wrong then, and what to do. */
export function missingFamilyText(router: EgressRouter): string {
  const families = servedFamilies(router).join(' and ');
  return `EgressRouter ${router.namespace}/${router.name} leads to ${families} servers only, so clients have to call an ${families} address, and this cluster gives Services none. Write rules with destinations of the family that its Services have, or use a cluster with ${families} or dual-stack Services.`;
}

function familiesOfService(service: unknown): readonly unknown[] {
  return listAt(service, 'spec', 'ipFamilies');
}
