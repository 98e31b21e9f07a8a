import type { LinkFacts, NodeFacts, PodFacts, RouteFacts, RuleFacts } from '#core/attachment/facts.ts';
import { readLinks, readRoutes, readRules } from '#core/attachment/ip-json.ts';
import { podSysctlKeys } from '#core/attachment/sysctl.ts';
import { clusterIfName } from '#core/manifest/names.ts';
import { type IfName, parseIfName } from '#core/net/ifname.ts';
import type { IpFamily } from '#core/net/ip.ts';
import { CniFailure } from './failure.ts';
import type { Platform } from './platform.ts';
import { readSysctl } from './sysctl.ts';
import type { Tools } from './tools.ts';

/** Reads the node from within the pod. Where the master is named, that link alone is read if it exists. */
export async function readNodeFacts(
  tools: Tools,
  nodeNetns: string,
  master: IfName | undefined,
): Promise<NodeFacts> {
  const ip = tools.pathOf('ip');
  const onNode = (...args: readonly string[]): readonly string[] => [
    `--net=${nodeNetns}`,
    '--',
    ip,
    '-j',
    ...args,
  ];
  if (master !== undefined) {
    const shown = await tools.attempt('nsenter', onNode('address', 'show', 'dev', master));
    if (shown.kind === 'exited' && shown.code === 0) {
      return { links: readLinks(decode(shown.stdout)), defaultRouteLinks: [] };
    }
  }
  const purpose = 'read the network interfaces of the node';
  const [shown, ...defaults] = await Promise.all([
    tools.run(purpose, 'nsenter', onNode('address', 'show')),
    readDefaultRoutes(tools, onNode('-4', 'route', 'show', 'default'), 4),
    readDefaultRoutes(tools, onNode('-6', 'route', 'show', 'default'), 6),
  ]);
  return { links: readLinks(decode(shown)), defaultRouteLinks: defaults.flat().map((route) => route.link) };
}

async function readDefaultRoutes(
  tools: Tools,
  args: readonly string[],
  family: IpFamily,
): Promise<readonly RouteFacts[]> {
  const shown = await tools.attempt('nsenter', args);
  return shown.kind === 'exited' && shown.code === 0 ? readRoutes(decode(shown.stdout), family) : [];
}

/** Reads the namespace that this process is in. */
export async function readPodFacts(platform: Platform, tools: Tools): Promise<PodFacts> {
  const hasIpv6 = platform.stat('/proc/sys/net/ipv6') !== undefined;
  const families: readonly IpFamily[] = hasIpv6 ? [4, 6] : [4];
  const [shown, ...routing] = await Promise.all([
    tools.run('read the interfaces of the pod', 'ip', ['-j', '-d', 'address', 'show']),
    ...families.map((family) => readRouting(tools, family)),
  ]);
  return {
    links: readLinks(decode(shown)),
    routes: routing.flatMap((family) => family.routes),
    rules: routing.flatMap((family) => family.rules),
    hasIpv6,
    sysctls: readSysctls(platform),
  };
}

async function readRouting(
  tools: Tools,
  family: IpFamily,
): Promise<{ readonly routes: readonly RouteFacts[]; readonly rules: readonly RuleFacts[] }> {
  const text = await tools.run(
    'read the routes of the pod',
    'ip',
    [`-${family}`, '-j', '-batch', '-'],
    'route show table all\nrule show\n',
  );
  const [routes, rules] = text.split('\n').filter((line) => line.trim() !== '');
  return { routes: readRoutes(decode(routes), family), rules: readRules(decode(rules), family) };
}

/** Reads one link of the namespace that this process is in. */
export async function readLink(tools: Tools, name: IfName): Promise<LinkFacts | undefined> {
  const [link] = readLinks(
    decode(await tools.run(`read interface ${name}`, 'ip', ['-j', '-d', 'address', 'show', 'dev', name])),
  );
  return link;
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
