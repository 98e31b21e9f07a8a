import {
  checkObjectMetadata,
  isEgressRouter,
  type ParsedRouter,
  type ParseProblemCode,
  parseRouter,
} from '#core/egress-router/parse.ts';
import { checkLegacyRouter } from '#core/legacy/checks/checks.ts';
import { type LegacyPlace, legacyRoutersIn } from '#core/legacy/detect.ts';
import { legacyFactsOf } from '#core/legacy/facts.ts';
import { fillIn, type Parameters, readParameters } from '#core/legacy/parameters.ts';
import { type LegacyReading, readLegacyRouter } from '#core/legacy/parse.ts';
import type { LegacyProblem } from '#core/legacy/problems.ts';
import { isBareVariable, isFilledIn } from '#core/legacy/setting.ts';
import { isEgressRouterNad, type ParsedNad, readNad } from '#core/nad/parse.ts';
import type { NadProblemCode } from '#core/nad/problem-codes.ts';
import type { Path, Problem } from '#core/problem.ts';
import { readConfigMap } from '#core/relations/config-map-facts.ts';
import type { ConfigMapFacts, Facts, ServiceFacts } from '#core/relations/facts.ts';
import { toNadFacts } from '#core/relations/nad-facts.ts';
import { toRouterFacts } from '#core/relations/router-facts.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { readService } from '#core/service/parse.ts';
import { isMisspelledEgressRouter } from './is-egress-router.ts';

/** A Kubernetes object that concerns egress routers; paths in it count from its `root`. */
export type DocumentObject = RouterObject | NadObject | ServiceObject | LegacyObject | ConfigMapObject;

interface Placed {
  /** Where the object stands in its document: empty but for the items of a List or a Template. */
  readonly root: Path;
  /** It holds parameters of its Template, or other variables: what it will be is not known, and it cannot be taken as it stands. */
  readonly hasParameters?: true;
}

export interface RouterObject extends Placed, ParsedRouter {
  readonly kind: 'router';
}

/** A NetworkAttachmentDefinition whose configuration is that of an egress router. */
export interface NadObject extends Placed, Pick<ParsedNad, 'reading'> {
  readonly kind: 'nad';
  readonly problems: readonly Problem<NadProblemCode | ParseProblemCode>[];
}

/** Whether it leads to a router, its selector tells, and that only beside the routers. */
export interface ServiceObject extends Placed {
  readonly kind: 'service';
  readonly facts: ServiceFacts;
}

/** A router of OpenShift SDN. */
export interface LegacyObject extends Placed {
  readonly kind: 'legacy';
  readonly reading: LegacyReading;
  readonly problems: readonly LegacyProblem[];
}

/** It may hold the rules of a router of OpenShift SDN. */
export interface ConfigMapObject extends Placed {
  readonly kind: 'config-map';
  readonly facts: ConfigMapFacts;
}

/** What others need to know of an object, and no more. */
export interface KnownObject extends Placed {
  readonly kind: DocumentObject['kind'];
  readonly facts: Facts;
}

/**
 * The objects of one document that concern egress routers, or may.
 *
 * @param hasVariables its text tells of some that envsubst, Flux and others fill in outside of Templates too
 */
export function objectsIn(document: unknown, hasVariables = false): readonly DocumentObject[] {
  const items = itemsIn(document, [], hasVariables ? new Map() : undefined);
  const legacies = legacyRoutersIn(document);
  if (legacies.length === 0) return items.flatMap((item) => readItem(item) ?? []);
  const places = new Map(legacies.map((place) => [keyOf(place.root), place]));
  return items.flatMap((item) => {
    const place = places.get(keyOf(item.root));
    return (place === undefined ? readItem(item) : readLegacy(document, place)) ?? [];
  });
}

export function readRouter(value: unknown, root: Path, parameters?: Parameters): RouterObject {
  if (parameters === undefined || !isJsonObject(value) || !holdsVariables(value)) {
    return { kind: 'router', root, ...parseRouter(value) };
  }
  const { reading, problems } = parseRouter(fillIn(value, parameters));
  return { kind: 'router', root, hasParameters: true, reading, problems };
}

/** Whether the text of a document may hold variables that are filled in later: `${NAME}`, or `$NAME` as a whole value. */
export function mayHoldVariables(text: string): boolean {
  return text.includes('$') && /\$[{A-Z_]/.test(text);
}

/** Whether what a value says is for whoever fills in the variables of its object. */
export function isFilledInLater(value: string, kind: DocumentObject['kind']): boolean {
  return isFilledIn(value) || (kind !== 'legacy' && isBareVariable(value));
}

/** What other objects need to know of it. */
export function toFacts(object: DocumentObject): Facts {
  switch (object.kind) {
    case 'router':
      return toRouterFacts(object.reading);
    case 'nad':
      return toNadFacts(object.reading);
    case 'legacy':
      return legacyFactsOf(object.reading);
    case 'service':
    case 'config-map':
      return object.facts;
  }
}

export function toKnown(object: DocumentObject): KnownObject {
  const { kind, root, hasParameters } = object;
  const facts = toFacts(object);
  return hasParameters === undefined ? { kind, root, facts } : { kind, root, hasParameters, facts };
}

/** The object that a path leads into, and the rest of the path. */
export function objectAt(
  objects: readonly DocumentObject[],
  path: Path,
): { readonly object: DocumentObject; readonly path: Path } | undefined {
  const object = objects.find(({ root }) => root.every((step, index) => step === path[index]));
  return object === undefined ? undefined : { object, path: path.slice(object.root.length) };
}

/** Undefined where the path leads nowhere. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (Array.isArray(inner)) return inner[Number(step)];
    return isJsonObject(inner) && Object.hasOwn(inner, step) ? inner[step] : undefined;
  }, value);
}

interface Item {
  readonly value: unknown;
  readonly root: Path;
  /** Of the Template that it is in; none where whoever fills them in does not tell. */
  readonly parameters?: Parameters;
}

/** Lists of any kind may hold Lists, but not without an end: a value may hold itself. */
function itemsIn(value: unknown, root: Path = [], parameters?: Parameters): readonly Item[] {
  if (!isJsonObject(value)) return [];
  const { kind } = value;
  const field = kind === 'Template' ? 'objects' : isListKind(kind) ? 'items' : undefined;
  if (field === undefined) return [{ value, root, ...(parameters === undefined ? {} : { parameters }) }];
  const list = value[field];
  if (!Array.isArray(list) || root.length > maxListDepth * 2) return [];
  const inner = kind === 'Template' ? readParameters(value) : parameters;
  return list.flatMap((item: unknown, index) => itemsIn(item, [...root, field, index], inner));
}

const maxListDepth = 4;

function isListKind(kind: unknown): boolean {
  return typeof kind === 'string' && kind.endsWith('List');
}

function readItem({ value, root, parameters }: Item): DocumentObject | undefined {
  if (isEgressRouter(value) || isMisspelledEgressRouter(value)) return readRouter(value, root, parameters);
  const held = parameters !== undefined && holdsVariables(value) ? ({ hasParameters: true } as const) : {};
  const filled = parameters === undefined || !isJsonObject(value) ? value : fillIn(value, parameters);
  if (isEgressRouterNad(filled)) {
    const { reading, problems } = readNad(filled);
    return { kind: 'nad', root, ...held, reading, problems: [...checkObjectMetadata(filled), ...problems] };
  }
  const service = readService(filled);
  if (service !== undefined) return { kind: 'service', root, ...held, facts: service };
  const configMap = readConfigMap(filled);
  return configMap === undefined ? undefined : { kind: 'config-map', root, ...held, facts: configMap };
}

function readLegacy(document: unknown, place: LegacyPlace): LegacyObject {
  const reading = readLegacyRouter(document, place);
  const { root, template } = place;
  return {
    kind: 'legacy',
    root,
    ...(template !== undefined && holdsParameters(reading.object) ? { hasParameters: true } : {}),
    reading,
    problems: checkLegacyRouter(reading),
  };
}

function holdsParameters(value: unknown): boolean {
  return holdsText(value, isFilledIn);
}

function holdsVariables(value: unknown): boolean {
  return holdsText(value, (text) => isFilledIn(text) || isBareVariable(text) || inJson.test(text));
}

/** A value of JSON that a string holds, as in a NetworkAttachmentDefinition. */
const inJson = /"\$[A-Z_][A-Z0-9_]*"/;

function holdsText(value: unknown, isSuch: (text: string) => boolean, depth = 0): boolean {
  if (typeof value === 'string') return isSuch(value);
  if (typeof value !== 'object' || value === null || depth > 40) return false;
  return Object.values(value).some((inner: unknown) => holdsText(inner, isSuch, depth + 1));
}

function keyOf(root: Path): string {
  return root.join('/');
}
