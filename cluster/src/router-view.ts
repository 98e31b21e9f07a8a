import { type ParsedRouter, parseRouter } from '#core/egress-router/parse.ts';
import { listAt, numberAt, textAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Rival } from './address-rivals.ts';
import { type InForce, inForceOf } from './in-force.ts';
import { misledServices } from './misled-services.ts';
import { refOf } from './object-ref.ts';
import { isCurrent, toPodView } from './pod-view.ts';
import { byDeployment, byOwner, type Parts, partsOf, reconcilerOf, withoutMisled } from './router-parts.ts';
import { notTakenUp, toRouterState } from './router-state.ts';
import {
  type Disagreements,
  isLeftByExpose,
  meantFor,
  outOfStep,
  type RouterSteps,
} from './service-steps.ts';
import { objectsIn, type Store, type WatchedKind, watchedKinds } from './store.ts';
import type { RouterState, RouterView, RuleView, ServiceView } from './view.ts';
import { NamespaceMemos, type RouterMemos } from './view-memos.ts';
import { type EventIndex, eventsAbout, eventsOf, indexEvents, stillTrue, toWarnings } from './warnings.ts';

/** Every router of the store, by namespace, then name. */
export function toRouterViews(store: Store): readonly RouterView[] {
  return store.namespaces.toSorted().flatMap((namespace) => toNamespaceViews(store, namespace));
}

/**
 * The routers of one namespace by name.
 *
 * @param isRead false while some of their objects have yet to be listed
 * @param memos of the same namespace: where nothing has changed of a router, its view is the same object as before
 */
export function toNamespaceViews(
  store: Store,
  namespace: string,
  isRead = true,
  memos: NamespaceMemos = new NamespaceMemos(),
): readonly RouterView[] {
  const routers = [...store.objects('egressRouter', namespace)];
  memos.keepOnly(new Set(routers.map(({ metadata }) => metadata.name)));
  if (routers.length === 0) return [];
  const mayNotSee = unseenOf(store.hidden(namespace));
  const events = indexEvents(objectsIn(store, 'event', namespace));
  const found = {
    nads: byOwner(objectsIn(store, 'nad', namespace)),
    deployments: byOwner(objectsIn(store, 'deployment', namespace)),
    pods: byDeployment(objectsIn(store, 'pod', namespace)),
    services: objectsIn(store, 'service', namespace),
    maySeeDeployments: !mayNotSee.includes(kindNames.deployment),
    isOnlyRouter: routers.length === 1,
  };
  const reached = routers
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .map((router) => partsOf(router, found));
  const misled: ReturnType<typeof misledServices> = isRead ? misledServices(reached) : new Map();
  const all = misled.size === 0 ? reached : reached.map((parts) => withoutMisled(parts, misled));
  const led = new Set(all.flatMap((parts) => parts.services));
  const stray = found.services.filter((service) => !led.has(service));
  const read = all.map((parts) => readingOf(parts, memos.of(parts.router.metadata.name)));
  const origins = read.flatMap(({ last, parts }) => [last, reconcilerOf(parts.deployment)]);
  const meant = memos.strays.of([isRead, ...origins, ...stray], () =>
    stray.length === 0 || !isRead ? new Map() : meantFor(read.map(toSteps), stray, misled),
  );
  return read.map(({ parts, parse, last }) =>
    toRouterView(parts, {
      parse,
      last,
      events,
      meant: meant.get(parts.router.metadata.name),
      stray,
      rival: store.rivals.rivalOf(parts.router),
      isRead,
      mayNotSee,
      memos: memos.of(parts.router.metadata.name),
    }),
  );
}

/** What has not been listed yet is not missing. */
const beingRead = { kind: 'progressing', message: 'Reading what belongs to the router.' } as const;

/** A router with its spec as it is stored, parsed once at most, and as it is in force. */
interface Reading {
  readonly parts: Parts;
  readonly parse: () => ParsedRouter;
  readonly last: InForce;
}

function readingOf(parts: Parts, memos: RouterMemos): Reading {
  const { router, nad, deployment } = parts;
  let parsed: ParsedRouter | undefined;
  const parse = (): ParsedRouter => (parsed ??= parseRouter(router));
  const last = memos.inForce.of([router, nad, deployment], () => inForceOf(parts, parse()));
  return { parts, parse, last };
}

interface Surroundings extends Omit<Reading, 'parts'> {
  readonly events: EventIndex;
  /** The Services that seem to be meant for the router and lead elsewhere. */
  readonly meant: Disagreements | undefined;
  readonly stray: readonly KubernetesObject[];
  readonly rival: Rival | undefined;
  readonly isRead: boolean;
  readonly mayNotSee: readonly string[];
  readonly memos: RouterMemos;
}

function toRouterView(parts: Parts, around: Surroundings): RouterView {
  const { router, nad, deployment } = parts;
  const { meant, rival, isRead, memos } = around;
  const strays = around.stray.filter(({ metadata }) => meant?.has(metadata.name) ?? false);
  const services = [...parts.services, ...strays];
  const events = eventsOf(around.events, [router, nad, deployment, ...parts.pods, ...services], deployment);
  const rivalry = rival === undefined ? '' : `${rival.ip} ${rival.namespace}/${rival.name}`;
  const inputs = [
    router,
    nad,
    deployment,
    meant,
    rivalry,
    isRead,
    around.mayNotSee.join(),
    parts.pods.length,
    ...parts.pods,
    services.length,
    ...services,
    ...events,
  ];
  return memos.view.of(inputs, () => makeView(parts, around, services, events));
}

function makeView(
  parts: Parts,
  { parse, last, events: index, meant, rival, isRead, mayNotSee, memos }: Surroundings,
  services: readonly KubernetesObject[],
  events: readonly KubernetesObject[],
): RouterView {
  const { router, nad, deployment } = parts;
  const { name, namespace = '', uid } = router.metadata;
  const pods = parts.pods.map((pod) => ({ pod, view: toPodView(pod, eventsAbout(index, [pod])) }));
  const current = pods.filter(({ pod }) => deployment === undefined || isCurrent(pod, deployment));
  const stateOf = (): RouterState => {
    const pending = memos.pending.of([router, nad, deployment], () => notTakenUp(parse, nad, deployment));
    const unseen = mayNotSee.filter((kind) => !besides.includes(kind));
    return toRouterState({ router, nad, deployment, current, rival, pending, unseen });
  };
  const steps = memos.steps.of([last, reconcilerOf(deployment), isRead, ...parts.services], () =>
    isRead && parts.services.length > 0 && last.isKnown
      ? outOfStep(toSteps({ parts, parse, last }), parts.services)
      : noSteps,
  );
  const fallbackIP = textAt(last.router, 'spec', 'redirect', 'fallbackIP');
  return {
    namespace,
    name,
    ...(uid === undefined ? {} : { uid }),
    state: isRead ? stateOf() : beingRead,
    addresses: listAt(last.router, 'spec', 'addresses').map((entry) => {
      const gateway = textAt(entry, 'gateway');
      const ip = textAt(entry, 'ip') ?? '';
      return gateway === undefined ? { ip } : { ip, gateway };
    }),
    rules: listAt(last.router, 'spec', 'redirect', 'redirectRules').map(toRuleView),
    ...(fallbackIP === undefined ? {} : { fallbackIP }),
    pods: pods.map(({ view }) => view),
    services: services.map((service) => {
      const astray = meant?.get(service.metadata.name);
      const view = toServiceView(service);
      if (astray !== undefined) return { ...view, outOfStep: astray, leadsElsewhere: true } as const;
      const sentences = steps.get(service.metadata.name);
      if (sentences === undefined) return view;
      const isLeft = sentences.every(isLeftByExpose);
      return { ...view, outOfStep: sentences, ...(isLeft ? { isLeftByExpose: true } : {}) } as const;
    }),
    warnings: toWarnings(stillTrue(events, router)),
    objects: [nad, deployment].flatMap((object) => (object === undefined ? [] : [refOf(object)])),
    ...(mayNotSee.length === 0 ? {} : { mayNotSee }),
  };
}

/** As people call them. */
export const kindNames = {
  egressRouter: 'EgressRouters',
  nad: 'NetworkAttachmentDefinitions',
  deployment: 'Deployments',
  furtherDeployment: 'Deployments',
  pod: 'Pods',
  furtherPod: 'Pods',
  service: 'Services',
  event: 'Events',
} as const satisfies Record<WatchedKind, string>;

/** Whether a router is up can be told without them. */
const besides: readonly string[] = [kindNames.service, kindNames.event];

function unseenOf(hidden: ReadonlySet<WatchedKind>): readonly string[] {
  return [...new Set(watchedKinds.filter((of) => hidden.has(of)).map((of) => kindNames[of]))];
}

const noSteps: Disagreements = new Map();

/** By the rules in force: by none where these are not known. */
function toSteps({ parts: { router, deployment }, parse, last }: Reading): RouterSteps {
  const { reading } = last.router === router ? parse() : parseRouter(last.router);
  return {
    name: router.metadata.name,
    reading: last.isKnown ? reading : { ...reading, rules: [] },
    reconciler: reconcilerOf(deployment),
  };
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
