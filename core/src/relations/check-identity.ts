import type { RedirectRule } from '#core/egress-router/model.ts';
import type { Reconciler } from '#core/egress-router/reconciler.ts';
import type { Problem } from '#core/problem.ts';
import type { ClusterFacts } from './cluster-facts.ts';
import type { Known, RouterFacts } from './facts.ts';
import { fullName, placeIn } from './places.ts';
import type { RelationProblemCode } from './problem-codes.ts';
import type { RelationIndex } from './relation-index.ts';

/** Routers that get in each other's way by their names, or by those of the objects that are made of them. */
export function checkIdentity(
  self: Known<RouterFacts>,
  index: RelationIndex,
  reconciler: Reconciler,
): Problem<RelationProblemCode>[] {
  const problems: Problem<RelationProblemCode>[] = [];
  const namesake = index.namesakeBefore(self);
  if (namesake !== undefined) {
    problems.push({
      code: 'same-name',
      severity: 'warning',
      path: ['metadata', 'name'],
      message: `There is a router ${fullName(self.facts)} in this file already: applied after it, this one replaces it. Give it another name or namespace.`,
      related: [placeIn(namesake, ['metadata', 'name'], 'The first one.')],
    });
  }
  const first = reconciler === 'agent' ? undefined : index.firstBeside(self);
  if (first !== undefined) {
    const place =
      self.facts.namespace === undefined ? 'this namespace' : `the namespace ${self.facts.namespace}`;
    problems.push({
      code: 'second-router',
      severity: reconciler === 'cno' ? 'warning' : 'information',
      path: ['metadata', 'name'],
      message: `The router ${first.facts.name ?? ''} is in ${place} too: the Cluster Network Operator gives the objects of both the same names, so one overwrites the other. Put each router into a namespace of its own.`,
      related: [placeIn(first, ['metadata', 'name'], 'The first router of the namespace.')],
    });
  }
  return problems;
}

/** Rules that differ from those that the router in the cluster was made with. */
export function checkLiveRules(
  { facts }: Known<RouterFacts>,
  cluster: ClusterFacts | undefined,
  reconciler: Reconciler,
): Problem<RelationProblemCode>[] {
  if (cluster === undefined || reconciler === 'agent' || !facts.isWhole) return [];
  const [live, ...others] = cluster.routers.filter(
    ({ name, namespace }) =>
      name === facts.name && (facts.namespace === undefined || namespace === facts.namespace),
  );
  // Without a namespace, one of several may be meant.
  if (live === undefined || others.length > 0 || areSameRules(live.rules, facts.rules)) return [];
  const message = `The router ${fullName(live)} runs with other rules. The Cluster Network Operator gives new rules to new pods only: delete the router's pod after applying this.`;
  return [
    {
      code: 'rule-edit-needs-new-pod',
      severity: reconciler === 'cno' ? 'warning' : 'information',
      path: facts.rules.length === 0 ? ['spec', 'redirect'] : ['spec', 'redirect', 'redirectRules'],
      at: 'key',
      message,
    },
  ];
}

function areSameRules(some: readonly RedirectRule[], others: readonly RedirectRule[]): boolean {
  const text = (rules: readonly RedirectRule[]): string =>
    rules
      .map((rule) => `${rule.port} ${rule.protocol} ${rule.destination} ${rule.targetPort}`)
      .toSorted()
      .join('\n');
  return text(some) === text(others);
}
