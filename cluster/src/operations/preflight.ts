import { parseRouter } from '#core/egress-router/parse.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { ipOf, parseCidr } from '#core/net/cidr.ts';
import { parseIp } from '#core/net/ip.ts';
import { checkAddresses } from '#core/platform/check-addresses.ts';
import { checkPodSecurity } from '#core/platform/check-pod-security.ts';
import { checkSecondRouter } from '#core/platform/check-second-router.ts';
import type { Finding } from '#core/platform/finding.ts';
import type { PreflightOptions, PreflightReport, PreflightSubject, Surroundings } from '../api.ts';
import type { Connection } from '../connect.ts';
import { kinds } from '../kinds.ts';
import type { ObjectName } from '../object-ref.ts';
import { getObject } from '../objects.ts';
import { readDocuments } from './documents.ts';
import { checkPermissions } from './permissions.ts';
import { ownPods, type PreflightFacts, readNamespaceLabels, readPreflightFacts } from './preflight-facts.ts';
import { checkCrd, checkMultus } from './presence.ts';
import { checkReconciler, reconcilerOf } from './reconciler.ts';
import { readSurroundings } from './surroundings.ts';

/** Whether routers could come up here, or these routers; what cannot be found out is told as such. */
export async function preflight(
  connection: Connection,
  subject: PreflightSubject,
  options: PreflightOptions,
): Promise<PreflightReport> {
  const { signal } = options;
  switch (subject.kind) {
    case 'namespace': {
      const { namespace = connection.namespace } = subject;
      const [cluster, own] = await Promise.all([
        checkCluster(connection, namespace, signal),
        checkNamespace(connection, namespace, signal),
      ]);
      return { findings: [...cluster, ...own], routers: [] };
    }
    case 'router': {
      const live = await getObject(connection, kinds.egressRouter, subject.router, signal);
      return checkAll(connection, [live], [], options);
    }
    case 'documents': {
      const { wanted, refused } = readDocuments(subject.documents, options.namespace ?? connection.namespace);
      const faults = refused.flatMap(({ source, problems }) =>
        problems.map(
          ({ message }): Finding => ({
            code: 'document',
            verdict: 'error',
            message: `${source}: ${message}`,
          }),
        ),
      );
      return checkAll(connection, wanted, faults, options);
    }
  }
}

/** Without what the dry run of a plan has shown: that the cluster knows the kind, and that this person may apply it. */
export async function preflightOfPlan(
  connection: Connection,
  wanted: readonly KubernetesObject[],
  options: PreflightOptions,
): Promise<PreflightReport> {
  const { signal } = options;
  const namespace = wanted[0]?.metadata.namespace ?? connection.namespace;
  const [routers, ...findings] = await Promise.all([
    checkRouters(connection, wanted, options),
    checkMultus(connection, namespace, signal),
    checkReconciler(connection, signal),
  ]);
  return { findings, routers };
}

/** Of routers as they would be stored, each with its namespace; they count as there already. */
async function checkRouters(
  connection: Connection,
  wanted: readonly KubernetesObject[],
  { signal }: PreflightOptions,
): Promise<PreflightReport['routers']> {
  const namespaces = [...new Set(wanted.map(({ metadata }) => metadata.namespace ?? connection.namespace))];
  const [facts, surroundings, ...labels] = await Promise.all([
    readPreflightFacts(connection, namespaces, signal),
    readSurroundings(connection, signal),
    ...namespaces.map((namespace) => readNamespaceLabels(connection, namespace, signal)),
  ]);
  const reconciler = surroundings.reconciler ?? 'unknown';
  return wanted.map((object) => {
    const { name, namespace = connection.namespace } = object.metadata;
    const router = { namespace, name };
    const others = othersOf(router, [...wanted, ...facts.routers]);
    const parsed = parseRouter(object);
    const errors = parsed.problems.map(
      ({ message }): Finding => ({ code: 'document', verdict: 'error', message }),
    );
    const own: readonly Finding[] =
      parsed.router === undefined
        ? errors
        : checkAddresses(parsed.router, addressFacts(router, { others, facts, surroundings }));
    const siblings = others.flatMap(({ metadata }) =>
      metadata.namespace === namespace ? metadata.name : [],
    );
    return {
      router,
      findings: [
        ...own,
        checkPodSecurity(namespace, labels[namespaces.indexOf(namespace)], reconciler),
        checkSecondRouter(router, siblings, reconciler),
      ],
    };
  });
}

async function checkAll(
  connection: Connection,
  wanted: readonly KubernetesObject[],
  faults: readonly Finding[],
  options: PreflightOptions,
): Promise<PreflightReport> {
  const { signal } = options;
  const namespaces = [...new Set(wanted.map(({ metadata }) => metadata.namespace ?? connection.namespace))];
  const [cluster, routers, ...permissions] = await Promise.all([
    checkCluster(connection, namespaces[0] ?? connection.namespace, signal),
    checkRouters(connection, wanted, options),
    ...namespaces.map((namespace) => checkPermissions(connection, namespace, signal)),
  ]);
  return { findings: [...faults, ...cluster, ...permissions], routers };
}

function checkCluster(
  connection: Connection,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  return Promise.all([
    checkCrd(connection, namespace, signal),
    checkMultus(connection, namespace, signal),
    checkReconciler(connection, signal),
  ]);
}

async function checkNamespace(
  connection: Connection,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const [permissions, labels, reconciler] = await Promise.all([
    checkPermissions(connection, namespace, signal),
    readNamespaceLabels(connection, namespace, signal),
    reconcilerOf(connection, signal),
  ]);
  return [permissions, checkPodSecurity(namespace, labels, reconciler ?? 'unknown')];
}

/** Those that stay, each once. */
function othersOf(router: ObjectName, all: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const others = all.filter(
    ({ metadata }) =>
      metadata.deletionTimestamp === undefined &&
      (metadata.namespace !== router.namespace || metadata.name !== router.name),
  );
  return [...new Map(others.toReversed().map((other) => [keyOf(other.metadata), other])).values()];
}

function addressFacts(
  router: ObjectName,
  {
    others,
    facts,
    surroundings,
  }: {
    readonly others: readonly KubernetesObject[];
    readonly facts: PreflightFacts;
    readonly surroundings: Surroundings;
  },
) {
  const ofRouters = others.flatMap((other) =>
    parseRouter(other).reading.addresses.flatMap((entry) =>
      entry === undefined ? [] : { ip: ipOf(entry.address), by: `EgressRouter ${keyOf(other.metadata)}` },
    ),
  );
  const own = ownPods(router, facts.pods);
  const elsewhere = facts.pods.filter((pod) => !own.includes(pod));
  // A router of another pod is named already.
  const ofPods = elsewhere.flatMap((pod) =>
    pod.ips.map((ip) => ({ ip, by: `Pod ${pod.namespace}/${pod.name}` })),
  );
  const ofNics = surroundings.nics.flatMap(({ node, name, addresses }) =>
    addresses.map((cidr) => ({ ip: cidr.replace(/\/.*/, ''), by: `${name} of node ${node}` })),
  );
  return {
    networks: surroundings.networks.flatMap(({ name, cidr: text }) => {
      const cidr = parseCidr(text);
      return cidr === undefined ? [] : [{ name, cidr }];
    }),
    taken: [
      ...ofRouters,
      ...[...ofPods, ...surroundings.usedAddresses, ...ofNics].flatMap(({ ip: text, by }) => {
        const ip = parseIp(text);
        return ip === undefined ? [] : [{ ip, by }];
      }),
    ],
    unseen: facts.unseen,
  };
}

function keyOf({ namespace, name }: { readonly namespace?: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}
