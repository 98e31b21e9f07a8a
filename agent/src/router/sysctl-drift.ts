import { podSysctlKeys, routerSysctls } from '#core/attachment/sysctl.ts';
import { clusterIfName, routerIfName } from '#core/manifest/names.ts';
import { familyOfCidr } from '#core/net/cidr.ts';
import { type IfName, parseIfName } from '#core/net/ifname.ts';
import type { NetConf } from '#core/netconf/model.ts';

/** Settings are read-only in a pod: what differs can only be told. */
export interface SysctlDrift {
  /** Without them nothing, or no reply, is forwarded. */
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

export function sysctlDrift(conf: NetConf, values: ReadonlyMap<string, number>): SysctlDrift {
  const { forwarding4, forwarding6, rpFilter, rpFilterAll } = podKeys();
  const wanted = [
    ...routerSettings(conf),
    ...(hasFamily(conf, 4) ? [{ key: forwarding4, value: 1 }] : []),
    ...(hasFamily(conf, 6) ? [{ key: forwarding6, value: 1 }] : []),
  ];
  const differing = wanted.filter(({ key, value }) => values.has(key) && values.get(key) !== value);
  const isVital = (key: string): boolean => key.endsWith('/forwarding') || key.endsWith('/disable_ipv6');
  const tell = ({ key, value }: { readonly key: string; readonly value: number }): string =>
    `The setting ${key.replaceAll('/', '.')} is ${values.get(key)}, not ${value}; the pod cannot change it.`;
  // The kernel takes the greater of "all" and the interface's own; only 1 is strict.
  const isStrict = Math.max(values.get(rpFilterAll) ?? 0, values.get(rpFilter) ?? 0) === 1;
  return {
    faults: [
      ...differing.filter(({ key }) => isVital(key)).map(tell),
      ...(isStrict && hasFamily(conf, 4)
        ? [`The reverse path filter of ${clusterIfName} is strict: clients on other networks are not served.`]
        : []),
    ],
    warnings: differing.filter(({ key }) => !isVital(key)).map(tell),
  };
}

export function sysctlKeysOf(conf: NetConf): readonly string[] {
  return [...routerSettings(conf).map(({ key }) => key), ...Object.values(podKeys())];
}

function routerSettings(conf: NetConf): ReturnType<typeof routerSysctls> {
  return routerSysctls(linkName(routerIfName), hasFamily(conf, 6));
}

function podKeys(): ReturnType<typeof podSysctlKeys> {
  return podSysctlKeys(linkName(clusterIfName));
}

function hasFamily(conf: NetConf, family: 4 | 6): boolean {
  return conf.addresses.some(({ address }) => familyOfCidr(address) === family);
}

/** @throws RangeError for a constant of this program that is no name */
export function linkName(text: string): IfName {
  const name = parseIfName(text);
  if (name === undefined) throw new RangeError(`${text} is no interface name`);
  return name;
}
