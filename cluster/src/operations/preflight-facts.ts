import { at, listAt, parseJson, textAt } from '#core/json-value.ts';
import {
  appLabel,
  appLabelValue,
  networkStatusAnnotation,
  routerIfName,
  routerLabel,
} from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { routerLabelValue } from '#core/manifest/router-names.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { kinds, type ResourceKind } from '../kinds.ts';
import { findObject, listPages } from '../objects.ts';

/** What several checks of a preflight look at, read once. */
export interface PreflightFacts {
  readonly routers: readonly KubernetesObject[];
  readonly pods: readonly PodFacts[];
  readonly nodes: readonly KubernetesObject[];
  /** What this person may not see, as a sentence says it. */
  readonly unseen: Unseen;
}

interface Unseen {
  readonly routers: readonly string[];
  readonly pods: readonly string[];
  readonly nodes: readonly string[];
  /** Of the namespaces that were looked into, those that may have more routers. */
  readonly routersIn: readonly string[];
}

/** What is kept of a pod: there may be many. */
export interface PodFacts {
  readonly namespace: string;
  readonly name: string;
  readonly node?: string;
  /** On all its networks, unless they are the node's. */
  readonly ips: readonly string[];
  /** Which router it is of, as our operator labels it; `''` for that of the Cluster Network Operator, which has one. */
  readonly routerLabel?: string;
  /** A container of it runs, hence it has its networks: what is written of them outlives a pod's loss of them. */
  readonly isUp: boolean;
  /** The router's interface. */
  readonly net1?: { readonly ips: readonly string[]; readonly mac?: string };
}

/** @param namespaces to look into where the whole cluster may not be looked at */
export async function readPreflightFacts(
  connection: Connection,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<PreflightFacts> {
  const read = <T>(kind: ResourceKind, keep: (object: KubernetesObject) => readonly T[]) =>
    readKept(connection, { kind, namespaces, keep, signal });
  const [routers, pods, nodes] = await Promise.all([
    read(kinds.egressRouter, keepAll),
    read(kinds.pod, toPodFacts),
    read(kinds.node, keepAll),
  ]);
  return {
    routers: routers.kept,
    pods: pods.kept,
    nodes: nodes.kept,
    unseen: {
      routers: routers.unseen,
      pods: pods.unseen,
      nodes: nodes.unseen,
      routersIn: routers.unseenIn,
    },
  };
}

/** All that may be seen. */
export async function readNodes(
  connection: Connection,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const { kept } = await readKept(connection, { kind: kinds.node, namespaces: [], keep: keepAll, signal });
  return kept;
}

/** The pods of a router, whichever operator made them. */
export function ownPods(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  pods: readonly PodFacts[],
): readonly PodFacts[] {
  const label = routerLabelValue(name);
  return pods.filter(
    (pod) => pod.namespace === namespace && (pod.routerLabel === '' || pod.routerLabel === label),
  );
}

/** Labels of a namespace, none where it has none; undefined where they may not be read. */
export async function readNamespaceLabels(
  connection: Connection,
  namespace: string,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>> | 'missing' | undefined> {
  try {
    const found = await findObject(connection, kinds.namespace, { name: namespace }, signal);
    return found === undefined ? 'missing' : (found.metadata.labels ?? {});
  } catch (error) {
    if (ClusterError.is(error, 'forbidden')) return undefined;
    throw error;
  }
}

function keepAll(object: KubernetesObject): readonly KubernetesObject[] {
  return [object];
}

interface Kept<T> {
  readonly kept: readonly T[];
  readonly unseen: readonly string[];
  /** Of the namespaces that were to be looked into. */
  readonly unseenIn: readonly string[];
}

interface Listed<T> {
  readonly kept: readonly T[];
  readonly unseen?: string;
}

/** Looking through more would take longer than a person waits. */
const mostObjects = 10_000;

async function readKept<T>(
  connection: Connection,
  {
    kind,
    namespaces,
    keep,
    signal,
  }: {
    readonly kind: ResourceKind;
    readonly namespaces: readonly string[];
    readonly keep: (object: KubernetesObject) => readonly T[];
    readonly signal: AbortSignal;
  },
): Promise<Kept<T>> {
  const list = async (namespace?: string): Promise<Listed<T>> => {
    const kept: T[] = [];
    let seen = 0;
    try {
      for await (const { objects } of listPages(connection, kind, { namespace, signal })) {
        kept.push(...objects.flatMap(keep));
        seen += objects.length;
        if (seen >= mostObjects) return { kept, unseen: `${kind.plural} beyond the first ${seen}` };
      }
      return { kept };
    } catch (error) {
      if (ClusterError.is(error, 'crd-missing')) return { kept };
      if (ClusterError.is(error, 'forbidden')) return { kept, unseen: kind.plural };
      throw error;
    }
  };
  const everywhere = await list();
  if (everywhere.unseen === undefined) return { kept: everywhere.kept, unseen: [], unseenIn: [] };
  if (everywhere.unseen !== kind.plural || !kind.namespaced) {
    return { kept: everywhere.kept, unseen: [everywhere.unseen], unseenIn: namespaces };
  }
  const lists = await Promise.all(namespaces.map(list));
  const unseenIn = namespaces.filter((_, index) => lists[index]?.unseen !== undefined);
  return {
    kept: lists.flatMap(({ kept }) => kept),
    unseen: [unseenIn.length > 0 ? kind.plural : `${kind.plural} of other namespaces`],
    unseenIn,
  };
}

function toPodFacts(pod: KubernetesObject): readonly PodFacts[] {
  const { name, namespace = '', labels, annotations } = pod.metadata;
  const phase = textAt(pod, 'status', 'phase');
  // One that has ended has given its addresses back.
  if (phase === 'Succeeded' || phase === 'Failed') return [];
  const networks = listAt(parseJson(annotations?.[networkStatusAnnotation] ?? ''));
  const net1 = networks.find((network) => textAt(network, 'interface') === routerIfName);
  const node = textAt(pod, 'spec', 'nodeName');
  const own = listAt(pod, 'status', 'podIPs').flatMap((entry) => textAt(entry, 'ip') ?? []);
  const isOnNode = at(pod, 'spec', 'hostNetwork') === true;
  const ips = [...(isOnNode ? [] : own), ...networks.flatMap(ipsOf)];
  const label = labels?.[routerLabel] ?? (labels?.[appLabel] === appLabelValue ? '' : undefined);
  const mac = textAt(net1, 'mac');
  return [
    {
      namespace,
      name,
      ...(node === undefined ? {} : { node }),
      ips: [...new Set(ips)],
      isUp: listAt(pod, 'status', 'containerStatuses').some(
        (container) => at(container, 'state', 'running') !== undefined,
      ),
      ...(label === undefined ? {} : { routerLabel: label }),
      ...(net1 === undefined ? {} : { net1: { ips: ipsOf(net1), ...(mac === undefined ? {} : { mac }) } }),
    },
  ];
}

function ipsOf(network: unknown): readonly string[] {
  return listAt(network, 'ips').flatMap((ip) => (typeof ip === 'string' ? [ip] : []));
}
