import { clusterTable, routerTable } from '#core/attachment/routing.ts';
import type { RedirectRule } from '#core/egress-router/model.ts';
import { clusterIfName, routerIfName } from '#core/manifest/names.ts';
import { familyOfCidr, prefixLengthOf } from '#core/net/cidr.ts';
import { familyOf, type IpFamily } from '#core/net/ip.ts';
import type { NetConf } from '#core/netconf/model.ts';
import type { PolicyRule } from './ip-state.ts';
import type { NftState } from './nft-state.ts';
import type { Observation, Reading } from './observe.ts';

/**
 * Why the pod does not redirect as its configuration says, a sentence each; empty where it does.
 * What cannot be read counts as a fault: readiness is never guessed. Where there is no configuration, only what
 * every router must have is looked for.
 */
export function faultsOf(seen: Observation, conf: NetConf | undefined): readonly string[] {
  return [
    ...inspect(seen.links, 'the interfaces', (links) => {
      const link = links.find((one) => one.name === routerIfName);
      if (link === undefined)
        return [`There is no interface ${routerIfName}: the CNI plugin did not attach it.`];
      if (!link.isUp) return [`Interface ${routerIfName} is down.`];
      if (link.operState === 'LOWERLAYERDOWN' || link.operState === 'DOWN') {
        return [`Interface ${routerIfName} has no carrier: the node's network interface is down.`];
      }
      if (conf === undefined) {
        return link.addresses.length === 0 ? [`Interface ${routerIfName} has no address.`] : [];
      }
      return conf.addresses
        .filter(({ address }) => !link.addresses.includes(address))
        .map(({ address }) => `Interface ${routerIfName} lacks the address ${address}.`);
    }),
    ...familiesOf(conf).flatMap((family) => routingFaults(seen, family, conf)),
    ...inspect(seen.nft, 'the nftables rules', (nft) => nftFaults(nft, conf), [
      'The nftables rules of the router are missing.',
    ]),
  ];
}

function routingFaults(seen: Observation, family: IpFamily, conf: NetConf | undefined): readonly string[] {
  const table = String(routerTable);
  const hasGateway =
    conf === undefined ||
    conf.addresses.some(({ gateway }) => gateway !== undefined && familyOf(gateway) === family);
  return [
    ...inspect(seen.rules, 'the routing rules', (rules) => {
      const wanted = [
        [clusterIfName, table],
        [routerIfName, String(clusterTable)],
      ] as const;
      return wanted
        .filter(([link, to]) => !rules.some((rule) => isRule(rule, family, link, to)))
        .map(([link, to]) => `The IPv${family} routing rule from ${link} to table ${to} is missing.`);
    }),
    ...inspect(seen.routes, 'the routes', (routes) => {
      const own = routes.filter((route) => route.family === family && route.table === table);
      const isThere = own.some(
        (route) => route.link === routerIfName && (!hasGateway || prefixLengthOf(route.destination) === 0),
      );
      return isThere ? [] : [`The IPv${family} route by ${routerIfName} in table ${table} is missing.`];
    }),
  ];
}

function isRule(rule: PolicyRule, family: IpFamily, link: string, table: string): boolean {
  return rule.family === family && rule.inputInterface === link && rule.table === table;
}

function nftFaults(nft: NftState, conf: NetConf | undefined): readonly string[] {
  const faults = nft.isForwardingClosed ? [] : ['The nftables rules do not drop what no rule redirects.'];
  if (conf === undefined) return faults;
  const nameOf = (one: Pick<RedirectRule, 'port' | 'protocol' | 'destination'>): string =>
    `IPv${familyOf(one.destination)} ${one.port}/${one.protocol}`;
  const live = new Map(nft.redirects.map((one) => [nameOf(one), one] as const));
  for (const rule of conf.rules) {
    const found = live.get(nameOf(rule));
    live.delete(nameOf(rule));
    const name = `${rule.port}/${rule.protocol}`;
    if (found === undefined) faults.push(`Port ${name} is not redirected.`);
    else if (found.destination !== rule.destination || found.targetPort !== rule.targetPort) {
      faults.push(
        `Port ${name} is redirected to ${found.destination} port ${found.targetPort}, not to ${rule.destination} port ${rule.targetPort}.`,
      );
    }
  }
  for (const { port, protocol } of live.values()) {
    faults.push(`Port ${port}/${protocol} is redirected without a rule.`);
  }
  for (const family of ['v4', 'v6'] as const) {
    const [wanted, has] = [conf.fallbacks[family], nft.fallbacks[family]];
    if (wanted === has) continue;
    if (has === undefined) faults.push(`The fallback to ${wanted} is not in force.`);
    else if (wanted === undefined) faults.push(`A fallback to ${has} is in force that is not configured.`);
    else faults.push(`The fallback leads to ${has}, not to ${wanted}.`);
  }
  return faults;
}

function familiesOf(conf: NetConf | undefined): readonly IpFamily[] {
  if (conf === undefined) return [];
  return [...new Set(conf.addresses.map(({ address }) => familyOfCidr(address)))];
}

function inspect<T>(
  reading: Reading<T>,
  what: string,
  look: (value: T) => readonly string[],
  ifAbsent: readonly string[] = [],
): readonly string[] {
  switch (reading.kind) {
    case 'read':
      return look(reading.value);
    case 'absent':
      return ifAbsent;
    case 'unreadable':
      return [`Cannot read ${what}: ${reading.reason}`];
  }
}
