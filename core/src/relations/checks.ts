import type { Reconciler } from '#core/egress-router/reconciler.ts';
import type { LegacyProblemCode } from '#core/legacy/problems.ts';
import type { Problem } from '#core/problem.ts';
import { checkAddresses, checkDestinations } from './check-addresses.ts';
import { checkIdentity, checkLiveRules } from './check-identity.ts';
import { checkConfigMap, checkLegacy, checkLegacySelector } from './check-legacy.ts';
import { checkNad } from './check-nad.ts';
import { checkReachedRules, checkService, checkServiceFaults } from './check-service.ts';
import type { ClusterFacts } from './cluster-facts.ts';
import type { Known, RouterFacts, ServiceFaultCode } from './facts.ts';
import type { RelationProblemCode } from './problem-codes.ts';
import type { RelationIndex } from './relation-index.ts';
import { isConfigMap, isLegacy, isNad, isRouter, isService } from './scopes.ts';

export interface RelationContext {
  readonly reconciler: Reconciler;
  /** Absent where no cluster is connected. */
  readonly cluster?: ClusterFacts;
}

/**
 * Faults that lie between objects. Paths count from the root of the object, as those of its own problems do;
 * related places name their document always, and their paths count from its root.
 */
export function checkRelations(
  self: Known,
  index: RelationIndex,
  context: RelationContext,
): Problem<RelationProblemCode | LegacyProblemCode | ServiceFaultCode>[] {
  const { cluster } = context;
  const reconciler =
    context.reconciler === 'unknown' ? (cluster?.reconciler ?? 'unknown') : context.reconciler;
  if (isRouter(self)) return checkRouterRelations(self, index, reconciler, cluster);
  if (isService(self)) {
    const faults = checkServiceFaults(self, index, reconciler);
    const problems = checkService(self, index, reconciler, cluster);
    // Of one selector one thing is said.
    return [...faults, ...(problems.length > 0 ? problems : checkLegacySelector(self, index))];
  }
  if (isNad(self)) return checkNad(self, index);
  if (isConfigMap(self)) return checkConfigMap(self, index);
  return isLegacy(self) ? checkLegacy(self, index) : [];
}

function checkRouterRelations(
  self: Known<RouterFacts>,
  index: RelationIndex,
  reconciler: Reconciler,
  cluster: ClusterFacts | undefined,
): Problem<RelationProblemCode>[] {
  if (self.facts.isPatch === true) return checkAddresses(self, index, cluster);
  return checkIdentity(self, index, reconciler).concat(
    checkAddresses(self, index, cluster),
    checkDestinations(self, cluster),
    checkLiveRules(self, cluster, reconciler),
    checkReachedRules(self, index, reconciler),
  );
}
