import { at, listAt, parseJson, textAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { networkOf, parseCidr } from '#core/net/cidr.ts';
import type { Surroundings } from '../api.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { kinds, type ResourceKind } from '../kinds.ts';
import { findObject, listObjects } from '../objects.ts';
import { reconcilerOf } from './reconciler.ts';

/** What the cluster tells of the networks around a router; what may not be read is left out. */
export async function readSurroundings(connection: Connection, signal: AbortSignal): Promise<Surroundings> {
  const [reconciler, config, serviceCidrs, nodes, states] = await Promise.all([
    reconcilerOf(connection, signal).catch(ignoreRefusal),
    findObject(connection, kinds.networkConfig, { name: 'cluster' }, signal).catch(ignoreRefusal),
    list(connection, kinds.serviceCidr, signal),
    list(connection, kinds.node, signal),
    list(connection, kinds.nodeNetworkState, signal),
  ]);
  const networks = [
    ...[...podCidrs(config), ...(config === undefined ? nodes.flatMap(podCidrsOfNode) : [])].map((cidr) => ({
      name: 'pod' as const,
      cidr,
    })),
    ...[...textsAt(config, 'status', 'serviceNetwork'), ...serviceCidrs.flatMap(cidrsOf)].map((cidr) => ({
      name: 'service' as const,
      cidr,
    })),
    ...nodes.flatMap(machineCidrs).map((cidr) => ({ name: 'machine' as const, cidr })),
  ];
  return {
    ...(reconciler === undefined ? {} : { reconciler }),
    networks: unique(networks, ({ name, cidr }) => `${name} ${cidr}`),
    nics: states.flatMap(nicsOf),
    usedAddresses: nodes.flatMap(addressesOf),
  };
}

/** Kinds that only some clusters serve, and those that this person may not read. */
async function list(
  connection: Connection,
  kind: ResourceKind,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const found = await listObjects(connection, kind, { signal }).catch(ignoreRefusal);
  return found?.objects ?? [];
}

function ignoreRefusal(error: unknown): undefined {
  if (ClusterError.is(error, 'crd-missing', 'forbidden', 'not-found')) return undefined;
  throw error;
}

/** `networks.config.openshift.io/cluster` says what OKD uses, `.spec` what was asked for. */
function podCidrs(config: KubernetesObject | undefined): readonly string[] {
  return listAt(config, 'status', 'clusterNetwork').flatMap((entry) => textAt(entry, 'cidr') ?? []);
}

function podCidrsOfNode(node: KubernetesObject): readonly string[] {
  return textsAt(node, 'spec', 'podCIDRs');
}

function cidrsOf(serviceCidr: KubernetesObject): readonly string[] {
  return textsAt(serviceCidr, 'spec', 'cidrs');
}

/** OVN-Kubernetes notes each node's own address with the prefix of its network. */
function machineCidrs(node: KubernetesObject): readonly string[] {
  const primary = parseJson(textAt(node, 'metadata', 'annotations', 'k8s.ovn.org/node-primary-ifaddr') ?? '');
  return ['ipv4', 'ipv6'].flatMap((family) => {
    const cidr = parseCidr(textAt(primary, family) ?? '');
    return cidr === undefined ? [] : [networkOf(cidr)];
  });
}

/** What NMState reports of a node: only interfaces that a macvlan can stand on. */
function nicsOf(state: KubernetesObject): Surroundings['nics'] {
  return listAt(state, 'status', 'currentState', 'interfaces').flatMap((entry) => {
    const name = textAt(entry, 'name');
    if (name === undefined || !masterTypes.has(textAt(entry, 'type') ?? '')) return [];
    const addresses = ['ipv4', 'ipv6'].flatMap((family) =>
      listAt(entry, family, 'address').flatMap((one) => {
        const ip = textAt(one, 'ip');
        return ip === undefined ? [] : [`${ip}/${String(at(one, 'prefix-length'))}`];
      }),
    );
    return [{ node: state.metadata.name, name, addresses }];
  });
}

const masterTypes: ReadonlySet<string> = new Set([
  'ethernet',
  'bond',
  'vlan',
  'linux-bridge',
  'ovs-interface',
]);

function addressesOf(node: KubernetesObject): Surroundings['usedAddresses'] {
  return listAt(node, 'status', 'addresses').flatMap((entry) => {
    const ip = textAt(entry, 'address');
    const isAddress = textAt(entry, 'type') === 'InternalIP' || textAt(entry, 'type') === 'ExternalIP';
    return ip === undefined || !isAddress ? [] : [{ ip, by: `node ${node.metadata.name}` }];
  });
}

function textsAt(value: unknown, ...path: readonly string[]): readonly string[] {
  return listAt(value, ...path).filter((one) => typeof one === 'string');
}

function unique<T>(entries: readonly T[], keyOf: (entry: T) => string): readonly T[] {
  return [...new Map(entries.map((entry) => [keyOf(entry), entry])).values()];
}
