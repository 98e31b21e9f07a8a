import { listAt, numberAt, textAt } from '#core/json-value.ts';
import { type Cidr, toCidr } from '#core/net/cidr.ts';
import { bitsOf, familyOf, type Ip, type IpFamily, parseIp } from '#core/net/ip.ts';

export interface LinkState {
  readonly name: string;
  readonly isUp: boolean;
  /** As the kernel says it: `UP`, `UNKNOWN`, `LOWERLAYERDOWN` where the node's NIC has no carrier. */
  readonly operState: string;
  readonly mac?: string;
  readonly mtu?: number;
  readonly addresses: readonly Cidr[];
}

export interface PolicyRule {
  readonly family: IpFamily;
  readonly priority: number;
  readonly table: string;
  readonly inputInterface?: string;
  /** `all`, or an address. */
  readonly source: string;
  /** Routes of this length or shorter do not count. */
  readonly suppressedPrefixLength?: number;
}

/** Of the kernel's table of neighbors. */
export interface NeighborState {
  readonly ip: Ip;
  /** `REACHABLE`, `STALE`, `FAILED`; empty where nobody has asked for it. */
  readonly state: string;
}

/** Reads `ip -j address show`. */
export function toLinks(answer: unknown): readonly LinkState[] {
  return listAt(answer).map((link) => {
    const mac = textAt(link, 'address');
    const mtu = numberAt(link, 'mtu');
    return {
      name: textAt(link, 'ifname') ?? '',
      isUp: listAt(link, 'flags').includes('UP'),
      operState: textAt(link, 'operstate') ?? 'UNKNOWN',
      ...(mac === undefined ? {} : { mac }),
      ...(mtu === undefined ? {} : { mtu }),
      addresses: listAt(link, 'addr_info').flatMap(toAddress),
    };
  });
}

/** Reads `ip -j rule show` of one family. */
export function toPolicyRules(answer: unknown, family: IpFamily): readonly PolicyRule[] {
  return listAt(answer).map((rule) => {
    const inputInterface = textAt(rule, 'iif');
    const suppressedPrefixLength = numberAt(rule, 'suppress_prefixlen');
    return {
      family,
      priority: numberAt(rule, 'priority') ?? 0,
      table: textAt(rule, 'table') ?? '',
      ...(inputInterface === undefined ? {} : { inputInterface }),
      source: textAt(rule, 'src') ?? 'all',
      ...(suppressedPrefixLength === undefined ? {} : { suppressedPrefixLength }),
    };
  });
}

/** Reads `ip -j neighbor show`. */
export function toNeighbors(answer: unknown): readonly NeighborState[] {
  return listAt(answer).flatMap((neighbor) => {
    const ip = parseIp(textAt(neighbor, 'dst') ?? '');
    return ip === undefined ? [] : [{ ip, state: listAt(neighbor, 'state').join(' ') }];
  });
}

/** As `ip rule add` takes it. */
export function formatPolicyRule(rule: PolicyRule): string {
  const { priority, inputInterface, source, table, suppressedPrefixLength: suppressed } = rule;
  const from = source === 'all' ? '' : ` from ${source}`;
  const iif = inputInterface === undefined ? '' : ` iif ${inputInterface}`;
  const suppress = suppressed === undefined ? '' : ` suppress_prefixlength ${suppressed}`;
  return `pref ${priority}${from}${iif} lookup ${table}${suppress}`;
}

function toAddress(info: unknown): readonly Cidr[] {
  const ip = parseIp(textAt(info, 'local') ?? '');
  const length = numberAt(info, 'prefixlen');
  const isLinkLocal = textAt(info, 'scope') === 'link';
  return ip === undefined || length === undefined || length > bitsOf(familyOf(ip)) || isLinkLocal
    ? []
    : [toCidr(ip, length)];
}
