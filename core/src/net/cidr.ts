import {
  bitsOf,
  familyOf,
  type Ip,
  type IpFamily,
  ip4FromNumber,
  ip4ToNumber,
  ipFromNumber,
  ipToNumber,
  isIp4,
  parseIp,
} from './ip.ts';

/**
 * An address with the length of its prefix, `192.168.12.99/24`: what `ip address add` takes and what
 * `spec.addresses[].ip` means. Host bits are kept; `networkOf` drops them. Canonical text, as `Ip` is.
 */
export type Cidr = string & { readonly __brand: 'Cidr' };

/** @returns undefined unless the text is one address, a slash and a prefix length without leading zeros. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const ip = parseIp(text.slice(0, slash));
  const length = text.slice(slash + 1);
  if (ip === undefined || !/^(0|[1-9][0-9]{0,2})$/.test(length)) return undefined;
  return Number(length) <= bitsOf(familyOf(ip)) ? toCidr(ip, Number(length)) : undefined;
}

/** The prefix length must be a whole number from 0 to the family's number of bits. */
export function toCidr(ip: Ip, prefixLength: number): Cidr {
  return `${ip}/${prefixLength}` as Cidr;
}

export function ipOf(cidr: Cidr): Ip {
  return cidr.slice(0, cidr.indexOf('/')) as Ip;
}

export function prefixLengthOf(cidr: Cidr): number {
  // By characters, as this runs for every address of thousands of documents.
  let length = 0;
  for (let index = cidr.indexOf('/') + 1; index < cidr.length; index += 1)
    length = length * 10 + cidr.charCodeAt(index) - zero;
  return length;
}

export function familyOfCidr(cidr: Cidr): IpFamily {
  return cidr.includes(':') ? 6 : 4;
}

const zero = '0'.charCodeAt(0);

/** The same prefix with the host bits cleared: `192.168.12.99/24` gives `192.168.12.0/24`. */
export function networkOf(cidr: Cidr): Cidr {
  return toCidr(firstIp(cidr), prefixLengthOf(cidr));
}

/** The lowest address of the network, in IPv4 the network address itself. */
export function firstIp(cidr: Cidr): Ip {
  const ip = ipOf(cidr);
  if (isIp4(ip)) return ip4FromNumber((ip4ToNumber(ip) & maskOf(cidr)) >>> 0);
  const hostBits = hostBitsOf(cidr);
  return ipFromNumber((ipToNumber(ip) >> hostBits) << hostBits, 6);
}

/** The highest address of the network, in IPv4 the broadcast address. */
export function lastIp(cidr: Cidr): Ip {
  const ip = ipOf(cidr);
  if (isIp4(ip)) return ip4FromNumber((ip4ToNumber(ip) | ~maskOf(cidr)) >>> 0);
  return ipFromNumber(ipToNumber(ip) | ((1n << hostBitsOf(cidr)) - 1n), 6);
}

export function containsIp(cidr: Cidr, ip: Ip): boolean {
  const own = ipOf(cidr);
  if (isIp4(own)) return isIp4(ip) && ((ip4ToNumber(own) ^ ip4ToNumber(ip)) & maskOf(cidr)) === 0;
  const hostBits = hostBitsOf(cidr);
  return !isIp4(ip) && ipToNumber(ip) >> hostBits === ipToNumber(own) >> hostBits;
}

/** Where an address is in a network, without spelling out its ends. The one of a host prefix is `first`. */
export function placeIn(cidr: Cidr, ip: Ip): 'first' | 'within' | 'last' | 'outside' {
  const own = ipOf(cidr);
  if (isIp4(own) && isIp4(ip)) {
    const mask = maskOf(cidr);
    const value = ip4ToNumber(ip);
    if (((ip4ToNumber(own) ^ value) & mask) !== 0) return 'outside';
    if ((value & ~mask) === 0) return 'first';
    return (value | mask) === -1 ? 'last' : 'within';
  }
  if (!containsIp(cidr, ip)) return 'outside';
  const hosts = 1n << hostBitsOf(cidr);
  const host = ipToNumber(ip) & (hosts - 1n);
  if (host === 0n) return 'first';
  return host === hosts - 1n ? 'last' : 'within';
}

/** True where an IPv4 prefix sets aside its first and last address (RFC 3021: not /31, and not /32). */
export function hasBroadcast(cidr: Cidr): boolean {
  return familyOfCidr(cidr) === 4 && prefixLengthOf(cidr) <= 30;
}

function hostBitsOf(cidr: Cidr): bigint {
  return BigInt(bitsOf(familyOfCidr(cidr)) - prefixLengthOf(cidr));
}

/** Of an IPv4 prefix. A shift by 32 would be one by 0. */
function maskOf(cidr: Cidr): number {
  const length = prefixLengthOf(cidr);
  return length === 0 ? 0 : -1 << (32 - length);
}
