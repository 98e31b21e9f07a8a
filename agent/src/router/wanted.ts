import { routerIfName } from '#core/manifest/names.ts';
import { formatNetConf } from '#core/netconf/format.ts';
import type { NetConf } from '#core/netconf/model.ts';
import type { ConfigFile } from './config-file.ts';
import type { Observation } from './observe.ts';

/** A configuration whose rules are, or are to be, the pod's. */
export interface HeldConfig {
  readonly conf: NetConf;
  readonly digest: string;
}

/** What the pod is held to now, and why that is not what the file says. */
export interface Wanted {
  readonly held?: HeldConfig;
  readonly faults: readonly string[];
}

/**
 * Only rules, fallback and local ports can be taken up by a running pod. All else was made by the CNI plugin when
 * the pod started: the process keeps to the configuration that fits, and says that a new pod is needed.
 * @param before what the pod was held to until now
 */
export function wantedOf(file: ConfigFile, before: HeldConfig | undefined, seen: Observation): Wanted {
  const old = before === undefined ? {} : { held: before };
  switch (file.kind) {
    case 'none':
      return { faults: [] };
    case 'unreadable': {
      const kept = before === undefined ? '' : ' The rules from before stay in force.';
      return { ...old, faults: [`The configuration cannot be read: ${file.reason}${kept}`] };
    }
    case 'known': {
      const { conf, digest } = file;
      const differing = before === undefined ? strangersOf(conf, seen) : differencesOf(before.conf, conf);
      if (differing.length === 0) return { held: { conf, digest }, faults: [] };
      return { ...old, faults: [`The configuration needs a new pod: it changes ${differing.join(', ')}.`] };
    }
  }
}

/** The parts that ADD used and that a running pod cannot change. */
function differencesOf(one: NetConf, other: NetConf): readonly string[] {
  const [before, now] = [partsOf(one), partsOf(other)];
  return [...new Set([...before.keys(), ...now.keys()])].filter((key) => before.get(key) !== now.get(key));
}

function partsOf(conf: NetConf): ReadonlyMap<string, string> {
  const { ip, ...rest } = formatNetConf(conf);
  const parts = { addresses: ip.addresses, gateway: ip.gateway, ...rest };
  return new Map(
    Object.entries(parts)
      .filter(([key]) => !unusedParts.has(key))
      .map(([key, value]) => [key, JSON.stringify(value)] as const),
  );
}

/** Of no use once ADD is over, or taken up here. */
const unusedParts: ReadonlySet<string> = new Set([
  'cniVersion',
  'type',
  'name',
  'dad',
  'localPorts',
  'log_file',
  'log_level',
]);

/** A pod that was attached by another configuration than the first one that this process sees. */
function strangersOf(conf: NetConf, seen: Observation): readonly string[] {
  if (seen.links.kind !== 'read') return [];
  const link = seen.links.value.find(({ name }) => name === routerIfName);
  const isForeign = link?.addresses.some((one) => !conf.addresses.some(({ address }) => address === one));
  return isForeign === true ? ['addresses'] : [];
}
