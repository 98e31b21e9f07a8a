import type { RouterReading } from '#core/egress-router/parse.ts';
import type { Reconciler } from '#core/egress-router/reconciler.ts';
import { at, listAt } from '#core/json-value.ts';
import { appliedPart } from '#core/manifest/applied-part.ts';
import {
  appLabel,
  appLabelValue,
  operatorFieldManager,
  routerLabel,
  userFieldManager,
} from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { otherOwners } from '#core/manifest/port-owners.ts';
import { routerLabelValue } from '#core/manifest/router-names.ts';
import { firstFamilyText, refusedFamily, unservedFamilies } from '#core/manifest/service-families.ts';
import type { Problem } from '#core/problem.ts';
import { checkReachedRules, checkService } from '#core/relations/check-service.ts';
import type { Facts, Known, RouterFacts, ServiceFacts } from '#core/relations/facts.ts';
import type { RelationProblemCode } from '#core/relations/problem-codes.ts';
import { RelationIndex } from '#core/relations/relation-index.ts';
import { toRouterFacts } from '#core/relations/router-facts.ts';
import { isRouter } from '#core/relations/scopes.ts';
import { selectsRouter } from '#core/relations/selection.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { readService } from '#core/service/parse.ts';
import type { Misled } from './misled-services.ts';

export interface RouterSteps {
  readonly name: string;
  readonly reading: RouterReading;
  readonly reconciler: Reconciler;
}

/** Sentences by the name of the Service; one that agrees has none. */
export type Disagreements = ReadonlyMap<string, readonly string[]>;

/** How Services disagree with the router whose pods they select. */
export function outOfStep(router: RouterSteps, services: readonly KubernetesObject[]): Disagreements {
  const known = services.flatMap(knownService);
  if (known.length === 0) return new Map();
  const byName = new Map(services.map((service) => [service.metadata.name, service]));
  const self = knownRouter(router);
  // An index of its own: which router a Service leads to is told by the labels of pods, not by names.
  const index = indexOf([self, ...known]);
  const sentences = new Map(
    known.map((service) => [
      service.document,
      checkService(service, index, router.reconciler).map(
        (problem) => leftText(problem, router, byName.get(service.document)) ?? toSentence(problem),
      ),
    ]),
  );
  const unreached = index
    .in(self.document)
    .filter(isRouter)
    .flatMap((own) => checkReachedRules(own, index, router.reconciler))
    .map(toSentence);
  for (const service of services) {
    sentences.get(service.metadata.name)?.push(...familyTexts(router, service));
  }
  const first = known.find(({ facts }) => facts.selector !== undefined);
  if (first !== undefined) sentences.get(first.document)?.push(...unreached);
  return new Map([...sentences].filter(([, own]) => own.length > 0));
}

/**
 * Of Services that select no router's pods, those that were meant to, and those that select another router's.
 *
 * @returns by the name of the router that each was meant for
 */
export function meantFor(
  routers: readonly RouterSteps[],
  services: readonly KubernetesObject[],
  misled: ReadonlyMap<KubernetesObject, Misled> = new Map(),
): ReadonlyMap<string, Disagreements> {
  const known = services.filter((service) => !misled.has(service)).flatMap(knownService);
  const found = new Map<string, Map<string, readonly string[]>>();
  for (const [service, { meantFor, sentence }] of misled) {
    const own = found.get(meantFor) ?? new Map<string, readonly string[]>();
    found.set(meantFor, own.set(service.metadata.name, [sentence]));
  }
  if (known.length === 0) return found;
  const byDocument = new Map(routers.map((router) => [documentOf(router), router]));
  const index = indexOf([...routers.map(knownRouter), ...known]);
  for (const service of known) {
    const router = byDocument.get(index.routerFor(service)?.document ?? '');
    if (router === undefined) continue;
    const told = checkService(service, index, router.reconciler)
      .filter(({ code }) => code === 'service-selects-nothing')
      .map(toSentence);
    const sentences = told.length > 0 ? told : deadTexts(router, service);
    if (sentences.length === 0) continue;
    const own = found.get(router.name) ?? new Map<string, readonly string[]>();
    found.set(router.name, own.set(service.document, sentences));
  }
  return found;
}

/** Of one that bears the router's name and selects, by labels that pods of routers have, none of its pods. */
function deadTexts(
  { name, reconciler }: RouterSteps,
  { document, facts: { selector, namespace = '' } }: Known<ServiceFacts>,
): readonly string[] {
  // Without a Deployment it is not known what its pods will have.
  if (document !== name || selector === undefined || reconciler === 'unknown') return [];
  if (!selectsRouter(selector, name, reconciler)) return [];
  const own =
    reconciler === 'agent' ? `${routerLabel}: ${routerLabelValue(name)}` : `${appLabel}: ${appLabelValue}`;
  const written = Object.entries(selector)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ');
  return [
    `The selector ${written} of this Service selects no pod of the router ${namespace}/${name}, so its clients are refused. Select ${own} instead.`,
  ];
}

/** Whether exposing the router would leave that as it is. */
export function isLeftByExpose(sentence: string): boolean {
  return leaves.test(sentence);
}

const leaves = / Expose leaves the (?:entry|address), as /;

/** Of a port that reaches no rule, where somebody else has written it and no rule asks for its number. */
function leftText(
  { path: [spec, ports, at], message }: Problem<RelationProblemCode>,
  { reading }: RouterSteps,
  service: KubernetesObject | undefined,
): string | undefined {
  const entry =
    spec === 'spec' && ports === 'ports' && typeof at === 'number'
      ? listAt(service, 'spec', 'ports')[at]
      : undefined;
  if (service === undefined || !isJsonObject(entry)) return undefined;
  const { port, protocol = 'TCP' } = entry;
  if (reading.rules.some((rule) => rule?.port === port && rule?.protocol === protocol)) return undefined;
  const owners = otherOwners(service, entry, { manager: userFieldManager });
  if (owners.length === 0) return undefined;
  const { name, namespace = '' } = service.metadata;
  return `${message} Expose leaves the entry, as ${owners.join(' and ')} wrote it: take it out where that is done, or with kubectl edit service ${name} -n ${namespace}.`;
}

/** Nobody reaches a rule to an IPv6 server by an IPv4 address. */
function familyTexts({ reading }: RouterSteps, service: KubernetesObject): readonly string[] {
  const { rules, fallback } = reading;
  const leading = {
    rules: rules.filter((rule) => rule !== undefined),
    ...(fallback === undefined ? {} : { fallback }),
  };
  const missing = unservedFamilies(leading, service).map(
    (family) =>
      `This Service has no ${family} address, so no client reaches what the router leads to by ${family}. Expose the router again, which asks for one.`,
  );
  const refused = refusedFamily(leading, service);
  if (refused === undefined || !hasOurFamilies(service)) return missing;
  const first = firstFamilyText(leading, service);
  if (first !== undefined) return [first];
  if (refused === listAt(service, 'spec', 'ipFamilies')[0]) return [];
  return [
    `Clients are refused at the ${refused} address of the Service, as the router leads to no ${refused} server any more. Expose the router again, which gives that address back.`,
  ];
}

/** Somebody who asks for both by another way has a reason for it. */
function hasOurFamilies(service: KubernetesObject): boolean {
  return [userFieldManager, operatorFieldManager].some(
    (manager) => at(appliedPart(service, manager), 'spec', 'ipFamilyPolicy') !== undefined,
  );
}

function indexOf(known: readonly Known<RouterFacts | ServiceFacts>[]): RelationIndex {
  const index = new RelationIndex();
  index.load(known.map((one) => [one.document, [one]] as const));
  return index;
}

function knownRouter(router: RouterSteps): Known<RouterFacts> {
  return knownAs(documentOf(router), toRouterFacts(router.reading));
}

function knownService(service: KubernetesObject): readonly Known<ServiceFacts>[] {
  const facts = readService(service);
  return facts === undefined ? [] : [knownAs(service.metadata.name, facts)];
}

/** Each stands in a document of its own. */
function knownAs<F extends Facts>(document: string, facts: F): Known<F> {
  return { document, file: document, unit: document, root: [], facts };
}

/** Not the name of any Service. */
function documentOf({ name }: RouterSteps): string {
  return `router ${name}`;
}

/** What is wrong, and the likeliest thing to do where the message does not say it already. */
function toSentence({ message, fixes }: Problem<RelationProblemCode>): string {
  const title = fixes?.[0]?.title;
  return title === undefined || saysWhatToDo.test(message) ? message : `${message} ${title}.`;
}

const saysWhatToDo = /\b(?:use|write) the port of /i;
