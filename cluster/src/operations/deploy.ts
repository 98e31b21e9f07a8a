import { planApply } from '#core/egress-router/apply-plan.ts';
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
import { refOf } from '../object-ref.ts';
import type { PreflightReport } from '../preflight-report.ts';
import { readDocuments } from './documents.ts';
import { followRouter } from './follow.ts';
import { gather } from './gather.ts';
import { readMark } from './mark.ts';
import { objectsToCome } from './objects-to-come.ts';
import { preflightOfPlan } from './preflight.ts';
import { runPlan } from './run-plan.ts';
import { SharedWatches } from './shared-watches.ts';

/** Reads, checks and dry-runs. Nothing is asked of the cluster while a document has errors. */
export async function planDeploy(
  connection: Connection,
  documents: readonly SourceDocument[],
  { namespace = connection.namespace, routersPerNic, signal }: PlanOptions,
): Promise<DeployPlan> {
  const reading = readDocuments(documents, namespace);
  const { refused, skipped, warnings } = reading;
  const nothing: PreflightReport = { findings: [], routers: [] };
  if (refused.length > 0) return { items: [], refused, skipped, warnings, preflight: nothing, toCome: [] };
  const { wanted } = reading;
  const { items } = planApply(await gather(connection, wanted, signal));
  const preflight =
    wanted.length === 0
      ? nothing
      : await preflightOfPlan(connection, wanted, {
          signal,
          ...(routersPerNic === undefined ? {} : { routersPerNic }),
        });
  const toCome = await objectsToCome(connection, items, preflight.reconciler, signal);
  return { items, refused, skipped, warnings, preflight, toCome };
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
  const watches = new SharedWatches(connection);
  return {
    routers: await Promise.all(
      routers.map(async (router, index) => ({
        object: refOf(router),
        outcome: options.wait
          ? await followRouter(connection, router, { ...options, watches, mark: marks[index] })
          : ({ kind: 'applied' } as const),
      })),
    ),
  };
}
