import type { PodFacts } from '#core/attachment/facts.ts';
import { clusterTable, routerTable, rulePriorities } from '#core/attachment/routing.ts';
import { podSysctlKeys } from '#core/attachment/sysctl.ts';
import { familyOfCidr, prefixLengthOf } from '#core/net/cidr.ts';
import type { IpFamily } from '#core/net/ip.ts';
import type { NetConf } from '#core/netconf/model.ts';
import type { ParsedNetConf } from '#core/netconf/parse.ts';
import { checkRuleset } from './check-ruleset.ts';
import { clusterLinkName } from './facts.ts';
import { CniFailure } from './failure.ts';
import { checkNetConf } from './invocation.ts';
import type { PodProcess } from './pod-process.ts';
import type { PreviousResult } from './prev-result.ts';

/**
 * CHECK, inside the pod's namespace: the interface, its addresses, routes, rules, forwarding and redirects are
 * those of ADD.
 * @throws CniFailure that names all that is not
 */
export async function check(
  pod: PodProcess,
  config: ParsedNetConf,
  previous: PreviousResult | undefined,
): Promise<void> {
  const conf = checkNetConf(config);
  // SPEC §2 CHECK: prevResult is required.
  if (previous === undefined) throw new CniFailure('invalid-config', 'CHECK needs prevResult');
  const mac = previous.interfaces.find((entry) => entry.name === pod.target.ifName)?.mac;
  const facts = await pod.podFacts();
  const faults = [
    ...checkLink(pod, conf, facts, mac),
    ...([4, 6] as const).flatMap((family) => checkRouting(conf, facts, family)),
    ...(await checkRuleset(pod.tools, conf)),
  ];
  const [first, ...others] = faults;
  if (first !== undefined) throw new CniFailure('check-failed', first, others.join('; '));
}

function checkLink(
  pod: PodProcess,
  conf: NetConf,
  facts: PodFacts,
  mac: string | undefined,
): readonly string[] {
  const { ifName } = pod.target;
  const link = facts.links.find((candidate) => candidate.name === ifName);
  if (link === undefined) return [`interface ${ifName} is missing`];
  const { mtu } = conf.macvlan;
  const mode = link.kind === 'macvlan' ? conf.macvlan.mode.toLowerCase() : undefined;
  const missing = conf.addresses.filter(({ address }) => !link.addresses.includes(address));
  return [
    ...(link.kind === 'macvlan' ? [] : [`interface ${ifName} is not a macvlan`]),
    ...(link.isUp ? [] : [`interface ${ifName} is down`]),
    ...[...new Set([mac, conf.mac])]
      .filter((wanted) => wanted !== undefined && wanted !== link.mac)
      .map((wanted) => `interface ${ifName} has MAC ${link.mac}, not ${wanted}`),
    ...(mtu === undefined || mtu === link.mtu ? [] : [`interface ${ifName} has MTU ${link.mtu}, not ${mtu}`]),
    ...(mode === link.macvlanMode ? [] : [`interface ${ifName} is in mode ${link.macvlanMode}, not ${mode}`]),
    ...missing.map(({ address }) => `address ${address} is missing on ${ifName}`),
  ];
}

function checkRouting(conf: NetConf, facts: PodFacts, family: IpFamily): readonly string[] {
  const own = conf.addresses.filter(({ address }) => familyOfCidr(address) === family);
  if (own.length === 0) return [];
  const hasGateway = own.some((entry) => entry.gateway !== undefined);
  const { fromCluster, fromReserved, main, replies, fromClusterAddress } = rulePriorities;
  const cluster = facts.links.find((link) => link.name === clusterLinkName());
  const isOnCluster = cluster?.addresses.some((address) => familyOfCidr(address) === family) === true;
  const priorities = [
    fromCluster,
    fromReserved,
    main,
    replies,
    ...(isOnCluster ? [fromClusterAddress] : []),
    ...(hasGateway ? [rulePriorities.own] : []),
  ];
  const rules = facts.rules.filter((rule) => rule.family === family).map((rule) => rule.priority);
  const routes = facts.routes.filter((route) => route.family === family);
  const hasDefault = (table: string): boolean =>
    routes.some((route) => route.table === table && prefixLengthOf(route.destination) === 0);
  // Where main has none, Multus may have taken it away before ADD or after.
  const hasNoWayBack = hasDefault('main') && !hasDefault(String(clusterTable));
  const keys = podSysctlKeys(clusterLinkName());
  const forwarding = facts.sysctls.get(family === 4 ? keys.forwarding4 : keys.forwarding6);
  return [
    ...priorities
      .filter((priority) => !rules.includes(priority))
      .map((priority) => `IPv${family} routing rule ${priority} is missing`),
    ...(hasGateway && !hasDefault(String(routerTable))
      ? [`the IPv${family} route by the gateway is missing`]
      : []),
    ...(hasNoWayBack ? [`the IPv${family} route back to the cluster is missing`] : []),
    ...(forwarding === 1 ? [] : [`IPv${family} forwarding is off`]),
  ];
}
