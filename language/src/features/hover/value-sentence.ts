import type { RedirectRule } from '#core/egress-router/model.ts';
import type { RouterReading } from '#core/egress-router/parse.ts';
import {
  type Cidr,
  containsIp,
  familyOfCidr,
  firstIp,
  ipOf,
  lastIp,
  networkOf,
  prefixLengthOf,
} from '#core/net/cidr.ts';
import { bitsOf, familyOf, type Ip, isIp4 } from '#core/net/ip.ts';
import type { Path } from '#core/problem.ts';

/** What follows from the value at a path, in Markdown; undefined where nothing does or it cannot be read. */
export function valueSentence(path: Path, router: RouterReading): string | undefined {
  const [, , third, fourth] = path;
  if (path[0] !== 'spec') return undefined;
  if (path[1] === 'addresses' && typeof third === 'number') return addressSentence(router, third, path[3]);
  if (path[1] !== 'redirect') return undefined;
  if (third === 'redirectRules' && typeof fourth === 'number') {
    const rule = router.rules[fourth];
    return rule === undefined ? undefined : ruleSentence(rule, router);
  }
  if (third !== 'fallbackIP' || router.fallback === undefined) return undefined;
  return fallbackSentence(router.fallback, router);
}

export function fallbackSentence(fallback: Ip, router: RouterReading): string {
  return `client → router:*any other port* → **${fallback}**, same port${seenAs(fallback, router)}`;
}

/** `8080/TCP → 203.0.113.25:80` */
export function ruleText({ port, protocol, destination, targetPort }: RedirectRule): string {
  return `${port}/${protocol} → ${hostPort(destination, targetPort)}`;
}

export function ruleSentence(rule: RedirectRule, router: RouterReading): string {
  const { port, protocol, destination, targetPort } = rule;
  return `client → router:${port}/${protocol} → **${hostPort(destination, targetPort)}**${seenAs(destination, router)}`;
}

/** The remote server sees the first address of its family. */
function seenAs(destination: Ip, { addresses }: RouterReading): string {
  if (addresses.includes(undefined)) return '';
  const own = addresses.find((one) => one && familyOfCidr(one.address) === familyOf(destination));
  return own === undefined ? '' : `, seen as **${ipOf(own.address)}**`;
}

function hostPort(ip: Ip, port: number): string {
  return isIp4(ip) ? `${ip}:${port}` : `[${ip}]:${port}`;
}

function addressSentence(router: RouterReading, index: number, field: unknown): string | undefined {
  const entry = router.addresses[index];
  if (entry === undefined) return undefined;
  const { address, gateway } = entry;
  const network = networkOf(address);
  if (field !== 'gateway')
    return `${ipOf(address)} in **${network}**: ${firstIp(address)} – ${lastIp(address)}${count(address)}`;
  if (gateway === undefined) return undefined;
  return containsIp(address, gateway)
    ? `${gateway} is in **${network}**, the subnet of ${ipOf(address)}.`
    : `${gateway} is outside **${network}**, the subnet of ${ipOf(address)}.`;
}

function count(address: Cidr): string {
  const hostBits = bitsOf(familyOfCidr(address)) - prefixLengthOf(address);
  return hostBits > 24 ? '' : `, ${2 ** hostBits} ${hostBits === 0 ? 'address' : 'addresses'}`;
}
