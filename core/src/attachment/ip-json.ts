import { type Cidr, parseCidr, toCidr } from '#core/net/cidr.ts';
import { parseIfName } from '#core/net/ifname.ts';
import { bitsOf, type IpFamily, parseIp } from '#core/net/ip.ts';
import { parseMac } from '#core/net/mac.ts';
import type { LinkFacts, RouteFacts, RuleFacts } from './facts.ts';

/** Reads `ip -j -d address show`. Links whose name this project does not take are left out. */
export function readLinks(value: unknown): readonly LinkFacts[] {
  return fieldsOf(value).flatMap((link) => {
    const name = parseIfName(link['ifname']);
    if (name === undefined) return [];
    const flags = Array.isArray(link['flags']) ? link['flags'] : [];
    const mac = parseMac(link['address']);
    const [info] = fieldsOf([link['linkinfo']]);
    const kind = info?.['info_kind'];
    const mode = kind === 'macvlan' ? fieldsOf([info?.['info_data']])[0]?.['mode'] : undefined;
    return [
      {
        name,
        ...(typeof kind === 'string' ? { kind } : {}),
        ...(typeof mode === 'string' ? { macvlanMode: mode } : {}),
        ...(mac === undefined ? {} : { mac }),
        mtu: typeof link['mtu'] === 'number' ? link['mtu'] : 0,
        isUp: flags.includes('UP'),
        isLoopback: flags.includes('LOOPBACK'),
        addresses: fieldsOf(link['addr_info']).flatMap(readAddress),
      },
    ];
  });
}

/** Reads `ip -j route show` of one family. Only unicast routes by a link are facts that a plan needs. */
export function readRoutes(value: unknown, family: IpFamily): readonly RouteFacts[] {
  return fieldsOf(value).flatMap((route) => {
    const hops = fieldsOf(route['nexthops']);
    const type = route['type'];
    const table = route['table'];
    if (table === 'local' || (type !== undefined && type !== 'unicast')) return [];
    const destination = readDestination(route['dst'], family);
    if (destination === undefined) return [];
    return (hops.length === 0 ? [route] : hops).flatMap((hop) => {
      const link = parseIfName(hop['dev']);
      if (link === undefined) return [];
      const [via] = fieldsOf([hop['via']]);
      const gateway = readIp(hop['gateway']) ?? readIp(via?.['host']);
      const metric = route['metric'];
      const flags = Array.isArray(hop['flags']) ? hop['flags'] : [];
      return [
        {
          family,
          table: typeof table === 'string' ? table : 'main',
          destination,
          ...(gateway === undefined ? {} : { gateway }),
          link,
          ...(typeof metric === 'number' && Number.isInteger(metric) && metric > 0 ? { metric } : {}),
          isOnlink: flags.includes('onlink'),
        },
      ];
    });
  });
}

/** Reads `ip -j rule show` of one family. */
export function readRules(value: unknown, family: IpFamily): readonly RuleFacts[] {
  return fieldsOf(value).flatMap((rule) => {
    const { priority, table } = { priority: rule['priority'], table: rule['table'] };
    const inputLink = parseIfName(rule['iif']);
    if (typeof priority !== 'number' || typeof table !== 'string') return [];
    return [{ family, priority, table, ...(inputLink === undefined ? {} : { inputLink }) }];
  });
}

function readAddress(entry: Fields): readonly Cidr[] {
  const ip = readIp(entry['local']);
  const length = entry['prefixlen'];
  if (entry['scope'] !== 'global' || ip === undefined || typeof length !== 'number') return [];
  const cidr = parseCidr(`${ip}/${length}`);
  return cidr === undefined ? [] : [cidr];
}

function readDestination(value: unknown, family: IpFamily): Cidr | undefined {
  if (typeof value !== 'string') return undefined;
  if (value === 'default') return parseCidr(family === 4 ? '0.0.0.0/0' : '::/0');
  const ip = parseIp(value);
  return ip === undefined ? parseCidr(value) : toCidr(ip, bitsOf(family));
}

function readIp(value: unknown): ReturnType<typeof parseIp> {
  return typeof value === 'string' ? parseIp(value) : undefined;
}

type Fields = { readonly [field: string]: unknown };

/** The objects of a list; whatever else it holds is left out. */
function fieldsOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];
}
