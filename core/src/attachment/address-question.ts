import type { MacvlanMode } from '#core/egress-router/wire.ts';
import { at, listAt, numberAt } from '#core/json-value.ts';
import { ipOf } from '#core/net/cidr.ts';
import { type IfName, parseIfName } from '#core/net/ifname.ts';
import { type Ip, parseIp } from '#core/net/ip.ts';
import type { Mac } from '#core/net/mac.ts';
import type { AttachmentPlan } from './plan.ts';

/**
 * Duplicate address detection by the kernel's own neighbor table, in a namespace that has nothing but a macvlan
 * without addresses: asked to use a neighbor that has one of the router's addresses, the kernel looks for its
 * owner. With no address in the namespace it asks with the sender 0.0.0.0, which is the ARP probe of RFC 5227
 * and changes nobody's table; IPv6 asks from a link-local address. Where another machine claims the address
 * meanwhile, its announcement is taken for an answer; one that asks for it as well is noticed by
 * `address-askers.ts`.
 */
export interface AddressQuestion {
  readonly master: IfName;
  readonly mode: 'bridge' | 'passthru';
  readonly ips: readonly Ip[];
  readonly timeoutMs: number;
}

export interface AddressOwner {
  readonly ip: Ip;
  readonly mac: Mac;
  /** It does not have the address, but has asked for it, too. */
  readonly isAsking?: true;
  /** Of a pod on this node. */
  readonly netns?: string;
}

/** @returns undefined where the configuration does not want it */
export function toQuestion(plan: AttachmentPlan): AddressQuestion | undefined {
  if (plan.dadTimeoutMs === 0) return undefined;
  const { master, mode } = plan.macvlan;
  const ips = plan.addresses.map(({ address }) => ipOf(address));
  // In bridge mode it hears the routers of this node as well, whatever the mode of the router is.
  return { master, mode: isExclusive(mode) ? 'passthru' : 'bridge', ips, timeoutMs: plan.dadTimeoutMs };
}

/** A NIC has one macvlan in this mode, or any number in the others. */
export function isExclusive(mode: MacvlanMode): boolean {
  return mode === 'Passthru';
}

/** Reads what `JSON.stringify` made of a question. */
export function parseQuestion(value: unknown): AddressQuestion | undefined {
  const mode = at(value, 'mode');
  const timeoutMs = numberAt(value, 'timeoutMs');
  const master = parseIfName(at(value, 'master'));
  const ips = listAt(value, 'ips').flatMap((ip) => parseIp(String(ip)) ?? []);
  if (master === undefined || (mode !== 'bridge' && mode !== 'passthru') || timeoutMs === undefined) {
    return undefined;
  }
  return { master, mode, ips, timeoutMs };
}
