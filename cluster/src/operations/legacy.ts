import { at } from '#core/json-value.ts';
import { legacyRoutersIn } from '#core/legacy/detect.ts';
import { legacyFactsOf } from '#core/legacy/facts.ts';
import { readLegacyRouter } from '#core/legacy/parse.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { LegacyView } from '../api.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { findKind, kinds, type ResourceKind } from '../kinds.ts';
import { type ObjectRef, refOf, refText } from '../object-ref.ts';
import { findObject, getObject, listObjects } from '../objects.ts';
import { selects } from '../router-parts.ts';

/** The routers of OpenShift SDN: everywhere, or where that is forbidden in the connection's own namespace. */
export async function listLegacyRouters(
  connection: Connection,
  signal: AbortSignal,
): Promise<readonly LegacyView[]> {
  const lists = await Promise.all(workloads.map((kind) => listAllOrOwn(connection, kind, signal)));
  // Whoever may see none of the kinds is told so; one of them is enough for a list.
  const refusal = lists.every((list) => list instanceof ClusterError) ? lists[0] : undefined;
  if (refusal instanceof ClusterError) throw refusal;
  return lists
    .flatMap((list) => (list instanceof ClusterError ? [] : list))
    .filter((object) => !isMade(object) && legacyRoutersIn(object).length > 0)
    .map((object) => {
      const source = readOf(object)?.router?.source;
      return { object: refOf(object), ...(source?.kind === 'text' ? { source: source.text } : {}) };
    });
}

/**
 * What a router of OpenShift SDN consists of, each as a person would write it: the object itself, the ConfigMaps
 * that its destinations come from, and the Services that select its pods.
 *
 * @throws ClusterError `not-found`
 */
export async function readLegacyObjects(
  connection: Connection,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const kind = findKind(ref.apiVersion, ref.kind);
  if (kind === undefined || !workloads.some((one) => one.kind === kind.kind)) {
    const message = `${refText(ref)} can be no router of OpenShift SDN. Choose a Pod, or what makes one.`;
    throw new ClusterError({ reason: 'invalid', message });
  }
  const { namespace = connection.namespace, name } = ref;
  const object = await getObject(connection, kind, { namespace, name }, signal);
  const facts = readOf(object);
  const names = facts === undefined ? [] : legacyFactsOf(facts).configMaps.map((one) => one.name);
  const configMaps = await Promise.all(
    [...new Set(names)].map((one) =>
      findObject(connection, kinds.configMap, { namespace, name: one }, signal),
    ),
  );
  const services = (await listObjects(connection, kinds.service, { namespace, signal })).objects.filter(
    (service) => selects(service, facts?.labels),
  );
  return [object, ...configMaps.flatMap((one) => one ?? []), ...services].map(toWritten);
}

const workloads: readonly ResourceKind[] = [
  kinds.pod,
  kinds.deployment,
  kinds.deploymentConfig,
  kinds.replicationController,
];

function readOf(object: KubernetesObject) {
  const [place] = legacyRoutersIn(object);
  return place === undefined ? undefined : readLegacyRouter(object, place);
}

/** By something that is listed itself. */
function isMade({ metadata: { ownerReferences = [] } }: KubernetesObject): boolean {
  return ownerReferences.some(({ controller }) => controller === true);
}

/** @returns the refusal, where neither may be listed */
async function listAllOrOwn(
  connection: Connection,
  kind: ResourceKind,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[] | ClusterError> {
  const list = async (namespace?: string): Promise<readonly KubernetesObject[] | ClusterError> => {
    try {
      return (await listObjects(connection, kind, { namespace, signal })).objects;
    } catch (error) {
      // DeploymentConfigs are OpenShift's alone.
      if (ClusterError.is(error, 'crd-missing')) return [];
      if (ClusterError.is(error, 'forbidden')) return error;
      throw error;
    }
  };
  const everywhere = await list();
  return everywhere instanceof ClusterError ? list(connection.namespace) : everywhere;
}

/** Without what the API server and controllers have noted. */
function toWritten(object: KubernetesObject): KubernetesObject {
  const { apiVersion, kind, metadata, status: _, ...rest } = object;
  const { name, namespace, labels } = metadata;
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => !notes.has(key));
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations.length === 0 ? {} : { annotations: Object.fromEntries(annotations) }),
    },
    ...rest,
    ...(kind === kinds.service.kind ? { spec: withoutDefaults(at(object, 'spec')) } : {}),
  };
}

const notes: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
  'openshift.io/generated-by',
]);

/** The API server fills them in. Its `clusterIP` stays: what becomes of that is for the migration to tell. */
function withoutDefaults(spec: unknown): unknown {
  if (typeof spec !== 'object' || spec === null) return spec;
  return Object.fromEntries(
    Object.entries(spec).filter(([key, value]) => !given.has(key) && value !== defaults.get(key)),
  );
}

const given: ReadonlySet<string> = new Set(['clusterIPs', 'ipFamilies']);

const defaults: ReadonlyMap<string, unknown> = new Map([
  ['ipFamilyPolicy', 'SingleStack'],
  ['internalTrafficPolicy', 'Cluster'],
  ['sessionAffinity', 'None'],
]);
