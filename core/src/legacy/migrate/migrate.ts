import { checkRouter } from '#core/egress-router/checks/checks.ts';
import type { EgressRouter } from '#core/egress-router/model.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import type { Reconciler } from '#core/egress-router/reconciler.ts';
import { egressRouterApiVersion, egressRouterKind } from '#core/egress-router/wire.ts';
import { appLabel, appLabelValue, routerLabel } from '#core/manifest/names.ts';
import { routerLabelValue } from '#core/manifest/router-names.ts';
import { ipOf } from '#core/net/cidr.ts';
import { parseIfName } from '#core/net/ifname.ts';
import type { Path } from '#core/problem.ts';
import type { JsonObject } from '#core/schema/json-schema.ts';
import { isMeantAsTrue } from '../checks/check-pod.ts';
import { whyNoRouter } from '../checks/checks.ts';
import { wordAt } from '../fields.ts';
import { filledIn } from '../filled-in.ts';
import { parametersWithin } from '../parameters.ts';
import { type LegacyContainer, type LegacyReading, placeOf, proxyOf } from '../parse.ts';
import { isFilledIn } from '../setting.ts';
import { type Loss, lossesOf } from './losses.ts';
import { type MigratedAddress, migrateAddress } from './migrate-address.ts';
import { type MigratedComment, type MigratedDestination, migrateDestination } from './migrate-destination.ts';
import { newSelector } from './migrate-service.ts';
import { migrateServices, selects } from './migrate-services.ts';
import { type Found, readTexts, unfilled } from './migrate-texts.ts';
import { podOptions } from './pod-options.ts';
import { mayShareNamespace, ownerOf, type Surroundings, shareNamespace } from './surroundings.ts';

/** What becomes of a router of OpenShift SDN. */
export type Migration =
  | {
      readonly kind: 'migrated';
      /** For whom it is: under this project's operator, documents say so. */
      readonly reconciler: Reconciler;
      /** The EgressRouter first, then its Services; keys in the order in which people write them. */
      readonly objects: readonly JsonObject[];
      /** Those of `EGRESS_DESTINATION`, by what they stand before in the EgressRouter. */
      readonly comments: readonly MigratedComment[];
      readonly losses: readonly Loss[];
      /** What was chosen in place of the person, to be looked at. */
      readonly questions: readonly Loss[];
      /** What is left to do. */
      readonly steps: readonly string[];
    }
  | { readonly kind: 'refused'; readonly reason: string };

export interface MigrationOptions {
  /** Of the network, where `EGRESS_SOURCE` does not tell it: 1 to 31. */
  readonly prefixLength?: number;
  /** Who makes the new router; its operator lets a Service select the pods of one router of several. */
  readonly reconciler?: Reconciler;
}

/** Never throws. An EgressRouter that comes of it has no errors. Parameters of a Template take their own values. */
export function planMigration(
  legacy: LegacyReading,
  surroundings: Surroundings,
  options: MigrationOptions = {},
): Migration {
  const filled = filledIn(legacy);
  const { router } = filled;
  const owner = ownerOf(filled.object);
  if (owner !== undefined) return refused(`It is made by ${owner.kind} "${owner.name}": migrate that one.`);
  const proxy = proxyOf(filled);
  if (proxy !== undefined) return refused(whyNoRouter(proxy.kind));
  if (router === undefined) return refused('None of its containers is an egress router.');
  const texts = readTexts(filled, router, surroundings);
  if (texts.kind === 'refused') return refused(texts.reasons.join(' '));
  const address = migrateAddress(texts.source, texts.gateway, options.prefixLength);
  const destination = migrateDestination(texts.destination);
  const name = nameOf(filled, surroundings);
  if (address.kind === 'refused' || name.text === undefined || destination.reasons.length > 0) {
    const reasons = [
      ...(name.text === undefined ? [name.reason] : []),
      ...(address.kind === 'refused' ? address.reasons : []),
      ...destination.reasons,
    ];
    return refused(reasons.join(' '));
  }
  const { reconciler = 'unknown' } = options;
  const { annotations, kept } =
    reconciler === 'agent' ? podOptions(filled) : { annotations: {}, kept: new Set<string>() };
  const value = toManifest(filled, name.text, address, destination, annotations);
  const parsed = parseRouter(value);
  const errors = [...parsed.problems, ...checkRouter(parsed.reading)].filter(
    ({ severity }) => severity === 'error',
  );
  if (parsed.router === undefined || errors.length > 0) {
    return refused(`The EgressRouter would have errors: ${errors.map(({ message }) => message).join(' ')}`);
  }
  const selector = newSelector(parsed.router.name, reconciler);
  const services = migrateServices(filled, parsed.router, surroundings, selector);
  const question = (path: Path, message: string): Loss => ({ path, message });
  const sourcePath = placeOf(router.source, router.path);
  const destinationPath = placeOf(router.destination, router.path);
  return {
    kind: 'migrated',
    reconciler,
    objects: [value, ...services.objects],
    comments: destination.comments,
    losses: [
      ...lossesOf(filled, selector, kept),
      ...services.losses,
      ...networkLosses(filled, parsed.router, reconciler),
    ],
    questions: [
      ...parameterQuestions(legacy, [
        ...parametersWithin(legacy.object),
        ...services.parameters,
        ...surroundings.configMaps.flatMap(({ name, parameters = [] }) =>
          configMapsOf(router).has(name) ? parameters : [],
        ),
      ]),
      ...(address.question === undefined ? [] : [question(sourcePath, address.question)]),
      ...destination.questions.map((message) => question(destinationPath, message)),
      ...services.questions,
    ],
    steps: [...services.steps, ...stepsOf(filled, parsed.router, surroundings, reconciler)],
  };
}

/** What the EgressRouter is called, if any comes of it. It takes a fraction of the time of a plan. */
export function migratedName(legacy: LegacyReading, surroundings: Surroundings): string | undefined {
  return nameOf(filledIn(legacy), surroundings).text;
}

function refused(reason: string): Extract<Migration, { readonly kind: 'refused' }> {
  return { kind: 'refused', reason };
}

function nameOf(reading: LegacyReading, { services }: Surroundings): Found {
  // Pods may only have a `generateName`.
  const service = services.find((one) => selects(one, reading.labels) && mayShareNamespace(one, reading));
  const name = reading.name ?? service?.name;
  if (name === undefined) {
    return { reason: 'It has no name of its own: give it one.' };
  }
  const places = [
    { what: 'Its name', text: name },
    { what: 'Its namespace', text: reading.namespace ?? '' },
  ];
  const unknown = places.find(({ text }) => isFilledIn(text));
  return unknown === undefined ? { text: name } : { reason: unfilled(unknown.what, unknown.text) };
}

function toManifest(
  { namespace, annotation }: LegacyReading,
  name: string,
  { address, gateway }: Extract<MigratedAddress, { readonly kind: 'read' }>,
  { rules, fallback }: MigratedDestination,
  annotations: Readonly<Record<string, string>>,
): JsonObject {
  const nic = wordAt(annotation.value);
  const master = nic === undefined || nic === 'false' || isMeantAsTrue(nic) ? undefined : parseIfName(nic);
  return {
    apiVersion: egressRouterApiVersion,
    kind: egressRouterKind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: {
      addresses: [{ ip: address, gateway }],
      mode: 'Redirect',
      redirect: {
        ...(rules.length === 0
          ? {}
          : {
              redirectRules: rules.map(({ port, protocol, destination, targetPort }) => ({
                port,
                protocol,
                destinationIP: destination,
                ...(targetPort === undefined || targetPort === port ? {} : { targetPort }),
              })),
            }),
        ...(fallback === undefined ? {} : { fallbackIP: fallback }),
      },
      // As OpenShift SDN made its interfaces.
      networkInterface: { macvlan: { mode: 'Private', ...(master === undefined ? {} : { master }) } },
    },
  };
}

/** What one of the two that make routers does not look at. */
function networkLosses(
  reading: LegacyReading,
  { macvlan, fallback }: EgressRouter,
  reconciler: Reconciler,
): readonly Loss[] {
  const who = 'Where the Cluster Network Operator makes the router,';
  const { path } = reading.annotation;
  const destination =
    reading.router === undefined ? [] : placeOf(reading.router.destination, reading.router.path);
  const card = macvlan.master === undefined ? '' : ` and the network card "${macvlan.master}"`;
  const { value } = reading.annotation;
  const unnamed =
    value === 'true' || macvlan.master !== undefined
      ? []
      : [{ path, message: 'The annotation names no network card; that of the gateway is taken.' }];
  if (reconciler === 'agent') return unnamed;
  return [
    ...unnamed,
    { path, message: `${who} the macvlan mode "Private"${card} ${card === '' ? 'is' : 'are'} ignored.` },
    ...(fallback === undefined
      ? []
      : [
          {
            path: destination,
            message: `${who} fallbackIP ${fallback} is ignored: write a rule for each port that clients use.`,
          },
        ]),
  ];
}

/** Others of the Template are of its other objects. */
function parameterQuestions({ parameters }: LegacyReading, used: readonly string[]): readonly Loss[] {
  const filled = Array.from(parameters, ([name, value]) =>
    value === undefined || !used.includes(name) ? [] : [`${name}=${value}`],
  ).flat();
  if (filled.length === 0) return [];
  return [
    {
      path: [],
      message: `The Template's parameters were filled with their own values: ${filled.join(', ')}.`,
    },
  ];
}

function stepsOf(
  reading: LegacyReading,
  router: EgressRouter,
  { routers }: Surroundings,
  reconciler: Reconciler,
): readonly string[] {
  const { place, router: container } = reading;
  const old = `${place.kind} "${reading.name ?? router.name}"`;
  const [address] = router.addresses;
  const others = routers.filter(
    (other) => (other.kind !== place.kind || other.name !== reading.name) && shareNamespace(other, reading),
  );
  // Two documents may hold one and the same router.
  const names = [...new Set(others.map(({ kind, name }) => `${kind} "${name ?? ''}"`))];
  const configMaps = container === undefined ? [] : configMapsOf(container);
  return [
    `Delete ${old} before you apply the EgressRouter: both would own ${address === undefined ? 'the address' : ipOf(address.address)}.`,
    ...(reconciler === 'agent'
      ? []
      : [
          others.length === 0
            ? 'See that its namespace has no other EgressRouter: under the Cluster Network Operator there is room for one.'
            : `Where the Cluster Network Operator makes the routers, a namespace has room for one: move ${names.join(', ')} or this router to another.`,
        ]),
    ...(reconciler === 'unknown' && others.length > 0
      ? [
          `Where the operator of this project makes the routers, the selector ${appLabel}: ${appLabelValue} is that of one router of the namespace only: say that it does (reconciler agent) and migrate again, or let the Service select ${routerLabel}: ${routerLabelValue(router.name)}.`,
        ]
      : []),
    ...Array.from(
      configMaps,
      (name) =>
        `ConfigMap "${name}" is no longer read: a change of the rules is now one of the EgressRouter.`,
    ),
  ];
}

function configMapsOf({ source, gateway, destination }: LegacyContainer): ReadonlySet<string> {
  return new Set(
    [source, gateway, destination].flatMap((setting) =>
      setting.kind === 'config-map' ? [setting.reference.name] : [],
    ),
  );
}
