import { planApply } from '#core/egress-router/apply-plan.ts';
import { at } from '#core/json-value.ts';
import { faultOfImage, toAgentObjects } from '#core/manifest/agent-objects.ts';
import { operatorNamespace } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { checkPodSecurity, podSecurityLabel } from '#core/platform/check-pod-security.ts';
import type { InstallOptions, InstallPlan, InstallResult, RunPlanOptions, WaitOptions } from '../api.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { kinds, type ResourceKind } from '../kinds.ts';
import { refOf } from '../object-ref.ts';
import { findObject, listObjects } from '../objects.ts';
import { agentNamespace, isOfSandbox } from './agent-namespace.ts';
import { gather } from './gather.ts';
import { followPart } from './install-follow.ts';
import { checkMultus } from './presence.ts';
import { reconcilerOf } from './reconciler.ts';
import { runPlan } from './run-plan.ts';

/** What installing the agent would do, after a dry run of each object; changes nothing. */
export async function planInstall(
  connection: Connection,
  { image, namespace = operatorNamespace, signal }: InstallOptions,
): Promise<InstallPlan> {
  const objects = toAgentObjects(image, namespace);
  const home = await findObject(connection, kinds.namespace, { name: namespace }, signal);
  const refused =
    refusalOfImage(image) ??
    (await refusalOfCluster(connection, namespace, signal)) ??
    (home && (await refusalOfNamespace(connection, home, objects.node, signal)));
  if (refused !== undefined) return { image, namespace, refused, warnings: [], items: [] };
  const hasAdmission = await isServed(connection, kinds.admissionPolicy, signal);
  const wanted = [
    objects.crd,
    // One that is there is not ours to label.
    ...(home === undefined ? [objects.namespace] : []),
    ...objects.rbac,
    ...(hasAdmission ? objects.admission : []),
    objects.node,
    objects.operator,
  ];
  // Nothing can be tried in a namespace that is not there yet.
  const isNew = (object: KubernetesObject): boolean =>
    home === undefined && object.metadata.namespace === namespace;
  const tried = await gather(
    connection,
    wanted.filter((object) => !isNew(object)),
    signal,
  );
  const created = new Map(
    wanted.filter(isNew).map((object) => [object, { result: asItIs(object) }] as const),
  );
  const states = wanted.map((object) => ({
    object,
    state: created.get(object) ??
      tried.find((one) => one.object === object)?.state ?? { result: asItIs(object) },
  }));
  const warnings = await warningsOf(connection, namespace, hasAdmission, signal);
  return { image, namespace, warnings, ...planApply(states) };
}

/** Applies the plan and, where wanted, waits until every part does its work. A part that fails is a result. */
export async function install(
  connection: Connection,
  plan: InstallPlan,
  options: RunPlanOptions & WaitOptions,
): Promise<InstallResult> {
  if (plan.refused !== undefined) throw new ClusterError({ reason: 'refused', message: plan.refused });
  const applied = await runPlan(connection, plan, options);
  const followed = applied.filter(({ kind }) => followedKinds.has(kind));
  const deadline = Date.now() + options.timeoutMs;
  const parts = followed.map(async (object) => ({
    object: refOf(object),
    outcome: options.wait
      ? await followPart(connection, object, { ...options, deadline })
      : ({ kind: 'applied' } as const),
  }));
  return { parts: await Promise.all(parts) };
}

const followedKinds: ReadonlySet<string> = new Set([
  kinds.crd.kind,
  kinds.daemonSet.kind,
  kinds.deployment.kind,
]);

function asItIs(object: KubernetesObject) {
  return { kind: 'object', object } as const;
}

function refusalOfImage(image: string): string | undefined {
  const fault = faultOfImage(image);
  return fault === undefined
    ? undefined
    : `"${image}" is no reference of an image. ${fault} Name the agent's image in a registry that the nodes can pull from.`;
}

async function refusalOfCluster(
  connection: Connection,
  namespace: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if ((await reconcilerOf(connection, signal)) === 'cno') {
    return 'The Cluster Network Operator acts on EgressRouters here and brings its own plugin (there is a ClusterOperator "network"). A second operator would claim each address twice, so nothing is installed.';
  }
  if (await isOfSandbox(connection, signal)) {
    return 'This is a sandbox, which brings operator and plugin, and pulls no images. Deploy a router right away, or switch to the cluster that lacks the agent.';
  }
  const home = await agentNamespace(connection, signal);
  if (home === undefined || home === namespace) return undefined;
  const at = { namespace: home, name: toAgentObjects('', '').operator.metadata.name };
  const other = await findObject(connection, kinds.deployment, at, signal);
  if (other === undefined) return undefined;
  return `The operator is installed in namespace ${home} already, and there must not be two. Install there, or remove that one first.`;
}

/** The DaemonSet writes into a folder of the node, which Pod Security allows at the level `privileged` only. */
async function refusalOfNamespace(
  connection: Connection,
  { metadata: { name, labels } }: KubernetesObject,
  daemonSet: KubernetesObject,
  signal: AbortSignal,
): Promise<string | undefined> {
  const level = labels?.[podSecurityLabel];
  const needs =
    'The plugin is put on the nodes by pods with a hostPath volume, which need the level "privileged". Use another namespace, or have an administrator allow it in this one: it is not relabeled here.';
  if (level !== undefined && level !== 'privileged') {
    return `Namespace ${name} has the Pod Security level "${level}". ${needs}`;
  }
  const said = await refusalOfPod(connection, name, daemonSet, signal);
  return said === undefined ? undefined : `Namespace ${name} would not admit the pods: ${said}. ${needs}`;
}

/** A level may also come from the API server's own configuration: only a pod, tried, tells. */
async function refusalOfPod(
  connection: Connection,
  namespace: string,
  daemonSet: KubernetesObject,
  signal: AbortSignal,
): Promise<string | undefined> {
  const spec = at(daemonSet, 'spec', 'template', 'spec');
  const metadata = { generateName: 'egress-router-tools-dry-run-' };
  const body = { apiVersion: 'v1', kind: 'Pod', metadata, spec };
  try {
    const query = { dryRun: 'All' };
    await connection.json({ verb: 'create', kind: kinds.pod, namespace, query, body, signal });
    return undefined;
  } catch (error) {
    if (!ClusterError.is(error, 'forbidden', 'invalid')) throw error;
    // What else stands in the way of a pod, such as a quota, the DaemonSet's Events tell.
    return /violates PodSecurity.*/.exec(error.message)?.[0].replace(/\.$/, '');
  }
}

async function warningsOf(
  connection: Connection,
  namespace: string,
  hasAdmission: boolean,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const multus = await checkMultus(connection, namespace, signal);
  return [
    ...(multus.verdict === 'ok' ? [] : [multus.message]),
    ...(await warningsOfRouters(connection, signal)),
    ...(hasAdmission
      ? []
      : [
          'This API server has no ValidatingAdmissionPolicies (Kubernetes 1.30 brings them), so kubectl apply will take routers with errors. The operator says so in their conditions.',
        ]),
  ];
}

/** Of the routers that wait for an operator: whether their namespaces would admit its pods. */
async function warningsOfRouters(connection: Connection, signal: AbortSignal): Promise<readonly string[]> {
  const routers = await listObjects(connection, kinds.egressRouter, { signal }).catch((error: unknown) => {
    if (ClusterError.is(error, 'crd-missing')) return undefined;
    throw error;
  });
  const names = new Set(routers?.objects.flatMap(({ metadata }) => metadata.namespace ?? []));
  const findings = await Promise.all(
    [...names].slice(0, mostNamespaces).map(async (name) => {
      const namespace = await findObject(connection, kinds.namespace, { name }, signal);
      return checkPodSecurity(name, namespace?.metadata.labels ?? {}, 'agent');
    }),
  );
  return findings.flatMap(({ verdict, message }) => (verdict === 'error' ? [message] : []));
}

/** More are not asked about one by one: what is found in them, the routers say. */
const mostNamespaces = 50;

async function isServed(connection: Connection, kind: ResourceKind, signal: AbortSignal): Promise<boolean> {
  try {
    await connection.json({ verb: 'list', kind, query: { limit: '1' }, signal });
    return true;
  } catch (error) {
    if (ClusterError.is(error, 'crd-missing')) return false;
    throw error;
  }
}
