import {
  type Cidr,
  containsIp,
  firstIp,
  hasBroadcast,
  ipOf,
  lastIp,
  prefixLengthOf,
  toCidr,
} from '#core/net/cidr.ts';
import type { Ip4 } from '#core/net/ip.ts';

/**
 * The network that a source address without a prefix length is most likely in: /24, or the next larger one that
 * also has the gateway, and in which neither is the address of the network or of all hosts. Undefined where they
 * are so far apart that no network can be told.
 */
export function likelyAddress(source: Ip4, gateway: Ip4): Cidr | undefined {
  if (source === gateway) return undefined;
  const lengths = Array.from({ length: 17 }, (_, index) => 24 - index);
  return lengths.map((length) => toCidr(source, length)).find((cidr) => isSoundAddress(cidr, gateway));
}

/** Whether a host can have the address and reach the gateway without another hop. */
export function isSoundAddress(address: Cidr, gateway: Ip4): boolean {
  const reserved = hasBroadcast(address) ? [firstIp(address), lastIp(address)] : [];
  return (
    prefixLengthOf(address) < 32 &&
    containsIp(address, gateway) &&
    ipOf(address) !== gateway &&
    !reserved.includes(ipOf(address)) &&
    !reserved.includes(gateway)
  );
}
