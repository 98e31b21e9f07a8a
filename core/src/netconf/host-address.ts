import { type Cidr, firstIp, hasBroadcast, ipOf, lastIp } from '#core/net/cidr.ts';
import { type Ip, ipToNumber, isIp4 } from '#core/net/ip.ts';

/** False for addresses that no single machine of the network can own, and for its first and last in IPv4. */
export function isHostAddress(cidr: Cidr): boolean {
  const ip = ipOf(cidr);
  return isUnicast(ip) && !(hasBroadcast(cidr) && (ip === firstIp(cidr) || ip === lastIp(cidr)));
}

/** False for unspecified, loopback, multicast, reserved and IPv4-mapped addresses: nothing can be sent there. */
export function isUnicast(ip: Ip): boolean {
  if (isIp4(ip)) {
    const first = Number(ip.slice(0, ip.indexOf('.')));
    return first !== 0 && first !== 127 && first < 224;
  }
  const value = ipToNumber(ip);
  return value > 1n && value >> 120n !== 0xffn && value >> 32n !== 0xffffn;
}
