/**
 * IP addresses as canonical text: IPv4 dotted quad, IPv6 as RFC 5952 spells it.
 * Two equal addresses are therefore equal strings, and an `Ip` may be put into `ip`, `nft` or a URL as it is.
 */
export type Ip4 = string & { readonly __brand: 'Ip4' };
export type Ip6 = string & { readonly __brand: 'Ip6' };
export type Ip = Ip4 | Ip6;
export type IpFamily = 4 | 6;

/**
 * @returns undefined for anything but one plain address: no prefix, no zone, no blanks, no octet with a
 * leading zero (RFC 6943 §3.1.1: readers disagree whether `010` is 8 or 10).
 */
export function parseIp(text: string): Ip | undefined {
  return text.includes(':') ? parseIp6(text) : parseIp4(text);
}

export function parseIp4(text: string): Ip4 | undefined {
  // Without leading zeros there is one spelling only, so that what can be read is canonical.
  return readIp4(text) === undefined ? undefined : (text as Ip4);
}

export function parseIp6(text: string): Ip6 | undefined {
  const value = readIp6(text);
  return value === undefined ? undefined : formatIp6(value);
}

export function isIp4(ip: Ip): ip is Ip4 {
  return !ip.includes(':');
}

export function familyOf(ip: Ip): IpFamily {
  return isIp4(ip) ? 4 : 6;
}

/** Number of bits in an address of this family: 32 or 128. */
export function bitsOf(family: IpFamily): 32 | 128 {
  return family === 4 ? 32 : 128;
}

/** The address as an unsigned number, most significant octet first. */
export function ipToNumber(ip: Ip): bigint {
  return isIp4(ip) ? BigInt(ip4ToNumber(ip)) : (readIp6(ip) ?? 0n);
}

/** As `ipToNumber`, as a number: many times as fast. */
export function ip4ToNumber(ip: Ip4): number {
  return readIp4(ip) ?? 0;
}

/** @throws RangeError when `value` is not a whole number below 2^32. */
export function ip4FromNumber(value: number): Ip4 {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new RangeError(`${value} is no IPv4 address`);
  }
  return `${value >>> 24}.${(value >>> 16) & 0xff}.${(value >>> 8) & 0xff}.${value & 0xff}` as Ip4;
}

/** @throws RangeError when `value` has no place in the family. */
export function ipFromNumber(value: bigint, family: IpFamily): Ip {
  if (value < 0n || value >> BigInt(bitsOf(family)) !== 0n) {
    throw new RangeError(`${value} is no IPv${family} address`);
  }
  return family === 4 ? ip4FromNumber(Number(value)) : formatIp6(value);
}

/** By characters, as this runs for every address of thousands of documents. */
function readIp4(text: string): number | undefined {
  let value = 0;
  let octet = -1;
  let dots = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === dot) {
      if (octet < 0 || dots === 3) return undefined;
      value = value * 256 + octet;
      octet = -1;
      dots += 1;
    } else {
      const digit = code - zero;
      // A zero that another digit follows is a leading zero.
      if (digit < 0 || digit > 9 || octet === 0) return undefined;
      octet = octet < 0 ? digit : octet * 10 + digit;
      if (octet > 255) return undefined;
    }
  }
  return dots === 3 && octet >= 0 ? value * 256 + octet : undefined;
}

const dot = '.'.charCodeAt(0);
const zero = '0'.charCodeAt(0);

function readIp6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = readGroups(halves[0] ?? '', halves.length === 1);
  const tail = readGroups(halves[1] ?? '', true);
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  // RFC 4291 §2.2: "::" stands for one or more groups of zeros.
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => 0n), ...tail];
  return groups.reduce((value, group) => (value << 16n) | group, 0n);
}

function readGroups(text: string, mayEndInIp4: boolean): bigint[] | undefined {
  if (text === '') return [];
  const groups: bigint[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (mayEndInIp4 && index === parts.length - 1 && part.includes('.')) {
      const ip4 = readIp4(part);
      if (ip4 === undefined) return undefined;
      groups.push(BigInt(ip4 >>> 16), BigInt(ip4 & 0xffff));
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
      groups.push(BigInt(`0x${part}`));
    }
  }
  return groups;
}

function formatIp6(value: bigint): Ip6 {
  const groups = [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) => Number((value >> shift) & 0xffffn));
  // RFC 5952 §5: IPv4-mapped addresses keep the dotted form.
  if (value >> 32n === 0xffffn) return `::ffff:${ip4FromNumber(Number(value & 0xffffffffn))}` as Ip6;
  const run = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (run.length < 2) return hex.join(':') as Ip6;
  return `${hex.slice(0, run.start).join(':')}::${hex.slice(run.start + run.length).join(':')}` as Ip6;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  }
  return best;
}
