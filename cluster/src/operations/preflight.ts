import { parseRouter } from '#core/egress-router/parse.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { defaultRoutersPerNic } from '#core/platform/check-capacity.ts';
import { checkPlatform } from '#core/platform/check-platform.ts';
import { checkPodSecurity } from '#core/platform/check-pod-security.ts';
import { checkScc } from '#core/platform/check-scc.ts';
import type { Finding } from '#core/platform/finding.ts';
import type { PreflightOptions, PreflightSubject } from '../api.ts';
import type { Connection } from '../connect.ts';
import { kinds } from '../kinds.ts';
import { getObject } from '../objects.ts';
import type { PreflightReport } from '../preflight-report.ts';
import type { RouterView } from '../view.ts';
import { readDocuments } from './documents.ts';
import { checkPermissions } from './permissions.ts';
import { readPlatform, readSctpLoads, reviewScc } from './platform-facts.ts';
import { readNamespaceLabels, readNodes, readPreflightFacts } from './preflight-facts.ts';
import { checkCrd, checkMultus } from './presence.ts';
import { checkReconciler, reconcilerOf } from './reconciler.ts';
import { routerFindings, stateFindings, toKnown } from './router-findings.ts';
import { readView } from './status.ts';
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
      return { ...own, findings: [...cluster, ...own.findings] };
    }
    case 'router': {
      const live = await getObject(connection, kinds.egressRouter, subject.router, signal);
      const [report, view] = await Promise.all([
        checkAll(connection, [live], [], options),
        readView(connection, subject.router, signal),
      ]);
      return { ...report, routers: report.routers.map((one) => withState(one, view)) };
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

/** What is wrong with its spec is told already. */
function withState(
  report: PreflightReport['routers'][number],
  view: RouterView | undefined,
): PreflightReport['routers'][number] {
  if (view === undefined || report.findings.some(({ code }) => code === 'document')) return report;
  return { ...report, findings: [...stateFindings(view.state), ...report.findings] };
}

/** Without what the dry run of a plan has shown: that the cluster knows the kind, and that this person may apply it. */
export async function preflightOfPlan(
  connection: Connection,
  wanted: readonly KubernetesObject[],
  options: PreflightOptions,
): Promise<PreflightReport> {
  const { signal } = options;
  const namespace = wanted[0]?.metadata.namespace ?? connection.namespace;
  const [checked, ...findings] = await Promise.all([
    checkRouters(connection, wanted, options),
    checkMultus(connection, namespace, signal),
    checkReconciler(connection, signal),
  ]);
  return { ...checked, findings };
}

/** Of routers as they would be stored, each with its namespace; they count as there already. */
async function checkRouters(
  connection: Connection,
  wanted: readonly KubernetesObject[],
  { signal, routersPerNic = defaultRoutersPerNic }: PreflightOptions,
): Promise<Omit<PreflightReport, 'findings'>> {
  if (wanted.length === 0) return { routers: [] };
  const namespaces = namespacesOf(connection, wanted);
  const [facts, surroundings, ...labels] = await Promise.all([
    readPreflightFacts(connection, namespaces, signal),
    readSurroundings(connection, signal),
    ...namespaces.map((namespace) => readNamespaceLabels(connection, namespace, signal)),
  ]);
  const [platform, sctpLoads] = await Promise.all([
    readPlatform(connection, facts.nodes, signal),
    wanted.some(hasSctp) ? readSctpLoads(connection, signal) : undefined,
  ]);
  const known = toKnown(wanted, facts, surroundings);
  const around = { facts, surroundings, platform, sctpLoads, routersPerNic, known };
  const routers = await Promise.all(
    wanted.map(async (object) => {
      const { name, namespace = connection.namespace } = object.metadata;
      const findings = routerFindings({ namespace, name }, object, around);
      const reconciler = surroundings.reconciler ?? 'unknown';
      const security = checkPodSecurity(namespace, labels[namespaces.indexOf(namespace)], reconciler);
      const review = reconciler === 'cno' ? undefined : await reviewScc(connection, object, signal);
      const scc = review === undefined ? [] : [checkScc(namespace, review)];
      return { router: { namespace, name }, findings: [...findings, security, ...scc] };
    }),
  );
  return { ...actedOnBy(surroundings.reconciler), routers };
}

function actedOnBy(reconciler: PreflightReport['reconciler']): Pick<PreflightReport, 'reconciler'> {
  return reconciler === undefined ? {} : { reconciler };
}

function namespacesOf(connection: Connection, wanted: readonly KubernetesObject[]): readonly string[] {
  return [...new Set(wanted.map(({ metadata }) => metadata.namespace ?? connection.namespace))];
}

function hasSctp(router: KubernetesObject): boolean {
  return parseRouter(router).reading.rules.some((rule) => rule?.protocol === 'SCTP');
}

async function checkAll(
  connection: Connection,
  wanted: readonly KubernetesObject[],
  faults: readonly Finding[],
  options: PreflightOptions,
): Promise<PreflightReport> {
  const { signal } = options;
  const namespaces = namespacesOf(connection, wanted);
  const [cluster, checked, ...permissions] = await Promise.all([
    checkCluster(connection, namespaces[0] ?? connection.namespace, signal),
    checkRouters(connection, wanted, options),
    ...namespaces.map((namespace) => checkPermissions(connection, namespace, signal)),
  ]);
  return { ...checked, findings: [...faults, ...cluster, ...permissions] };
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
): Promise<PreflightReport> {
  const [permissions, labels, reconciler, platform] = await Promise.all([
    checkPermissions(connection, namespace, signal),
    readNamespaceLabels(connection, namespace, signal),
    reconcilerOf(connection, signal),
    readNodes(connection, signal).then((nodes) => readPlatform(connection, nodes, signal)),
  ]);
  const findings = [
    permissions,
    checkPodSecurity(namespace, labels, reconciler ?? 'unknown'),
    checkPlatform(platform, undefined),
  ];
  return { ...actedOnBy(reconciler), findings, routers: [] };
}
