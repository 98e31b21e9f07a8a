import { type Ip, isIp4 } from './ip.ts';

/** A part of the address space where no host is that a router could talk to beyond its own link. */
export type SpecialRange =
  | 'unspecified'
  | 'loopback'
  | 'link-local'
  | 'multicast'
  | 'broadcast'
  | 'reserved'
  | 'IPv4-mapped';

/** RFC 6890, and RFC 4291 for IPv6. Documentation ranges are not special here: they stand for real ones. */
export function specialRangeOf(ip: Ip): SpecialRange | undefined {
  return isIp4(ip) ? rangeOfIp4(ip) : rangeOfIp6(ip);
}

function rangeOfIp4(ip: string): SpecialRange | undefined {
  const first = Number(ip.slice(0, ip.indexOf('.')));
  if (first === 0) return ip === '0.0.0.0' ? 'unspecified' : 'reserved';
  if (first === 127) return 'loopback';
  if (first === 169) return ip.startsWith('169.254.') ? 'link-local' : undefined;
  if (first < 224) return undefined;
  if (first < 240) return 'multicast';
  return ip === '255.255.255.255' ? 'broadcast' : 'reserved';
}

/** Canonical text leaves out leading zeros, so a first group of four digits fills its 16 bits. */
function rangeOfIp6(ip: string): SpecialRange | undefined {
  if (ip === '::') return 'unspecified';
  if (ip === '::1') return 'loopback';
  if (/^fe[89ab][0-9a-f]:/.test(ip)) return 'link-local';
  if (/^ff[0-9a-f]{2}:/.test(ip)) return 'multicast';
  return ip.startsWith('::ffff:') && ip.includes('.') ? 'IPv4-mapped' : undefined;
}
