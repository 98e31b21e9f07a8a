import type { PodFacts } from '#core/attachment/facts.ts';
import { nftTable, ruleMark } from '#core/attachment/nft-ruleset.ts';
import { routerTable, rulePriorities } from '#core/attachment/routing.ts';
import { podSysctlKeys } from '#core/attachment/sysctl.ts';
import { familyOfCidr, prefixLengthOf } from '#core/net/cidr.ts';
import { familyOf, type IpFamily } from '#core/net/ip.ts';
import type { NetConf } from '#core/netconf/model.ts';
import type { ParsedNetConf } from '#core/netconf/parse.ts';
import { clusterLinkName, decode, readPodFacts } from './facts.ts';
import { CniFailure } from './failure.ts';
import { checkNetConf, type Fields, isFields } from './invocation.ts';
import type { PodProcess } from './pod-process.ts';
import type { PreviousResult } from './prev-result.ts';

/**
 * CHECK, inside the pod's namespace: the interface, its addresses, routes, rules, forwarding and redirects are
 * those of ADD.
 * @throws CniFailure that names all that is not
 */
export function check(pod: PodProcess, config: ParsedNetConf, previous: PreviousResult | undefined): void {
  const conf = checkNetConf(config);
  // SPEC §2 CHECK: prevResult is required.
  if (previous === undefined) throw new CniFailure('invalid-config', 'CHECK needs prevResult');
  const mac = previous.interfaces.find((entry) => entry.name === pod.target.ifName)?.mac;
  const facts = readPodFacts(pod.platform, pod.tools);
  const faults = [
    ...checkLink(pod, conf, facts, mac),
    ...([4, 6] as const).flatMap((family) => checkRouting(conf, facts, family)),
    ...checkRedirects(pod, conf),
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
  const missing = conf.addresses.filter(({ address }) => !link.addresses.includes(address));
  return [
    ...(link.kind === 'macvlan' ? [] : [`interface ${ifName} is not a macvlan`]),
    ...(link.isUp ? [] : [`interface ${ifName} is down`]),
    ...(mac === undefined || mac === link.mac ? [] : [`interface ${ifName} has MAC ${link.mac}, not ${mac}`]),
    ...missing.map(({ address }) => `address ${address} is missing on ${ifName}`),
  ];
}

function checkRouting(conf: NetConf, facts: PodFacts, family: IpFamily): readonly string[] {
  const own = conf.addresses.filter(({ address }) => familyOfCidr(address) === family);
  if (own.length === 0) return [];
  const hasGateway = own.some((entry) => entry.gateway !== undefined);
  const { fromCluster, fromReserved, main, replies } = rulePriorities;
  const priorities = [fromCluster, fromReserved, main, replies, ...(hasGateway ? [rulePriorities.own] : [])];
  const rules = facts.rules.filter((rule) => rule.family === family).map((rule) => rule.priority);
  const hasDefault = facts.routes.some(
    (route) =>
      route.family === family &&
      route.table === String(routerTable) &&
      prefixLengthOf(route.destination) === 0,
  );
  const keys = podSysctlKeys(clusterLinkName());
  const forwarding = facts.sysctls.get(family === 4 ? keys.forwarding4 : keys.forwarding6);
  return [
    ...priorities
      .filter((priority) => !rules.includes(priority))
      .map((priority) => `IPv${family} routing rule ${priority} is missing`),
    ...(hasGateway && !hasDefault ? [`the IPv${family} route by the gateway is missing`] : []),
    ...(forwarding === 1 ? [] : [`IPv${family} forwarding is off`]),
  ];
}

function checkRedirects(pod: PodProcess, conf: NetConf): readonly string[] {
  const listed = pod.tools.attempt('nft', ['-j', 'list', 'table', 'inet', nftTable]);
  if (listed.kind !== 'exited' || listed.code !== 0) return ['the firewall rules are missing'];
  const root = decode(listed.stdout);
  const items = isFields(root) && Array.isArray(root['nftables']) ? root['nftables'].filter(isFields) : [];
  const chains = items.flatMap((item) => (isFields(item['chain']) ? [item['chain']['name']] : []));
  const missing = ['prerouting', 'to_external', 'postrouting', 'forward', 'input']
    .filter((name) => !chains.includes(name))
    .map((name) => `firewall chain ${name} is missing`);
  const families = ([4, 6] as const).filter((family) => {
    const wanted = conf.rules.filter((rule) => familyOf(rule.destination) === family).map(ruleMark);
    const marks = elementsOf(items, `rule${family}`).map((element) =>
      Array.isArray(element) ? element[1] : undefined,
    );
    const isSame = marks.length === wanted.length && wanted.every((mark) => marks.includes(mark));
    return !isSame || elementsOf(items, `dnat${family}`).length !== wanted.length;
  });
  return [
    ...missing,
    ...families.map((family) => `the IPv${family} redirects are not those of the configuration`),
  ];
}

function elementsOf(items: readonly Fields[], mapName: string): readonly unknown[] {
  const map = items.map((item) => item['map']).find((entry) => isFields(entry) && entry['name'] === mapName);
  const elements = isFields(map) ? map['elem'] : undefined;
  return Array.isArray(elements) ? elements : [];
}
