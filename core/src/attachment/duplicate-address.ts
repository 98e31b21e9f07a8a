import { at, listAt } from '#core/json-value.ts';
import type { IfName } from '#core/net/ifname.ts';
import { familyOf, type IpFamily, parseIp } from '#core/net/ip.ts';
import { parseMac } from '#core/net/mac.ts';
import { toAskingLines } from './address-askers.ts';
import type { AddressOwner, AddressQuestion } from './address-question.ts';
import type { Sysctl } from './sysctl.ts';

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
  return listAt(value).flatMap((entry) => toOwner(entry, 'dst', 'lladdr'));
}

/** Reads what `JSON.stringify` made of owners. */
export function parseOwners(value: unknown): readonly AddressOwner[] {
  return listAt(value).flatMap((entry) => toOwner(entry, 'ip', 'mac'));
}

function toOwner(entry: unknown, ipKey: string, macKey: string): readonly AddressOwner[] {
  const ip = parseIp(String(at(entry, ipKey)));
  const mac = parseMac(at(entry, macKey));
  if (ip === undefined || mac === undefined) return [];
  return [{ ip, mac, ...(at(entry, 'isAsking') === true ? { isAsking: true } : {}) }];
}

function familiesOf({ ips }: AddressQuestion): readonly IpFamily[] {
  return [...new Set(ips.map(familyOf))];
}
