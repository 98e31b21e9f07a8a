import { at, listAt } from '#core/json-value.ts';
import type { IfName } from '#core/net/ifname.ts';
import { familyOf, type Ip, ipFromNumber, ipToNumber } from '#core/net/ip.ts';
import { parseMac } from '#core/net/mac.ts';
import type { AddressOwner, AddressQuestion } from './address-question.ts';

/**
 * Input of `nft -f -`, in the namespace that asks. Machines that begin to ask for one address in the same moment
 * hear no answer, only each other's question, and RFC 5227 (2.1.1) and RFC 4862 (5.4.3) have each of them give way.
 * The kernel tells nobody of such a question, so these rules note down who sends one. Those who have an address and
 * merely look for the owner of another one, as a gateway does, name their own as the sender.
 */
export function toWatchRuleset({ ips }: AddressQuestion): string {
  const asked = ips.map((ip, index) => ({ ip, set: `${setPrefix}${index}` }));
  const [arp, ip6] = ([4, 6] as const).map((family) => asked.filter(({ ip }) => familyOf(ip) === family));
  return [
    ...toTable('arp', 'hook input priority filter', arp ?? [], ({ ip, set }) => {
      return `arp operation request arp saddr ip 0.0.0.0 arp daddr ip ${ip} add @${set} { arp saddr ether }`;
    }),
    ...toTable('ip6', 'hook prerouting priority raw', ip6 ?? [], ({ ip, set }) => {
      const target = `@th,64,128 0x${ipToNumber(ip).toString(16)}`;
      return `icmpv6 type 135 ${target} ip6 saddr { ::, ${askingNetwork} } add @${set} { ether saddr }`;
    }),
  ].join('');
}

/**
 * Lines of `ip -batch` for a link that has yet to go up, and for one that is up. A question for an IPv6 address
 * comes from a link-local address that says that it is one, and whose last 24 bits are those of the address: so it
 * is in the multicast group that questions for that address go to.
 * @param seed tells machines from each other that ask at once
 */
export function toAskingLines(
  { ips }: AddressQuestion,
  link: IfName,
  seed: number,
): { readonly before: string; readonly after: string } {
  const asked = ips.filter((ip) => familyOf(ip) === 6);
  if (asked.length === 0) return { before: '', after: '' };
  return {
    before: `link set dev ${link} addrgenmode none\n`,
    after: asked.map((ip) => `address replace ${toAskingAddress(ip, seed)}/64 dev ${link} nodad\n`).join(''),
  };
}

/** Who asks, in what `nft -j list ruleset` printed. */
export function readAskers({ ips }: AddressQuestion, value: unknown): readonly AddressOwner[] {
  return listAt(value, 'nftables').flatMap((item) => {
    const set = at(item, 'set');
    const ip = ips.find((_, index) => at(set, 'name') === `${setPrefix}${index}`);
    if (ip === undefined) return [];
    return listAt(set, 'elem').flatMap((element): AddressOwner[] => {
      const mac = parseMac(element);
      return mac === undefined ? [] : [{ ip, mac, isAsking: true }];
    });
  });
}

const setPrefix = 'asking';
const asking = (0xfe80n << 112n) | (0x4552n << 48n);
const askingNetwork = `${ipFromNumber(asking, 6)}/80`;

function toAskingAddress(ip: Ip, seed: number): Ip {
  return ipFromNumber(asking | (BigInt(seed & 0xffffff) << 24n) | (ipToNumber(ip) & 0xffffffn), 6);
}

interface Asked {
  readonly ip: Ip;
  readonly set: string;
}

function toTable(
  family: 'arp' | 'ip6',
  hook: string,
  asked: readonly Asked[],
  toRule: (one: Asked) => string,
): readonly string[] {
  if (asked.length === 0) return [];
  return [
    `table ${family} egress_router_asking {\n`,
    ...asked.map(({ set }) => `\tset ${set} { type ether_addr; flags dynamic; size 64; }\n`),
    `\tchain asked {\n\t\ttype filter ${hook}; policy accept;\n`,
    ...asked.map((one) => `\t\t${toRule(one)}\n`),
    '\t}\n}\n',
  ];
}
