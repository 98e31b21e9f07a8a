import type { LinkFacts, NodeFacts, PodFacts, RouteFacts, RuleFacts } from '#core/attachment/facts.ts';
import { readLinks, readRoutes, readRules } from '#core/attachment/ip-json.ts';
import { podSysctlKeys } from '#core/attachment/sysctl.ts';
import { clusterIfName } from '#core/manifest/names.ts';
import { type IfName, parseIfName } from '#core/net/ifname.ts';
import type { IpFamily } from '#core/net/ip.ts';
import { CniFailure } from './failure.ts';
import { type Fields, isFields } from './invocation.ts';
import type { Platform } from './platform.ts';
import { readSysctl } from './sysctl.ts';
import type { Tools } from './tools.ts';

/** Reads the node from within the pod. Where the master is named, that link alone is read if it exists. */
export async function readNodeFacts(
  tools: Tools,
  nodeNetns: string,
  master: IfName | undefined,
): Promise<NodeFacts> {
  if (master !== undefined) {
    const shown = await tools.attemptIn(nodeNetns, 'ip', ['-j', 'address', 'show', 'dev', master]);
    if (shown.kind === 'exited' && shown.code === 0) {
      return { links: readLinks(decode(shown.stdout)), defaultRouteLinks: [] };
    }
  }
  const purpose = 'read the network interfaces of the node';
  const [shown, ...defaults] = await Promise.all([
    tools.runIn(nodeNetns, purpose, 'ip', ['-j', 'address', 'show']),
    readDefaultRoutes(tools, nodeNetns, 4),
    readDefaultRoutes(tools, nodeNetns, 6),
  ]);
  return { links: readLinks(decode(shown)), defaultRouteLinks: defaults.flat().map((route) => route.link) };
}

/** The master that a configuration names, before the rest of it is read. */
export function masterIn(config: Fields): IfName | undefined {
  const args = config['interfaceArgs'];
  return parseIfName(isFields(args) ? args['master'] : undefined);
}

async function readDefaultRoutes(
  tools: Tools,
  nodeNetns: string,
  family: IpFamily,
): Promise<readonly RouteFacts[]> {
  const args = [`-${family}`, '-j', 'route', 'show', 'default'];
  const shown = await tools.attemptIn(nodeNetns, 'ip', args);
  return shown.kind === 'exited' && shown.code === 0 ? readRoutes(decode(shown.stdout), family) : [];
}

/** Reads the namespace that this process is in. */
export async function readPodFacts(platform: Platform, tools: Tools): Promise<PodFacts> {
  const hasIpv6 = platform.stat('/proc/sys/net/ipv6') !== undefined;
  const [facts4, facts6] = await Promise.all([
    readFamily(tools, 4, ['-d'], 'link show\n'),
    hasIpv6 ? readFamily(tools, 6, [], '') : undefined,
  ]);
  const families = facts6 === undefined ? [facts4] : [facts4, facts6];
  const [shown] = facts4.more;
  return {
    links: readLinks(decode(shown)).map((link) => ({
      ...link,
      addresses: families.flatMap(
        ({ links }) => links.find((candidate) => candidate.name === link.name)?.addresses ?? [],
      ),
    })),
    routes: families.flatMap((family) => family.routes),
    rules: families.flatMap((family) => family.rules),
    hasIpv6,
    sysctls: readSysctls(platform),
  };
}

interface FamilyFacts {
  /** Those with an address of the family. */
  readonly links: readonly LinkFacts[];
  readonly routes: readonly RouteFacts[];
  readonly rules: readonly RuleFacts[];
  /** What the further lines have printed. */
  readonly more: readonly string[];
}

/** By one process: starting another costs more than all that it reads. */
async function readFamily(
  tools: Tools,
  family: IpFamily,
  options: readonly string[],
  moreLines: string,
): Promise<FamilyFacts> {
  const text = await tools.run(
    'read the interfaces and routes of the pod',
    'ip',
    [`-${family}`, '-j', ...options, '-batch', '-'],
    `address show\nroute show table all\nrule show\n${moreLines}`,
  );
  const [links, routes, rules, ...more] = text.split('\n').filter((line) => line.trim() !== '');
  return {
    links: readLinks(decode(links)),
    routes: readRoutes(decode(routes), family),
    rules: readRules(decode(rules), family),
    more,
  };
}

/** The interface of the pod that the cluster's network is on. */
export function clusterLinkName(): IfName {
  const name = parseIfName(clusterIfName);
  if (name === undefined) throw new CniFailure('internal', `${clusterIfName} is no interface name`);
  return name;
}

export function decode(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '[]');
  } catch (error) {
    throw new CniFailure('input-output', 'cannot understand what "ip" printed', String(error));
  }
}

function readSysctls(platform: Platform): ReadonlyMap<string, number> {
  const keys = Object.values(podSysctlKeys(clusterLinkName()));
  return new Map(
    keys.flatMap((key) => {
      const value = readSysctl(platform, key);
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}
