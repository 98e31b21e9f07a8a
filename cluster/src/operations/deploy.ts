import { planApply } from '#core/egress-router/apply-plan.ts';
import { checkRouter } from '#core/egress-router/checks/checks.ts';
import { isEgressRouter, parseRouter } from '#core/egress-router/parse.ts';
import { egressRouterApiVersion, egressRouterKind } from '#core/egress-router/wire.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Problem } from '#core/problem.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import type {
  DeployPlan,
  DeployResult,
  PlanOptions,
  RunPlanOptions,
  SourceDocument,
  WaitOptions,
} from '../api.ts';
import type { Connection } from '../connect.ts';
import { ClusterError } from '../errors.ts';
import { at, textAt } from '../json.ts';
import { refOf } from '../object-ref.ts';
import { followRouter, readMark } from './follow.ts';
import { gather } from './gather.ts';
import { listNeighbors, neighborProblems } from './neighbors.ts';
import { reconcilerOf } from './preflight.ts';
import { runPlan } from './run-plan.ts';

/** Reads, checks and dry-runs. Nothing is asked of the cluster while a document has errors. */
export async function planDeploy(
  connection: Connection,
  documents: readonly SourceDocument[],
  { namespace = connection.namespace, signal }: PlanOptions,
): Promise<DeployPlan> {
  const reading = readDocuments(documents, namespace);
  const { refused, skipped, warnings } = reading;
  if (refused.length > 0) return { items: [], refused, skipped, warnings };
  const { wanted, sources } = reading;
  const { items } = planApply(await gather(connection, wanted, signal));
  const others = [...wanted, ...(await listNeighbors(connection, wanted, signal))];
  const found = wanted.map((router, index) => ({
    source: sources[index] ?? '',
    problems: neighborProblems(router, others),
  }));
  const hasSecond = found.some(({ problems }) => problems.some(isSecondRouter));
  const canBeMany = hasSecond && (await reconcilerOf(connection, signal)) === 'agent';
  const kept = canBeMany
    ? found.map(({ source, problems }) => ({
        source,
        problems: problems.filter((one) => !isSecondRouter(one)),
      }))
    : found;
  const told = [...warnings, ...kept.filter(({ problems }) => problems.length > 0)];
  return { items, refused, skipped, warnings: told };
}

/** Under our own operator each router of a namespace has objects of its own. */
function isSecondRouter({ code }: Problem): boolean {
  return code === 'second-router';
}

/**
 * Applies a plan and, where wanted, waits for every router to be up. A router that fails is a result, not an error:
 * the others go on.
 */
export async function deploy(
  connection: Connection,
  plan: DeployPlan,
  options: RunPlanOptions & WaitOptions,
): Promise<DeployResult> {
  const first = plan.refused[0];
  if (first !== undefined) {
    const message = `Cannot deploy ${first.source}: ${first.problems[0]?.message ?? 'it has errors.'}`;
    throw new ClusterError({ reason: 'refused', message });
  }
  const marks = await Promise.all(
    plan.items.map(({ wanted }) => readMark(connection, wanted, options.signal)),
  );
  const routers = await runPlan(connection, plan, options);
  return {
    routers: await Promise.all(
      routers.map(async (router, index) => ({
        object: refOf(router),
        outcome: options.wait
          ? await followRouter(connection, router, { ...options, mark: marks[index] })
          : ({ kind: 'applied' } as const),
      })),
    ),
  };
}

export interface DocumentReading {
  readonly wanted: readonly KubernetesObject[];
  /** Of each of `wanted`. */
  readonly sources: readonly string[];
  readonly refused: DeployPlan['refused'];
  readonly skipped: DeployPlan['skipped'];
  readonly warnings: DeployPlan['warnings'];
}

/** Sorts documents into what can be applied and what cannot; `namespace` is for those that name none. */
export function readDocuments(documents: readonly SourceDocument[], namespace: string): DocumentReading {
  const wanted = new Map<string, { object: KubernetesObject; source: string }>();
  const refused: { source: string; problems: readonly Problem[] }[] = [];
  const skipped: { source: string; kind: string }[] = [];
  const warnings: { source: string; problems: readonly Problem[] }[] = [];
  for (const { value, source } of documents.flatMap(expandList)) {
    if (value === null || value === undefined) continue;
    if (!isEgressRouter(value)) {
      skipped.push({ source, kind: textAt(value, 'kind') ?? 'unknown kind' });
      continue;
    }
    const { router, reading, problems } = parseRouter(value);
    const all: readonly Problem[] = [...problems, ...checkRouter(reading)];
    const isError = (problem: Problem): boolean => problem.severity === 'error';
    if (router === undefined || all.some(isError)) {
      refused.push({ source, problems: all.filter(isError) });
      continue;
    }
    const told = all.filter(({ severity }) => severity === 'warning');
    if (told.length > 0) warnings.push({ source, problems: told });
    const object = toApplied(value, router.name, router.namespace ?? namespace);
    const key = `${object.metadata.namespace}/${object.metadata.name}`;
    if (wanted.has(key)) refused.push({ source, problems: [duplicate(key)] });
    else wanted.set(key, { object, source });
  }
  return {
    wanted: Array.from(wanted.values(), ({ object }) => object),
    sources: Array.from(wanted.values(), ({ source }) => source),
    refused,
    skipped,
    warnings,
  };
}

/** A List, as `oc get -o yaml` prints it, is its items. */
function expandList(document: SourceDocument): readonly SourceDocument[] {
  const items = at(document.value, 'items');
  if (textAt(document.value, 'kind') !== 'List' || !Array.isArray(items)) return [document];
  return items.map((value, index) => ({ value, source: `${document.source}, item ${index + 1}` }));
}

/** Only what a person decides: a manifest saved from a cluster also holds what the API server wrote. */
function toApplied(value: JsonObject, name: string, namespace: string): KubernetesObject {
  const annotations = without(at(value, 'metadata', 'annotations'), lastAppliedAnnotation);
  const labels = at(value, 'metadata', 'labels');
  return {
    apiVersion: egressRouterApiVersion,
    kind: egressRouterKind,
    metadata: {
      name,
      namespace,
      ...(isTextMap(labels) ? { labels } : {}),
      ...(isTextMap(annotations) ? { annotations } : {}),
    },
    spec: value['spec'],
  };
}

const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

function without(value: unknown, key: string): unknown {
  if (!isJsonObject(value)) return undefined;
  const { [key]: _, ...rest } = value;
  return Object.keys(rest).length === 0 ? undefined : rest;
}

function isTextMap(value: unknown): value is Readonly<Record<string, string>> {
  return isJsonObject(value) && Object.values(value).every((entry) => typeof entry === 'string');
}

function duplicate(key: string): Problem<'duplicate-router'> {
  return {
    code: 'duplicate-router',
    severity: 'error',
    path: ['metadata', 'name'],
    message: `Another document describes EgressRouter ${key} as well. Keep one of them.`,
  };
}
