import type { MacvlanMode } from '#core/egress-router/wire.ts';
import { ipOf } from '#core/net/cidr.ts';
import { type IfName, parseIfName } from '#core/net/ifname.ts';
import { familyOf, type Ip, type IpFamily, parseIp } from '#core/net/ip.ts';
import { type Mac, parseMac } from '#core/net/mac.ts';
import { toAskingLines } from './address-askers.ts';
import type { AttachmentPlan } from './plan.ts';
import type { Sysctl } from './sysctl.ts';

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
  if (!isFields(value)) return undefined;
  const { mode, timeoutMs } = { mode: value['mode'], timeoutMs: value['timeoutMs'] };
  const master = parseIfName(value['master']);
  const ips = listOf(value['ips']).flatMap((ip) => parseIp(String(ip)) ?? []);
  const isValid = (mode === 'bridge' || mode === 'passthru') && typeof timeoutMs === 'number';
  return master === undefined || !isValid ? undefined : { master, mode, ips, timeoutMs };
}

/** How often is asked within the time, but for long ones: then each second. */
const repetitions = 3;
const longestPauseMs = 1000;

export function pauseMs({ timeoutMs }: AddressQuestion): number {
  return Math.min(longestPauseMs, Math.ceil(timeoutMs / repetitions));
}

/** Settings of the link, before it goes up. */
export function questionSysctls(question: AddressQuestion, link: IfName): readonly Sysctl[] {
  const pause = pauseMs(question);
  return familiesOf(question).flatMap((family) => [
    { key: `ipv${family}/neigh/${link}/retrans_time_ms`, value: pause },
    // One more than there is time for: a neighbor that has been given up may be forgotten before the end.
    { key: `ipv${family}/neigh/${link}/mcast_solicit`, value: Math.ceil(question.timeoutMs / pause) + 1 },
    // The link-local address that IPv6 asks from is there at once.
    ...(family === 6 ? [{ key: `ipv6/conf/${link}/accept_dad`, value: 0 }] : []),
  ]);
}

/**
 * Input of `ip -batch -`. Before `lo` is up, all addresses of IPv4 are broadcast ones to the kernel.
 * @param seed tells machines from each other that ask at once
 */
export function toStartBatch(question: AddressQuestion, link: IfName, seed: number): string {
  const { before, after } = toAskingLines(question, link, seed);
  return `link set dev lo up\n${before}link set dev ${link} up\n${after}`;
}

/** Input of `ip -batch -` that makes the kernel ask, once the link is up. */
export function toQuestionBatch(question: AddressQuestion, link: IfName): string {
  return question.ips.map((ip) => `neigh replace ${ip} dev ${link} use\n`).join('');
}

/** The owners in what `ip -j neigh show` printed. */
export function readNeighbors(value: unknown): readonly AddressOwner[] {
  return listOf(value).flatMap((entry) => toOwner(entry, 'dst', 'lladdr'));
}

/** Reads what `JSON.stringify` made of owners. */
export function parseOwners(value: unknown): readonly AddressOwner[] {
  return listOf(value).flatMap((entry) => toOwner(entry, 'ip', 'mac'));
}

function toOwner(entry: unknown, ipKey: string, macKey: string): readonly AddressOwner[] {
  if (!isFields(entry)) return [];
  const ip = parseIp(String(entry[ipKey]));
  const mac = parseMac(entry[macKey]);
  if (ip === undefined || mac === undefined) return [];
  return [{ ip, mac, ...(entry['isAsking'] === true ? { isAsking: true } : {}) }];
}

function familiesOf({ ips }: AddressQuestion): readonly IpFamily[] {
  return [...new Set(ips.map(familyOf))];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isFields(value: unknown): value is { readonly [field: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
