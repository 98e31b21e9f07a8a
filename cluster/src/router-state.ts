import { type Account, accountOf, withoutAccount } from '#core/egress-router/account.ts';
import type { ParsedRouter } from '#core/egress-router/parse.ts';
import { egressRouterKind } from '#core/egress-router/wire.ts';
import { at, listAt, numberAt, parseJson, textAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { toRouterConfig } from '#core/manifest/router-config.ts';
import { formatDestination } from '#core/netconf/format.ts';
import type { Rival } from './address-rivals.ts';
import { type Condition, conditionOf } from './condition.ts';
import { finalizerTexts } from './finalizers.ts';
import { isRefusalTold } from './in-force.ts';
import { attachedAt, configHashOf } from './pod-view.ts';
import { findAddressHolders } from './sandbox-error.ts';
import type { PodView, RouterState } from './view.ts';

export interface StateFacts {
  readonly router: KubernetesObject;
  readonly nad: KubernetesObject | undefined;
  readonly deployment: KubernetesObject | undefined;
  /** Those of the present template, as objects and as they are shown. */
  readonly current: readonly { readonly pod: KubernetesObject; readonly view: PodView }[];
  readonly rival: Rival | undefined;
  /** Why the objects do not carry the router's present spec. */
  readonly pending: string | undefined;
  /** The kinds of its objects that this user may not see: that they are not here tells nothing. */
  readonly unseen: readonly string[];
}

/** Events and pods are newer than conditions, hence asked first. */
export function toRouterState(facts: StateFacts): RouterState {
  const { router, nad, deployment, current, rival, pending, unseen } = facts;
  const pods = current.map(({ view }) => view);
  if (router.metadata.deletionTimestamp !== undefined) {
    const message = 'The router and all that it owns are being deleted.';
    return { kind: 'deleting', message: [message, ...finalizerTexts(router)].join(' ') };
  }
  const degraded = conditionOf(router, 'Degraded');
  const isBehind = accountFor(router, deployment) === 'behind';
  const rivalry = rival === undefined ? [] : [rivalText(rival)];
  // That what is written is not in force has to be known first: the rival has an address that is.
  const isRefused = isRefusalTold(router) && !isBehind;
  if (rival !== undefined && !isRefused) return { kind: 'address-conflict', message: rivalText(rival) };
  const hasConditions = listAt(router, 'status', 'conditions').length > 0;
  if (!hasConditions && nad === undefined && deployment === undefined && unseen.length === 0) {
    return {
      kind: 'not-reconciled',
      message: `Nothing has acted on this ${egressRouterKind} yet. Preflight tells whether anything here does.`,
    };
  }
  // What conditions say of an earlier spec says nothing of this one, neither good nor bad.
  if (isBehind) {
    return { kind: 'progressing', message: pending ?? notAccounted };
  }
  if (degraded?.status === 'True') {
    const problem = degraded.reason === 'PodSandboxFailed' ? problemOf(pods) : undefined;
    return faulty(problem ?? [degraded.message, ...whatStays(router, deployment), ...rivalry].join(' '));
  }
  if (pending !== undefined) return { kind: 'progressing', message: pending };
  const up = current.find(
    ({ view }) => view.ready && (view.net1 !== undefined || view.simulated !== undefined),
  );
  if (up !== undefined) return stateWhenUp(facts, up);
  const problem = problemOf(pods) ?? refusalOf(deployment);
  if (problem !== undefined) return faulty(problem);
  if (unseen.length > 0) return asConditionsTell(router, unseen);
  return { kind: 'progressing', message: progressOf(facts, pods) };
}

/** Conditions are of this project's operator unless the Deployment is of another one. */
export function accountFor(router: KubernetesObject, deployment: KubernetesObject | undefined): Account {
  const isOfOther = deployment !== undefined && configHashOf(deployment) === undefined;
  return isOfOther ? 'untold' : accountOf(router);
}

const notAccounted = 'The operator has yet to tell what became of the last change.';

/** With its words alone. */
function progressingOf(router: KubernetesObject): Condition | undefined {
  const condition = conditionOf(router, 'Progressing');
  return condition === undefined ? undefined : { ...condition, message: withoutAccount(condition.message) };
}

/** A refused spec tells nothing of what the pod does. */
function whatStays(router: KubernetesObject, deployment: KubernetesObject | undefined): readonly string[] {
  const progressing = progressingOf(router);
  return deployment !== undefined && progressing?.reason === 'InvalidSpec' ? [progressing.message] : [];
}

function asConditionsTell(router: KubernetesObject, unseen: readonly string[]): RouterState {
  const progressing = progressingOf(router);
  if (progressing?.status === 'True') return { kind: 'progressing', message: progressing.message };
  if (conditionOf(router, 'Available')?.status === 'True') return readyState(progressing);
  const message = `You may not see ${unseen.join(', ')} here, and no condition of the router tells that it is up. Ask for a role that may list them.`;
  return { kind: 'progressing', message };
}

function stateWhenUp(
  { router, nad, deployment }: StateFacts,
  { pod, view }: StateFacts['current'][number],
): RouterState {
  const progressing = progressingOf(router);
  if (progressing?.status === 'True' && progressing.reason === 'RulesPending') {
    return { kind: 'progressing', message: progressing.message };
  }
  if (isOlderThanRules(pod, nad, deployment)) {
    return {
      kind: 'stale-rules',
      message: `Pod ${view.name}: older than its rules, which were changed after it got its network. It takes up none of that: restart the router.`,
    };
  }
  if (view.simulated !== undefined) return { kind: 'simulated', message: view.simulated };
  return readyState(progressing);
}

function readyState(progressing: Condition | undefined): RouterState {
  return progressing?.reason === 'RulesUnknown'
    ? { kind: 'ready', message: progressing.message }
    : { kind: 'ready' };
}

/**
 * The Cluster Network Operator writes changed rules to the NAD and leaves the pod as it is, which the plugin has
 * set up from the NAD as it was then. So a NAD that has changed at all (its `generation`) and was last changed (the
 * time of the newest of its `managedFields`) after the pod got its network tells that the pod has other rules. Pods
 * of this project's operator take up changed rules, and say so by a condition.
 */
function isOlderThanRules(
  pod: KubernetesObject,
  nad: KubernetesObject | undefined,
  deployment: KubernetesObject | undefined,
): boolean {
  if (nad === undefined || deployment === undefined || configHashOf(deployment) !== undefined) return false;
  if ((nad.metadata.generation ?? 2) < 2) return false;
  const changedAt = Math.max(...changesOf(nad));
  const attached = Date.parse(attachedAt(pod) ?? '');
  return changedAt > attached;
}

/** When each of those who wrote the specification did so last. */
function changesOf(object: KubernetesObject): readonly number[] {
  return listAt(object, 'metadata', 'managedFields')
    .filter((entry) => at(entry, 'fieldsV1', 'f:spec') !== undefined)
    .map((entry) => Date.parse(textAt(entry, 'time') ?? ''))
    .filter((time) => !Number.isNaN(time));
}

/** Why the objects do not carry the router's present spec. */
export function notTakenUp(
  parse: () => ParsedRouter,
  nad: KubernetesObject | undefined,
  deployment: KubernetesObject | undefined,
): string | undefined {
  if (nad === undefined || deployment === undefined) return undefined;
  const wanted = parse().router;
  if (wanted === undefined) return undefined;
  const config = textAt(nad, 'spec', 'config') ?? '';
  if (configHashOf(deployment) !== undefined) {
    return config === toRouterConfig(wanted, nad.metadata.name)
      ? undefined
      : 'The operator has not taken up the last change yet.';
  }
  // Of what somebody else writes only what is known to be the router's: addresses that count, and rules.
  const conf = parseJson(config);
  const rules = listAt(conf, 'ip', 'destinations');
  const isSame =
    textAt(conf, 'ip', 'addresses', 0) === wanted.addresses[0]?.address &&
    rules.length === wanted.rules.length &&
    wanted.rules.every((rule, index) => {
      const written = rules[index];
      return (
        written === formatDestination(rule) || written === `${formatDestination(rule)} ${rule.targetPort}`
      );
    });
  return isSame ? undefined : 'The Cluster Network Operator has not taken up the last change yet.';
}

/** A fault, or more exactly an address that somebody has. */
function faulty(message: string): RouterState {
  return { kind: findAddressHolders(message).length > 0 ? 'address-conflict' : 'degraded', message };
}

function rivalText({ ip, namespace, name }: Rival): string {
  return `${egressRouterKind} ${namespace}/${name} reserves ${ip} too: two pods with one address take each other's connections. Give one of them another address, or tear it down.`;
}

function problemOf(pods: readonly PodView[]): string | undefined {
  const pod = pods.find(({ problem }) => problem !== undefined);
  return pod === undefined ? undefined : `Pod ${pod.name}: ${pod.problem}`;
}

/** A quota or a policy may forbid the pod itself; then only the Deployment can tell. */
function refusalOf(deployment: KubernetesObject | undefined): string | undefined {
  const failure = conditionOf(deployment, 'ReplicaFailure');
  return failure?.status === 'True' ? `The cluster refuses the pod: ${failure.message}` : undefined;
}

function progressOf({ router, nad, deployment }: StateFacts, pods: readonly PodView[]): string {
  if (nad === undefined) return 'Waiting for the NetworkAttachmentDefinition.';
  if (deployment === undefined) return 'Waiting for the Deployment.';
  if (numberAt(deployment, 'spec', 'replicas') === 0) {
    return `The Deployment is scaled to 0: scale ${deployment.metadata.name} to 1.`;
  }
  const pod = pods[0];
  if (pod === undefined) {
    return progressingOf(router)?.message || 'Waiting for the pod to be created.';
  }
  if (pod.net1 === undefined) return `Pod ${pod.name}: waiting for its interface on the outside network.`;
  return `Pod ${pod.name}: has its interface, waiting for it to be ready.`;
}
