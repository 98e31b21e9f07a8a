import type { SpecialRange } from '#core/net/special-range.ts';

/** As a sentence about an address goes on. */
export const rangeNames = {
  unspecified: 'the unspecified address',
  loopback: 'a loopback address',
  'link-local': 'a link-local address',
  multicast: 'a multicast address',
  broadcast: 'the broadcast address',
  reserved: 'a reserved address',
  'IPv4-mapped': 'an IPv4-mapped address',
} as const satisfies Record<SpecialRange, string>;
