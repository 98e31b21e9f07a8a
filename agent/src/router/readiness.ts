import { fallbackMark } from '#core/attachment/nft-ruleset.ts';
import { clusterTable, routerTable } from '#core/attachment/routing.ts';
import { clusterIfName, routerIfName } from '#core/manifest/names.ts';
import { familyOfCidr } from '#core/net/cidr.ts';
import { familyOf, type IpFamily } from '#core/net/ip.ts';
import type { NetConf } from '#core/netconf/model.ts';
import type { PolicyRule } from './ip-state.ts';
import type { NftState } from './nft-state.ts';
import type { Observation, Reading } from './observe.ts';

/** What should be: the configuration, or why it is not known. */
export type Expectation =
  | { readonly kind: 'known'; readonly conf: NetConf }
  /** No configuration was given to the process: only what every router must have is looked for. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * Why the pod does not redirect as its configuration says, a sentence each; empty where it does.
 * What cannot be read counts as a fault: readiness is never guessed.
 */
export function faultsOf(seen: Observation, expected: Expectation): readonly string[] {
  const conf = expected.kind === 'known' ? expected.conf : undefined;
  return [
    ...(expected.kind === 'unreadable' ? [`The configuration cannot be read: ${expected.reason}`] : []),
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
        (route) => route.device === routerIfName && (!hasGateway || route.destination === 'default'),
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
  for (const rule of conf.rules) {
    const family = familyOf(rule.destination);
    const live = nft.redirects.find(
      (one) => one.family === family && one.protocol === rule.protocol && one.port === rule.port,
    );
    const name = `${rule.port}/${rule.protocol}`;
    if (live === undefined) faults.push(`Port ${name} is not redirected.`);
    else if (live.destination !== rule.destination || live.targetPort !== rule.targetPort) {
      faults.push(
        `Port ${name} is redirected to ${live.destination} port ${live.targetPort}, not to ${rule.destination} port ${rule.targetPort}.`,
      );
    }
  }
  const wantsFallback = conf.fallbacks.v4 !== undefined || conf.fallbacks.v6 !== undefined;
  if (wantsFallback !== nft.traffic.out.has(fallbackMark)) {
    faults.push(
      wantsFallback ? 'The fallback is not in force.' : 'A fallback is in force that is not configured.',
    );
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
