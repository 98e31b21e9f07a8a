import { parseRouter } from '#core/egress-router/parse.ts';
import { listAt, parseJson, textAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { ipOf, parseCidr } from '#core/net/cidr.ts';
import { parseIp } from '#core/net/ip.ts';
import { type InForceParts, inForceOf, isRefusalTold } from './in-force.ts';
import { reconcilerOf } from './router-parts.ts';

/** An address that a router has, or is to have. */
export interface Claim {
  readonly ip: string;
  /** The NIC; absent where the node has to infer it. */
  readonly master: string | undefined;
}

/**
 * By what is in force: none where that is not known. One that is on its way out still has its addresses. A spec is
 * checked only where something tells that it may not be in force, as that takes its time.
 */
export function claimsOf(parts: InForceParts): readonly Claim[] {
  const stored = claimsIn(parts.router);
  if (!isRefusalTold(parts.router) && !isMadeOtherwise(parts, stored)) return stored;
  const { router, isKnown } = inForceOf(parts, parseRouter(parts.router));
  return isKnown ? claimsIn(router) : [];
}

export function areSameClaims(one: readonly Claim[], other: readonly Claim[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ ip, master }, index) => ip === other[index]?.ip && master === other[index]?.master)
  );
}

function isMadeOtherwise({ nad, deployment }: InForceParts, stored: readonly Claim[]): boolean {
  if (nad === undefined || reconcilerOf(deployment) !== 'agent') return false;
  const conf = parseJson(textAt(nad, 'spec', 'config') ?? '');
  const made = toClaims(listAt(conf, 'ip', 'addresses'), textAt(conf, 'interfaceArgs', 'master'));
  return !areSameClaims(made, stored);
}

function claimsIn(router: KubernetesObject): readonly Claim[] {
  const ips = listAt(router, 'spec', 'addresses').map((entry) => textAt(entry, 'ip'));
  return toClaims(ips, textAt(router, 'spec', 'networkInterface', 'macvlan', 'master'));
}

function toClaims(ips: readonly unknown[], master: string | undefined): readonly Claim[] {
  return ips.flatMap((text) => {
    const ip = typeof text === 'string' ? readIp(text) : undefined;
    return ip === undefined ? [] : [{ ip, master }];
  });
}

/** However it is spelled. */
function readIp(text: string): string | undefined {
  const cidr = parseCidr(text);
  return cidr === undefined ? parseIp(text) : ipOf(cidr);
}
