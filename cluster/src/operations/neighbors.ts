import { parseRouter } from '#core/egress-router/parse.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { ipOf } from '#core/net/cidr.ts';
import type { Ip } from '#core/net/ip.ts';
import type { Problem } from '#core/problem.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { kinds } from '../kinds.ts';
import { listObjects } from '../objects.ts';

/** The routers of the cluster, or, where those may not be listed, of the namespaces of `wanted`. */
export async function listNeighbors(
  connection: Connection,
  wanted: readonly KubernetesObject[],
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const everywhere = await listIfPermitted(connection, undefined, signal);
  if (everywhere !== undefined) return everywhere;
  const namespaces = new Set(wanted.map(({ metadata }) => metadata.namespace));
  const lists = await Promise.all(
    [...namespaces].map((namespace) => listIfPermitted(connection, namespace, signal)),
  );
  return lists.flatMap((routers) => routers ?? []);
}

async function listIfPermitted(
  connection: Connection,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[] | undefined> {
  try {
    return (await listObjects(connection, kinds.egressRouter, { namespace, signal })).objects;
  } catch (error) {
    if (ClusterError.is(error, 'forbidden')) return undefined;
    throw error;
  }
}

/** What `router` would have in common with others that it can only have for itself; itself is none of them. */
export function neighborProblems(
  router: KubernetesObject,
  others: readonly KubernetesObject[],
): readonly Problem<'second-router' | 'address-in-use'>[] {
  const staying = others.filter(
    (other) => keyOf(other) !== keyOf(router) && other.metadata.deletionTimestamp === undefined,
  );
  const { namespace } = router.metadata;
  const first = staying.find(({ metadata }) => metadata.namespace === namespace);
  const addresses = ipsOf(router);
  return [
    ...(first === undefined ? [] : [secondRouter(router, first)]),
    ...staying.flatMap((other) => {
      const used = ipsOf(other);
      return addresses.flatMap((ip, index) =>
        ip !== undefined && used.includes(ip) ? [addressInUse(ip, index, other)] : [],
      );
    }),
  ];
}

function secondRouter(
  { metadata: { namespace } }: KubernetesObject,
  first: KubernetesObject,
): Problem<'second-router'> {
  return {
    code: 'second-router',
    severity: 'warning',
    path: ['metadata', 'name'],
    message:
      `Namespace ${namespace} can hold one egress router and has ${first.metadata.name} as well: ` +
      'both need the same Deployment. Put this one into another namespace.',
  };
}

function addressInUse(ip: Ip, index: number, other: KubernetesObject): Problem<'address-in-use'> {
  return {
    code: 'address-in-use',
    severity: 'warning',
    path: ['spec', 'addresses', index, 'ip'],
    message: `${ip} is an address of EgressRouter ${keyOf(other)} as well. On one network each router needs its own.`,
  };
}

function ipsOf(router: KubernetesObject): readonly (Ip | undefined)[] {
  return parseRouter(router).reading.addresses.map((entry) => entry && ipOf(entry.address));
}

function keyOf({ metadata: { namespace, name } }: KubernetesObject): string {
  return `${namespace}/${name}`;
}
