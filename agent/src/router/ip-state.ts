import { type Cidr, toCidr } from '#core/net/cidr.ts';
import { bitsOf, familyOf, type IpFamily, parseIp } from '#core/net/ip.ts';
import { listAt, numberAt, textAt } from './json-value.ts';

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
}

export interface RouteState {
  readonly family: IpFamily;
  /** `main` where the kernel names none. */
  readonly table: string;
  /** `default`, an address or a network. */
  readonly destination: string;
  readonly device?: string;
  readonly gateway?: string;
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
    return {
      family,
      priority: numberAt(rule, 'priority') ?? 0,
      table: textAt(rule, 'table') ?? '',
      ...(inputInterface === undefined ? {} : { inputInterface }),
      source: textAt(rule, 'src') ?? 'all',
    };
  });
}

/** Reads `ip -j route show table all` of one family. */
export function toRoutes(answer: unknown, family: IpFamily): readonly RouteState[] {
  return listAt(answer).map((route) => {
    const device = textAt(route, 'dev');
    const gateway = textAt(route, 'gateway');
    return {
      family,
      table: textAt(route, 'table') ?? 'main',
      destination: textAt(route, 'dst') ?? '',
      ...(device === undefined ? {} : { device }),
      ...(gateway === undefined ? {} : { gateway }),
    };
  });
}

function toAddress(info: unknown): readonly Cidr[] {
  const ip = parseIp(textAt(info, 'local') ?? '');
  const length = numberAt(info, 'prefixlen');
  const isLinkLocal = textAt(info, 'scope') === 'link';
  return ip === undefined || length === undefined || length > bitsOf(familyOf(ip)) || isLinkLocal
    ? []
    : [toCidr(ip, length)];
}
