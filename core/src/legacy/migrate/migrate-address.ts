import { type Cidr, ipOf, networkOf, prefixLengthOf, toCidr } from '#core/net/cidr.ts';
import { type Ip4, isIp4, parseIp4 } from '#core/net/ip.ts';
import { readSource } from '../checks/check-addresses.ts';
import { isSoundAddress, likelyAddress } from '../prefix.ts';

export type MigratedAddress =
  | {
      readonly kind: 'read';
      readonly address: Cidr;
      readonly gateway: Ip4;
      /** What was chosen in place of the person. */
      readonly question?: string;
    }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

/** @param prefixLength of the network, where the source does not tell it: 1 to 31 */
export function migrateAddress(
  sourceText: string,
  gatewayText: string,
  prefixLength: number | undefined,
): MigratedAddress {
  const source = readSource(sourceText);
  const gateway = parseIp4(gatewayText);
  const ip = source === undefined ? undefined : ipOf(source);
  if (source === undefined || ip === undefined || !isIp4(ip) || gateway === undefined) {
    return {
      kind: 'refused',
      reasons: [
        ...(source === undefined
          ? [
              `EGRESS_SOURCE ${JSON.stringify(sourceText)} is no IPv4 address, with or without a prefix length.`,
            ]
          : []),
        ...(gateway === undefined
          ? [`EGRESS_GATEWAY ${JSON.stringify(gatewayText)} is no IPv4 address.`]
          : []),
      ],
    };
  }
  if (isSoundAddress(source, gateway)) return { kind: 'read', address: source, gateway };
  if (ip === gateway) return refused(`EGRESS_GATEWAY ${gateway} is the router's own address.`);
  const isBare = prefixLengthOf(source) === 32;
  if (prefixLength !== undefined) {
    const address = toCidr(ip, prefixLength);
    return isSoundAddress(address, gateway)
      ? { kind: 'read', address, gateway }
      : refused(
          `In ${networkOf(address)}, the network of ${address}, ${ip} and ${gateway} cannot both be hosts: give another prefix length.`,
        );
  }
  if (!isBare) {
    return refused(
      `EGRESS_GATEWAY ${gateway} is no host of ${networkOf(source)}, the network of EGRESS_SOURCE ${source}, or the source is none: an EgressRouter needs both in one network. Give the prefix length of that network.`,
    );
  }
  const likely = likelyAddress(ip, gateway);
  if (likely === undefined) {
    return refused(
      `EGRESS_SOURCE ${ip} has no prefix length, and ${gateway} is too far from it to tell their network: give its prefix length.`,
    );
  }
  const question = `EGRESS_SOURCE ${sourceText} does not say how large its network is; /${prefixLengthOf(likely)} was chosen, which has the gateway ${gateway}. Compare it with the node's own address.`;
  return { kind: 'read', address: likely, gateway, question };
}

function refused(reason: string): MigratedAddress {
  return { kind: 'refused', reasons: [reason] };
}
