import { at, listAt, numberAt, textAt } from '#core/json-value.ts';
import {
  cnoClusterOperator,
  operatorFieldManager,
  operatorLeaseName,
  operatorNamespace,
} from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Finding } from '#core/platform/finding.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { kinds, type ResourceKind } from '../kinds.ts';
import { findObject, listObjects } from '../objects.ts';

/** Who turns EgressRouters into pods here, or did last; undefined where nobody does, or nothing tells. */
export async function reconcilerOf(
  connection: Connection,
  signal: AbortSignal,
): Promise<'cno' | 'agent' | undefined> {
  if (await hasClusterNetworkOperator(connection, signal)) return 'cno';
  const { kind } = await findTraceOfOperator(connection, signal);
  return kind === 'seen' || kind === 'stopped' ? 'agent' : undefined;
}

export async function checkReconciler(connection: Connection, signal: AbortSignal): Promise<Finding> {
  if (await hasClusterNetworkOperator(connection, signal)) {
    return {
      code: 'reconciler',
      verdict: 'ok',
      message: 'The Cluster Network Operator acts on EgressRouters here.',
    };
  }
  const trace = await findTraceOfOperator(connection, signal);
  if (trace.kind === 'seen') {
    return {
      code: 'reconciler',
      verdict: 'ok',
      message: 'The operator of Egress Router Tools acts on EgressRouters here.',
    };
  }
  if (trace.kind === 'stopped') {
    return {
      code: 'reconciler',
      verdict: 'warning',
      message: `The operator of Egress Router Tools has acted on EgressRouters here, and does not now: its Lease was last renewed at ${trace.since}. See whether it runs, or install it.`,
    };
  }
  if (trace.kind === 'unseen') {
    return {
      code: 'reconciler',
      verdict: 'information',
      message: `Nothing tells whether an operator acts on EgressRouters here: you may not look in namespace ${operatorNamespace}. Should a router stay "Not reconciled", ask an administrator whether one runs.`,
    };
  }
  const message =
    trace.kind === 'idle'
      ? 'There are EgressRouters here that nothing has acted on. Install the operator of Egress Router Tools, or see whether it runs.'
      : 'No trace of an operator that acts on EgressRouters was found, and no router yet that would tell. Should a router stay "Not reconciled", install the operator.';
  return { code: 'reconciler', verdict: 'warning', message };
}

async function hasClusterNetworkOperator(connection: Connection, signal: AbortSignal): Promise<boolean> {
  try {
    const at = { name: cnoClusterOperator.name };
    return (await findObject(connection, kinds.clusterOperator, at, signal)) !== undefined;
  } catch (error) {
    if (ClusterError.is(error, 'crd-missing', 'forbidden')) return false;
    throw error;
  }
}

type Trace =
  | { readonly kind: 'seen' }
  /** Since when, as its Lease says. */
  | { readonly kind: 'stopped'; readonly since: string }
  /** There are routers that it has not seen. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'none' }
  /** What would tell, this user may not see. */
  | { readonly kind: 'unseen' };

/** Our operator writes conditions, and the API server notes who wrote them. */
async function findTraceOfOperator(connection: Connection, signal: AbortSignal): Promise<Trace> {
  const { objects: leases, isUnseen } = await listOrNothing(connection, kinds.lease, signal);
  const fresh = leases.filter(isFresh);
  if (fresh.some((lease) => (textAt(lease, 'spec', 'holderIdentity') ?? '') !== '')) return { kind: 'seen' };
  const [since] = leases.map(renewedAt).toSorted().toReversed();
  // What it has left behind tells that it acts only where no Lease tells otherwise.
  const left: Trace = since === undefined || fresh.length > 0 ? { kind: 'seen' } : { kind: 'stopped', since };
  const { objects: deployments } = await listOrNothing(connection, kinds.deployment, signal);
  const isOperator = (object: unknown): boolean =>
    textAt(object, 'metadata', 'name') === operatorFieldManager;
  if (deployments.some(isOperator)) return left;
  const { objects: routers } = await listOrNothing(connection, kinds.egressRouter, signal);
  const wasWritten = routers.some((router) =>
    listAt(router, 'metadata', 'managedFields').some(
      (entry) => at(entry, 'manager') === operatorFieldManager,
    ),
  );
  if (wasWritten) return left;
  if (routers.length > 0) return { kind: 'idle' };
  return { kind: isUnseen ? 'unseen' : 'none' };
}

/** An operator that acts renews its Lease all the time; another one takes up what one has given back. */
function isFresh(lease: KubernetesObject): boolean {
  const durationMs = (numberAt(lease, 'spec', 'leaseDurationSeconds') ?? 0) * 1000;
  return Date.parse(renewedAt(lease)) + durationMs + clockSkewMs > Date.now();
}

function renewedAt(lease: KubernetesObject): string {
  return textAt(lease, 'spec', 'renewTime') ?? lease.metadata.creationTimestamp ?? '';
}

/** By how much the clocks of this machine and of the cluster's nodes may differ. */
const clockSkewMs = 60_000;

/** Everywhere, or else where the operator usually is and where the person works. */
async function listOrNothing(
  connection: Connection,
  kind: ResourceKind,
  signal: AbortSignal,
): Promise<{ readonly objects: readonly KubernetesObject[]; readonly isUnseen: boolean }> {
  const name = kind === kinds.deployment ? operatorFieldManager : operatorLeaseName;
  const fieldSelector = kind === kinds.egressRouter ? undefined : `metadata.name=${name}`;
  const list = async (namespace?: string) => {
    try {
      return (await listObjects(connection, kind, { namespace, fieldSelector, signal })).objects;
    } catch (error) {
      if (ClusterError.is(error, 'forbidden', 'crd-missing')) return undefined;
      throw error;
    }
  };
  const everywhere = await list();
  if (everywhere !== undefined) return { objects: everywhere, isUnseen: false };
  const some = [...new Set([operatorNamespace, connection.namespace])];
  const [ofOperator, ...others] = await Promise.all(some.map(list));
  return {
    objects: [ofOperator, ...others].flatMap((objects) => objects ?? []),
    isUnseen: ofOperator === undefined,
  };
}
