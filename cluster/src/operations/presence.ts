import type { Finding, Verdict } from '#core/platform/finding.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { kinds, qualifiedPlural, type ResourceKind } from '../kinds.ts';
import { findObject } from '../objects.ts';

export async function checkCrd(
  connection: Connection,
  namespace: string,
  signal: AbortSignal,
): Promise<Finding> {
  const crd = `CustomResourceDefinition ${qualifiedPlural(kinds.egressRouter)}`;
  return finding('crd', await presenceOf(connection, kinds.egressRouter, namespace, signal), {
    present: 'The cluster knows EgressRouters.',
    absent: `The cluster does not know EgressRouters: there is no ${crd}. OKD and OpenShift bring it with their network operator; elsewhere install the agent: egress-router install. Or switch to a cluster that has it.`,
    hidden: `You may see neither EgressRouters nor the ${crd}, so it cannot be told whether the cluster knows them. Ask for a role that may list them.`,
  });
}

export async function checkMultus(
  connection: Connection,
  namespace: string,
  signal: AbortSignal,
): Promise<Finding> {
  const crd = `CustomResourceDefinition ${qualifiedPlural(kinds.nad)}`;
  return finding('multus', await presenceOf(connection, kinds.nad, namespace, signal), {
    present: 'Multus is installed: pods can get a second interface.',
    absent: `Multus is missing: there is no ${crd}. Without it a router's pod gets no address of its own. Install Multus.`,
    hidden: `You may not see the ${crd}, so it cannot be told whether Multus is installed. Ask an administrator of the cluster.`,
  });
}

/** `hidden`: this user may not know. */
type Presence = 'present' | 'absent' | 'hidden';

const verdicts = {
  present: 'ok',
  absent: 'error',
  hidden: 'warning',
} as const satisfies Record<Presence, Verdict>;

function finding(
  code: Finding['code'],
  presence: Presence,
  messages: Readonly<Record<Presence, string>>,
): Finding {
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
