import { type ParsedRouter, parseRouter } from '#core/egress-router/parse.ts';
import type { Reconciler } from '#core/egress-router/reconciler.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import type { Rival } from './address-rivals.ts';
import { at, listAt, numberAt, textAt } from './json.ts';
import { refOf } from './object-ref.ts';
import { configHashOf, isCurrent, toPodView } from './pod-view.ts';
import { toRouterState } from './router-state.ts';
import { type Disagreements, meantFor, outOfStep } from './service-steps.ts';
import { objectsIn, type Store } from './store.ts';
import type { RouterView, RuleView, ServiceView } from './view.ts';
import { deploymentOf, type EventIndex, eventsAbout, indexEvents, toWarnings } from './warnings.ts';

/** Every router of the store, by namespace, then name. */
export function toRouterViews(store: Store): readonly RouterView[] {
  return store.namespaces.toSorted().flatMap((namespace) => toNamespaceViews(store, namespace));
}

/** The routers of one namespace by name. @param isRead false while some of their objects have yet to be listed */
export function toNamespaceViews(store: Store, namespace: string, isRead = true): readonly RouterView[] {
  const routers = [...store.objects('egressRouter', namespace)];
  if (routers.length === 0) return [];
  const events = indexEvents(objectsIn(store, 'event', namespace));
  const services = objectsIn(store, 'service', namespace);
  const all = routers
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .map((router) => partsOf(router, store, services));
  const led = new Set(all.flatMap((parts) => parts.services));
  const strays = meantFor(
    all.map(toSteps),
    services.filter((service) => !led.has(service)),
  );
  return all.map((parts) => {
    const { name } = parts.router.metadata;
    const meant = strays.get(name) ?? new Map();
    const stray = services.filter((service) => meant.has(service.metadata.name));
    const steps = new Map([...outOfStep(toSteps(parts), parts.services), ...meant]);
    const view = toRouterView(
      { ...parts, services: [...parts.services, ...stray] },
      events,
      steps,
      store.rivals.rivalOf(parts.router),
    );
    return isRead ? view : { ...view, state: beingRead };
  });
}

/** What has not been listed yet is not missing. */
const beingRead = { kind: 'progressing', message: 'Reading what belongs to the router.' } as const;

function toRouterView(
  parts: Parts,
  events: EventIndex,
  steps: Disagreements,
  rival: Rival | undefined,
): RouterView {
  const { router, parsed, nad, deployment, services } = parts;
  const { name, namespace = '', uid } = router.metadata;
  const pods = parts.pods.map((pod) => ({ pod, view: toPodView(pod, eventsAbout(events, [pod])) }));
  const current = pods.filter(({ pod }) => deployment === undefined || isCurrent(pod, deployment));
  const fallbackIP = textAt(router, 'spec', 'redirect', 'fallbackIP');
  return {
    namespace,
    name,
    ...(uid === undefined ? {} : { uid }),
    state: toRouterState({ router, parsed, nad, deployment, current, rival }),
    addresses: listAt(router, 'spec', 'addresses').map((entry) => {
      const gateway = textAt(entry, 'gateway');
      const ip = textAt(entry, 'ip') ?? '';
      return gateway === undefined ? { ip } : { ip, gateway };
    }),
    rules: listAt(router, 'spec', 'redirect', 'redirectRules').map(toRuleView),
    ...(fallbackIP === undefined ? {} : { fallbackIP }),
    pods: pods.map(({ view }) => view),
    services: services.map((service) => {
      const sentences = steps.get(service.metadata.name);
      const view = toServiceView(service);
      return sentences === undefined ? view : { ...view, outOfStep: sentences };
    }),
    warnings: toWarnings(events, [router, nad, deployment, ...parts.pods, ...services], deployment),
    objects: [nad, deployment].flatMap((object) => (object === undefined ? [] : [refOf(object)])),
  };
}

interface Parts {
  readonly router: KubernetesObject;
  readonly parsed: ParsedRouter;
  readonly nad: KubernetesObject | undefined;
  readonly deployment: KubernetesObject | undefined;
  readonly pods: readonly KubernetesObject[];
  readonly services: readonly KubernetesObject[];
}

function partsOf(router: KubernetesObject, store: Store, candidates: readonly KubernetesObject[]): Parts {
  const namespace = router.metadata.namespace ?? '';
  const nad = objectsIn(store, 'nad', namespace).find((object) => isOwnedBy(object, router));
  const deployment = objectsIn(store, 'deployment', namespace).find((object) => isOwnedBy(object, router));
  const pods = deployment === undefined ? [] : podsOf(deployment, objectsIn(store, 'pod', namespace));
  const labels = at(deployment, 'spec', 'template', 'metadata', 'labels');
  const services = candidates.filter((service) => isOwnedBy(service, router) || selects(service, labels));
  return { router, parsed: parseRouter(router), nad, deployment, pods, services };
}

function toSteps({ router, parsed, deployment }: Parts) {
  return {
    name: router.metadata.name,
    reading: parsed.reading,
    reconciler: reconcilerOf(deployment),
  };
}

/** Told by its Deployment: this project's operator marks those it makes. */
function reconcilerOf(deployment: KubernetesObject | undefined): Reconciler {
  if (deployment === undefined) return 'unknown';
  return configHashOf(deployment) === undefined ? 'cno' : 'agent';
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
      ({ kind, name }) => kind === 'ReplicaSet' && deploymentOf(name) === deployment.metadata.name,
    ),
  );
}

export function selects(service: KubernetesObject, labels: unknown): boolean {
  const selector = at(service, 'spec', 'selector');
  if (!isJsonObject(selector)) return false;
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => at(labels, key) === value);
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
