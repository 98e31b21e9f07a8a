import { egressRouterKind } from '#core/egress-router/wire.ts';
import { at } from '#core/json-value.ts';
import { appLabel, routerLabel } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { type RouterNames, routerLabelValue } from '#core/manifest/router-names.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { kinds, type ResourceKind } from '../kinds.ts';
import { misledText, selectorText } from '../misled-services.ts';
import { listObjects } from '../objects.ts';
import { configHashOf } from '../pod-view.ts';
import { isOwnedBy, selects } from '../router-parts.ts';

interface LiveRouter {
  readonly live: KubernetesObject;
  readonly names: RouterNames;
  readonly reconciler: 'cno' | 'agent' | undefined;
}

/** What the pods of a router have, or will: the Cluster Network Operator gives them the documented label alone. */
export async function podLabelsOf(
  connection: Connection,
  { live, names, reconciler }: LiveRouter,
  signal: AbortSignal,
): Promise<unknown> {
  const { name, namespace } = live.metadata;
  const deployments = await listOrNothing(connection, kinds.deployment, namespace, signal);
  const own = deployments?.find((deployment) => isOwnedBy(deployment, live));
  if (own !== undefined) return at(own, 'spec', 'template', 'metadata', 'labels');
  const label = { [appLabel]: names.app };
  return reconciler === 'cno' ? label : { ...label, [routerLabel]: routerLabelValue(name) };
}

interface Present {
  readonly present: KubernetesObject;
  readonly live: KubernetesObject;
  /** The labels of the router's pods. */
  readonly pods: unknown;
}

/** Why a Service must not become the router's: its clients would be led elsewhere, and Tear Down would delete it. */
export async function refusalOf(
  connection: Connection,
  { present, live, pods }: Present,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (isOwnedBy(present, live)) return undefined;
  const { name, namespace = '', ownerReferences } = present.metadata;
  const there = `Service ${namespace}/${name} exists already and`;
  const owner = ownerReferences?.find(({ kind }) => kind !== live.kind);
  if (owner !== undefined) {
    return `${there} belongs to ${owner.kind} ${owner.name}. Delete it, or give the router another name.`;
  }
  if (selects(present, pods)) return undefined;
  const leadsTo = await leadsToRouter(connection, present, signal);
  if (leadsTo !== undefined) {
    return `${there} leads to other pods. ${misledText(present, leadsTo)} Or delete it, and expose the router again.`;
  }
  const found = await listOrNothing(connection, kinds.pod, namespace, signal);
  if (found === undefined || found.some(({ metadata }) => selects(present, metadata.labels))) {
    return `${there} leads to other pods. Delete it, or give the router another name.`;
  }
  const own = at(pods, routerLabel) === undefined ? appLabel : routerLabel;
  return `${there} leads to no pod: its selector ${selectorText(present)} selects none that is there. Select ${own}: ${String(at(pods, own))} instead, or delete it, and expose the router again.`;
}

/** The router of this project's operator whose pods a Service selects, where one may look. */
async function leadsToRouter(
  connection: Connection,
  service: KubernetesObject,
  signal: AbortSignal,
): Promise<string | undefined> {
  const deployments = await listOrNothing(connection, kinds.deployment, service.metadata.namespace, signal);
  const reached = deployments
    ?.filter((deployment) => configHashOf(deployment) !== undefined)
    .find((deployment) => selects(service, at(deployment, 'spec', 'template', 'metadata', 'labels')));
  return reached?.metadata.ownerReferences?.find(({ kind }) => kind === egressRouterKind)?.name;
}

/** Undefined where one may not look. */
async function listOrNothing(
  connection: Connection,
  kind: ResourceKind,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[] | undefined> {
  try {
    return (await listObjects(connection, kind, { namespace, signal })).objects;
  } catch (error) {
    if (ClusterError.is(error, 'forbidden')) return undefined;
    throw error;
  }
}
