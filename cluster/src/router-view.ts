import { parseRouter } from '#core/egress-router/parse.ts';
import { egressRouterKind } from '#core/egress-router/wire.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { toRouterConfig } from '#core/manifest/router-config.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { conditionOf } from './condition.ts';
import { at, listAt, numberAt, textAt } from './json.ts';
import { refOf } from './object-ref.ts';
import { configHashOf, isCurrent, toPodView } from './pod-view.ts';
import { objectsIn, type Store } from './store.ts';
import type { PodView, RouterState, RouterView, RuleView, ServiceView } from './view.ts';

/** Every router of the store, by namespace, then name. */
export function toRouterViews(store: Store): readonly RouterView[] {
  return [...store.egressRouter.values()]
    .map((router) => toRouterView(router, store))
    .toSorted((a, b) => (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1));
}

function toRouterView(router: KubernetesObject, store: Store): RouterView {
  const { name, namespace = '', uid } = router.metadata;
  const parts = partsOf(router, store);
  const events = objectsIn(store, 'event', namespace);
  const pods = parts.pods.map((pod) => toPodView(pod, events));
  const fallbackIP = textAt(router, 'spec', 'redirect', 'fallbackIP');
  const current = parts.pods.filter(
    (pod) => parts.deployment === undefined || isCurrent(pod, parts.deployment),
  );
  return {
    namespace,
    name,
    ...(uid === undefined ? {} : { uid }),
    state: stateOf(
      router,
      parts,
      pods.filter((pod) => current.some(({ metadata }) => metadata.name === pod.name)),
    ),
    addresses: listAt(router, 'spec', 'addresses').map((entry) => {
      const gateway = textAt(entry, 'gateway');
      const ip = textAt(entry, 'ip') ?? '';
      return gateway === undefined ? { ip } : { ip, gateway };
    }),
    rules: listAt(router, 'spec', 'redirect', 'redirectRules').map(toRuleView),
    ...(fallbackIP === undefined ? {} : { fallbackIP }),
    pods,
    services: parts.services.map(toServiceView),
    warnings: [],
    objects: [parts.nad, parts.deployment].flatMap((object) => (object === undefined ? [] : [refOf(object)])),
  };
}

interface Parts {
  readonly nad: KubernetesObject | undefined;
  readonly deployment: KubernetesObject | undefined;
  readonly pods: readonly KubernetesObject[];
  readonly services: readonly KubernetesObject[];
}

function partsOf(router: KubernetesObject, store: Store): Parts {
  const namespace = router.metadata.namespace ?? '';
  const nad = objectsIn(store, 'nad', namespace).find((object) => isOwnedBy(object, router));
  const deployment = objectsIn(store, 'deployment', namespace).find((object) => isOwnedBy(object, router));
  const pods = deployment === undefined ? [] : podsOf(deployment, objectsIn(store, 'pod', namespace));
  const labels = at(deployment, 'spec', 'template', 'metadata', 'labels');
  const services = objectsIn(store, 'service', namespace).filter(
    (service) => isOwnedBy(service, router) || selects(service, labels),
  );
  return { nad, deployment, pods, services };
}

export function isOwnedBy(object: KubernetesObject, owner: KubernetesObject): boolean {
  const { uid } = owner.metadata;
  return object.metadata.ownerReferences?.some((reference) => reference.uid === uid) ?? false;
}

/** A Deployment's pods belong to its ReplicaSets, whose names are its own and a hash. */
function podsOf(
  deployment: KubernetesObject,
  pods: readonly KubernetesObject[],
): readonly KubernetesObject[] {
  return pods.filter((pod) =>
    pod.metadata.ownerReferences?.some(
      ({ kind, name }) =>
        kind === 'ReplicaSet' && name.slice(0, name.lastIndexOf('-')) === deployment.metadata.name,
    ),
  );
}

export function selects(service: KubernetesObject, labels: unknown): boolean {
  const selector = at(service, 'spec', 'selector');
  if (!isJsonObject(selector)) return false;
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => at(labels, key) === value);
}

/** `pods` are those of the present template. Events and pods are newer than conditions, hence asked first. */
function stateOf(router: KubernetesObject, parts: Parts, pods: readonly PodView[]): RouterState {
  if (router.metadata.deletionTimestamp !== undefined) {
    return { kind: 'deleting', message: 'The router and all that it owns are being deleted.' };
  }
  const degraded = conditionOf(router, 'Degraded');
  const hasConditions = listAt(router, 'status', 'conditions').length > 0;
  if (!hasConditions && parts.nad === undefined && parts.deployment === undefined) {
    return {
      kind: 'not-reconciled',
      message: `Nothing has acted on this ${egressRouterKind} yet. Preflight tells whether anything here does.`,
    };
  }
  if (degraded?.status === 'True') {
    const problem = degraded.reason === 'PodSandboxFailed' ? problemOf(pods) : undefined;
    return { kind: 'degraded', message: problem ?? degraded.message };
  }
  const stale = staleness(router, parts);
  if (stale !== undefined) return { kind: 'progressing', message: stale };
  const up = pods.find((pod) => pod.ready && (pod.net1 !== undefined || pod.simulated !== undefined));
  if (up !== undefined) {
    const progressing = conditionOf(router, 'Progressing');
    if (progressing?.status === 'True' && progressing.reason === 'RulesPending') {
      return { kind: 'progressing', message: progressing.message };
    }
    return up.simulated === undefined ? { kind: 'ready' } : { kind: 'simulated', message: up.simulated };
  }
  const problem = problemOf(pods) ?? refusalOf(parts.deployment);
  if (problem !== undefined) return { kind: 'degraded', message: problem };
  return {
    kind: 'progressing',
    message: progressOf(parts, pods, conditionOf(router, 'Progressing')?.message),
  };
}

/** Why the objects do not carry the router's present spec; only our operator's can be told. */
function staleness(router: KubernetesObject, { nad, deployment }: Parts): string | undefined {
  if (nad === undefined || deployment === undefined || configHashOf(deployment) === undefined)
    return undefined;
  const wanted = parseRouter(router).router;
  return wanted !== undefined && textAt(nad, 'spec', 'config') !== toRouterConfig(wanted, nad.metadata.name)
    ? 'The operator has not taken up the last change yet.'
    : undefined;
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

function progressOf({ nad, deployment }: Parts, pods: readonly PodView[], said: string | undefined): string {
  if (nad === undefined) return 'Waiting for the NetworkAttachmentDefinition.';
  if (deployment === undefined) return 'Waiting for the Deployment.';
  const pod = pods[0];
  if (pod === undefined) return said || 'Waiting for the pod to be created.';
  if (pod.net1 === undefined) return `Pod ${pod.name}: waiting for its interface on the outside network.`;
  return `Pod ${pod.name}: has its interface, waiting for it to be ready.`;
}

function toRuleView(rule: unknown): RuleView {
  const port = numberAt(rule, 'port') ?? 0;
  return {
    port,
    protocol: textAt(rule, 'protocol') ?? '',
    destinationIP: textAt(rule, 'destinationIP') ?? '',
    targetPort: numberAt(rule, 'targetPort') ?? port,
  };
}

export function toServiceView(service: KubernetesObject): ServiceView {
  const clusterIP = textAt(service, 'spec', 'clusterIP');
  return {
    name: service.metadata.name,
    type: textAt(service, 'spec', 'type') ?? 'ClusterIP',
    ...(clusterIP === undefined || clusterIP === '' ? {} : { clusterIP }),
    ports: listAt(service, 'spec', 'ports').map((entry) => ({
      name: textAt(entry, 'name') ?? '',
      protocol: textAt(entry, 'protocol') ?? 'TCP',
      port: numberAt(entry, 'port') ?? 0,
    })),
  };
}
