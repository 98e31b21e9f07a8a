import { cnoClusterOperator, operatorFieldManager, operatorLeaseName } from '#core/manifest/names.ts';
import type { PreflightFinding, PreflightReport } from '../api.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { at, listAt, numberAt, textAt } from '../json.ts';
import { groupOf, kinds, qualifiedPlural, type ResourceKind } from '../kinds.ts';
import { createObject, findObject, listObjects } from '../objects.ts';

/** Whether a router could be deployed and would come up; what cannot be found out is a warning. */
export async function preflight(
  connection: Connection,
  namespace: string,
  signal: AbortSignal,
): Promise<PreflightReport> {
  const findings = await Promise.all([
    checkCrd(connection, namespace, signal),
    checkMultus(connection, namespace, signal),
    checkReconciler(connection, signal),
    checkPermissions(connection, namespace, signal),
  ]);
  return { findings };
}

async function checkCrd(
  connection: Connection,
  namespace: string,
  signal: AbortSignal,
): Promise<PreflightFinding> {
  const crd = `CustomResourceDefinition ${qualifiedPlural(kinds.egressRouter)}`;
  return finding('crd', await presenceOf(connection, kinds.egressRouter, namespace, signal), {
    present: 'The cluster knows EgressRouters.',
    absent: `The cluster does not know EgressRouters: there is no ${crd}. Install it, or switch to a cluster that has it.`,
    hidden: `You may see neither EgressRouters nor the ${crd}, so it cannot be told whether the cluster knows them. Ask for a role that may list them.`,
  });
}

async function checkMultus(
  connection: Connection,
  namespace: string,
  signal: AbortSignal,
): Promise<PreflightFinding> {
  const crd = `CustomResourceDefinition ${qualifiedPlural(kinds.nad)}`;
  return finding('multus', await presenceOf(connection, kinds.nad, namespace, signal), {
    present: 'Multus is installed: pods can get a second interface.',
    absent: `Multus is missing: there is no ${crd}. Without it a router’s pod gets no address of its own. Install Multus.`,
    hidden: `You may not see the ${crd}, so it cannot be told whether Multus is installed. Ask an administrator of the cluster.`,
  });
}

/** `hidden`: this user may not know. */
type Presence = 'present' | 'absent' | 'hidden';

const verdicts = {
  present: 'ok',
  absent: 'error',
  hidden: 'warning',
} as const satisfies Record<Presence, PreflightFinding['verdict']>;

function finding(
  code: PreflightFinding['code'],
  presence: Presence,
  messages: Readonly<Record<Presence, string>>,
): PreflightFinding {
  return { code, verdict: verdicts[presence], message: messages[presence] };
}

async function presenceOf(
  connection: Connection,
  kind: ResourceKind,
  namespace: string,
  signal: AbortSignal,
): Promise<Presence> {
  try {
    await connection.json({ verb: 'list', kind, namespace, query: { limit: '1' }, signal });
    return 'present';
  } catch (error) {
    if (ClusterError.is(error, 'crd-missing')) return 'absent';
    // The API server looks for the right first: it says 403 of kinds that it does not serve, too.
    if (ClusterError.is(error, 'forbidden')) return presenceOfCrd(connection, kind, signal);
    throw error;
  }
}

async function presenceOfCrd(
  connection: Connection,
  kind: ResourceKind,
  signal: AbortSignal,
): Promise<Presence> {
  try {
    const crd = await findObject(connection, kinds.crd, { name: qualifiedPlural(kind) }, signal);
    return crd === undefined ? 'absent' : 'present';
  } catch (error) {
    if (ClusterError.is(error, 'forbidden')) return 'hidden';
    throw error;
  }
}

async function checkReconciler(connection: Connection, signal: AbortSignal): Promise<PreflightFinding> {
  if (await hasClusterNetworkOperator(connection, signal)) {
    return {
      code: 'reconciler',
      verdict: 'ok',
      message: 'The Cluster Network Operator acts on EgressRouters here.',
    };
  }
  const trace = await findTraceOfOperator(connection, signal);
  if (trace === 'seen') {
    return {
      code: 'reconciler',
      verdict: 'ok',
      message: 'The operator of Egress Router Tools acts on EgressRouters here.',
    };
  }
  const message =
    trace === 'idle'
      ? 'There are EgressRouters here that nothing has acted on. Install the operator of Egress Router Tools, or see whether it runs.'
      : 'No trace of an operator that acts on EgressRouters was found, and no router yet that would tell. Should a router stay “Not reconciled”, install the operator.';
  return { code: 'reconciler', verdict: 'warning', message };
}

/** Who turns EgressRouters into pods here; undefined where nobody does, or nothing tells. */
export async function reconcilerOf(
  connection: Connection,
  signal: AbortSignal,
): Promise<'cno' | 'agent' | undefined> {
  if (await hasClusterNetworkOperator(connection, signal)) return 'cno';
  return (await findTraceOfOperator(connection, signal)) === 'seen' ? 'agent' : undefined;
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

/** Our operator writes conditions, and the API server notes who wrote them. */
async function findTraceOfOperator(
  connection: Connection,
  signal: AbortSignal,
): Promise<'seen' | 'idle' | 'none'> {
  if (await hasLeader(connection, signal)) return 'seen';
  const deployments = await listOrNothing(connection, kinds.deployment, signal);
  const isOperator = (object: unknown): boolean =>
    textAt(object, 'metadata', 'name') === operatorFieldManager;
  if (deployments.some(isOperator)) return 'seen';
  const routers = await listOrNothing(connection, kinds.egressRouter, signal);
  const wasWritten = routers.some((router) =>
    listAt(router, 'metadata', 'managedFields').some(
      (entry) => at(entry, 'manager') === operatorFieldManager,
    ),
  );
  if (wasWritten) return 'seen';
  return routers.length > 0 ? 'idle' : 'none';
}

/** An operator that acts renews its Lease all the time. */
async function hasLeader(connection: Connection, signal: AbortSignal): Promise<boolean> {
  const leases = await listOrNothing(connection, kinds.lease, signal);
  return leases.some((lease) => {
    const endMs =
      Date.parse(textAt(lease, 'spec', 'renewTime') ?? '') +
      (numberAt(lease, 'spec', 'leaseDurationSeconds') ?? 0) * 1000;
    return (textAt(lease, 'spec', 'holderIdentity') ?? '') !== '' && endMs + clockSkewMs > Date.now();
  });
}

/** By how much the clocks of this machine and of the cluster's nodes may differ. */
const clockSkewMs = 60_000;

async function listOrNothing(connection: Connection, kind: ResourceKind, signal: AbortSignal) {
  const name = kind === kinds.deployment ? operatorFieldManager : operatorLeaseName;
  const fieldSelector = kind === kinds.egressRouter ? undefined : `metadata.name=${name}`;
  for (const namespace of [undefined, connection.namespace]) {
    try {
      return (await listObjects(connection, kind, { namespace, fieldSelector, signal })).objects;
    } catch (error) {
      if (!ClusterError.is(error, 'forbidden', 'crd-missing')) throw error;
    }
  }
  return [];
}

const needed = [
  { kind: kinds.egressRouter, verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'] },
  { kind: kinds.service, verbs: ['get', 'list', 'watch', 'create', 'patch'] },
  { kind: kinds.nad, verbs: ['list', 'watch'] },
  { kind: kinds.deployment, verbs: ['list', 'watch'] },
  { kind: kinds.pod, verbs: ['list', 'watch'] },
  { kind: kinds.event, verbs: ['list', 'watch'] },
] as const;

async function checkPermissions(
  connection: Connection,
  namespace: string,
  signal: AbortSignal,
): Promise<PreflightFinding> {
  const asked = needed.flatMap(({ kind, verbs }) => verbs.map((verb) => ({ kind, verb })));
  const answers = await Promise.all(
    asked.map(async ({ kind, verb }) => ({
      permission: `${verb} ${qualifiedPlural(kind)}`,
      isEssential: kind === kinds.egressRouter,
      isAllowed: await mayI(connection, { namespace, verb, kind }, signal),
    })),
  );
  const missing = answers.filter(({ isAllowed }) => !isAllowed);
  if (missing.length === 0) {
    const message = `You may do all that deploying and watching needs in namespace ${namespace}.`;
    return { code: 'permissions', verdict: 'ok', message };
  }
  const list = missing.map(({ permission }) => `"${permission}"`).join(', ');
  return {
    code: 'permissions',
    verdict: missing.some(({ isEssential }) => isEssential) ? 'error' : 'warning',
    message: `In namespace ${namespace} you lack ${list}. Ask for a role that grants it, or switch context.`,
  };
}

async function mayI(
  connection: Connection,
  {
    namespace,
    verb,
    kind,
  }: { readonly namespace: string; readonly verb: string; readonly kind: ResourceKind },
  signal: AbortSignal,
): Promise<boolean> {
  const { apiVersion, kind: kindName } = kinds.selfSubjectAccessReview;
  const resourceAttributes = { namespace, verb, group: groupOf(kind), resource: kind.plural };
  const body = { apiVersion, kind: kindName, metadata: {}, spec: { resourceAttributes } };
  const answer = await createObject(connection, kinds.selfSubjectAccessReview, body, { signal });
  return at(answer, 'status', 'allowed') === true;
}
