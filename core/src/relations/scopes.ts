import type { DocumentOrder } from './document-order.ts';
import type { Facts, Known, LegacyFacts, NadFacts, RouterFacts, ServiceFacts } from './facts.ts';
import { FactsGroup } from './facts-group.ts';

/** The objects of one namespace: in all files, or in one unit. */
export interface Scope {
  readonly routers: FactsGroup<RouterFacts>;
  readonly services: FactsGroup<ServiceFacts>;
  readonly nads: FactsGroup<NadFacts>;
  readonly legacies: FactsGroup<LegacyFacts>;
}

type OpenScope = { -readonly [Kind in keyof Scope]: Scope[Kind] };

/** Objects by namespace. One whose namespace is not written is in that of its unit, with no other's. */
export class Scopes {
  readonly #order: DocumentOrder;
  /** By unit, then by namespace; the empty one for objects without. */
  readonly #units = new Map<string, Map<string, OpenScope>>();
  readonly #namespaces = new Map<string, OpenScope>();
  /** Most objects are alone in their unit: what a scope does not hold has no group of its own. */
  readonly #empty: Scope;

  constructor(order: DocumentOrder) {
    this.#order = order;
    this.#empty = emptyScope(order);
  }

  /**
   * Where an object is: first with those of its unit, then with those of all files, and at last with those of its
   * unit that are likely to be in the same namespace, as one of the two says none.
   */
  of(known: Known): readonly Scope[] {
    // ConfigMaps are found by their names alone.
    if (known.facts.kind === 'configMap') return [];
    const { namespace } = known.facts;
    const ofUnit = this.#units.get(known.unit);
    const only = onlyWritten(ofUnit);
    const found = [
      ofUnit?.get(namespace ?? ''),
      namespace === undefined ? undefined : this.#namespaces.get(namespace),
      only === undefined ? undefined : ofUnit?.get(namespace === undefined ? only : ''),
    ];
    return found.filter((scope) => scope !== undefined);
  }

  /** The first router of the same name in the same namespace and file. */
  firstNamesake(router: Known<RouterFacts>): Known<RouterFacts> | undefined {
    return this.namesakes(router).find(({ file }) => file === router.file);
  }

  /** The routers of the same name in the same namespace and unit. */
  namesakes(router: Known<RouterFacts>): readonly Known<RouterFacts>[] {
    return this.#around(router)?.routers.named(router.facts.name) ?? [];
  }

  /** All that is in the same namespace for certain. */
  widest(known: Known): Scope | undefined {
    const { namespace } = known.facts;
    return namespace === undefined ? this.#around(known) : this.#namespaces.get(namespace);
  }

  /** Those of a unit whose other scopes are not the same once some objects of it are put in place of others. */
  regrouped(previous: readonly Known[], next: readonly Known[]): readonly Scope[] {
    const [one] = [...previous, ...next];
    if (one === undefined) return [];
    const ofUnit = this.#units.get(one.unit);
    const before = onlyWritten(ofUnit);
    const after = onlyWrittenAfter(ofUnit, previous, next);
    if (before === after) return [];
    const namespaces = new Set(['', before ?? '', after ?? '']);
    return [...namespaces].flatMap((namespace) => ofUnit?.get(namespace) ?? []);
  }

  /** The first router in the same namespace that is not one of the agent. */
  firstBeside(router: Known<RouterFacts>): Known<RouterFacts> | undefined {
    return this.widest(router)?.routers.all.find(({ facts }) => facts.isForAgent !== true);
  }

  /** The first router in the same namespace, and the first that has another name than that one. */
  headsBeside(router: Known<RouterFacts>): readonly [Known<RouterFacts>?, Known<RouterFacts>?] {
    const routers = this.widest(router)?.routers.all ?? [];
    const first = routers.find(({ facts }) => facts.name !== undefined);
    const other = routers.find(({ facts }) => facts.name !== undefined && facts.name !== first?.facts.name);
    return first === undefined ? [] : other === undefined ? [first] : [first, other];
  }

  add(known: Known): void {
    if (known.facts.kind === 'configMap') return;
    const { unit } = known;
    const { namespace } = known.facts;
    let ofUnit = this.#units.get(unit);
    if (ofUnit === undefined) {
      ofUnit = new Map();
      this.#units.set(unit, ofUnit);
    }
    this.#addTo(this.#scopeIn(ofUnit, namespace ?? ''), known);
    if (namespace !== undefined) this.#addTo(this.#scopeIn(this.#namespaces, namespace), known);
  }

  remove(known: Known): void {
    if (known.facts.kind === 'configMap') return;
    const { unit } = known;
    const { namespace } = known.facts;
    const ofUnit = this.#units.get(unit);
    if (ofUnit !== undefined) removeFrom(ofUnit, namespace ?? '', known);
    if (ofUnit?.size === 0) this.#units.delete(unit);
    if (namespace !== undefined) removeFrom(this.#namespaces, namespace, known);
  }

  /** What is in the same unit and namespace. */
  #around({ unit, facts: { kind, namespace } }: Known): OpenScope | undefined {
    return kind === 'configMap' ? undefined : this.#units.get(unit)?.get(namespace ?? '');
  }

  #scopeIn(scopes: Map<string, OpenScope>, namespace: string): OpenScope {
    const known = scopes.get(namespace);
    if (known !== undefined) return known;
    const scope = { ...this.#empty };
    scopes.set(namespace, scope);
    return scope;
  }

  #addTo(scope: OpenScope, known: Known): void {
    const order = this.#order;
    const empty = this.#empty;
    if (isRouter(known)) {
      if (scope.routers === empty.routers) scope.routers = new FactsGroup(order);
      scope.routers.add(known);
    } else if (isService(known)) {
      if (scope.services === empty.services) scope.services = new FactsGroup(order);
      scope.services.add(known);
    } else if (isNad(known)) {
      if (scope.nads === empty.nads) scope.nads = new FactsGroup(order);
      scope.nads.add(known);
    } else if (isLegacy(known)) {
      if (scope.legacies === empty.legacies) scope.legacies = new FactsGroup(order);
      scope.legacies.add(known);
    }
  }
}

export function isKind<K extends Facts['kind']>(
  kind: K,
): (known: Known) => known is Known<Extract<Facts, { kind: K }>> {
  return (known): known is Known<Extract<Facts, { kind: K }>> => known.facts.kind === kind;
}

export const isRouter = isKind('router');
export const isService = isKind('service');
export const isNad = isKind('nad');
export const isLegacy = isKind('legacy');
export const isConfigMap = isKind('configMap');

/** Of a patch nothing but its addresses is known: it is in no namespace's objects. */
export function isPatch(known: Known): boolean {
  return isRouter(known) && known.facts.isPatch === true;
}

function emptyScope(order: DocumentOrder): Scope {
  return {
    routers: new FactsGroup(order),
    services: new FactsGroup(order),
    nads: new FactsGroup(order),
    legacies: new FactsGroup(order),
  };
}

function removeFrom(scopes: Map<string, OpenScope>, namespace: string, known: Known): void {
  const scope = scopes.get(namespace);
  if (scope === undefined) return;
  if (isRouter(known)) scope.routers.remove(known);
  else if (isService(known)) scope.services.remove(known);
  else if (isNad(known)) scope.nads.remove(known);
  else if (isLegacy(known)) scope.legacies.remove(known);
  if (isEmpty(scope)) scopes.delete(namespace);
}

function isEmpty(scope: Scope): boolean {
  return sizeOf(scope) === 0;
}

function sizeOf({ routers, services, nads, legacies }: Scope): number {
  return routers.all.length + services.all.length + nads.all.length + legacies.all.length;
}

/**
 * The only namespace that is written in a unit which has objects without one too: those are mostly meant for the same,
 * as whoever applies it by `-n` or Kustomize names it there.
 *
 * @param ofUnit by namespace; the empty one for objects without
 */
function onlyWritten(ofUnit: ReadonlyMap<string, unknown> | undefined): string | undefined {
  if (ofUnit?.size !== 2 || !ofUnit.has('')) return undefined;
  return [...ofUnit.keys()].find((namespace) => namespace !== '');
}

/** What `onlyWritten` gives once some objects of the unit have been put in place of others. */
function onlyWrittenAfter(
  ofUnit: ReadonlyMap<string, Scope> = new Map(),
  previous: readonly Known[],
  next: readonly Known[],
): string | undefined {
  // Too many to be made one by this.
  if (ofUnit.size > previous.length + 2) return undefined;
  const counts = new Map(Array.from(ofUnit, ([namespace, scope]) => [namespace, sizeOf(scope)]));
  for (const known of previous) count(counts, known, -1);
  for (const known of next) count(counts, known, 1);
  return onlyWritten(counts);
}

function count(counts: Map<string, number>, { facts }: Known, by: 1 | -1): void {
  if (facts.kind === 'configMap') return;
  const namespace = facts.namespace ?? '';
  const now = (counts.get(namespace) ?? 0) + by;
  if (now === 0) counts.delete(namespace);
  else counts.set(namespace, now);
}
