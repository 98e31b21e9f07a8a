import type { Ip } from '#core/net/ip.ts';
import type { DocumentId, Path } from '#core/problem.ts';
import { AddressOwners, rivalry } from './address-owners.ts';
import { byName, type DocumentOrder } from './document-order.ts';
import type {
  ConfigMapFacts,
  Facts,
  Known,
  LegacyFacts,
  NadFacts,
  RouterFacts,
  ServiceFacts,
} from './facts.ts';
import { FactsGroup } from './facts-group.ts';
import { isConfigMap, isLegacy, isPatch, isRouter, type Scope, Scopes } from './scopes.ts';
import { addressesOf, toChange, watchChange } from './watch.ts';

/**
 * The objects of all documents, by what ties them to each other: address, namespace and name. What it answers
 * depends on the documents that it holds, not on the order in which they came.
 */
export class RelationIndex {
  readonly #order: DocumentOrder;
  readonly #documents = new Map<DocumentId, readonly Known[]>();
  readonly #scopes: Scopes;
  readonly #owners = new Map<Ip, AddressOwners>();
  readonly #configMaps = new Map<string, FactsGroup<ConfigMapFacts>>();
  /** Legacy routers by the names of the ConfigMaps that they read. */
  readonly #readers = new Map<string, FactsGroup<LegacyFacts>>();

  constructor(order: DocumentOrder = byName) {
    this.#order = order;
    this.#scopes = new Scopes(order);
  }

  /** Takes documents that are not known yet, many at once; whoever loads them asks for all problems anew. */
  load(
    documents: Iterable<readonly [DocumentId, readonly { readonly root: Path; readonly facts: Facts }[]]>,
  ): void {
    for (const [document, facts] of documents) {
      const known = this.#toKnown(document, facts);
      for (const one of known) this.#add(one);
      if (known.length > 0) this.#documents.set(document, known);
    }
  }

  /** @returns the documents whose problems may be others now, this one among them */
  set(
    document: DocumentId,
    facts: readonly { readonly root: Path; readonly facts: Facts }[],
  ): ReadonlySet<DocumentId> {
    return this.#change(document, this.#toKnown(document, facts));
  }

  /** @returns as `set` does */
  delete(document: DocumentId): ReadonlySet<DocumentId> {
    return this.#change(document, []);
  }

  /** What is known of a document. */
  in(document: DocumentId): readonly Known[] {
    return this.#documents.get(document) ?? [];
  }

  /** Another router that has an address of this one too. */
  rivalOf(
    router: Known<RouterFacts>,
    ip: Ip,
  ): { readonly rival: Known<RouterFacts>; readonly isCertain: boolean } | undefined {
    const owners = this.#owners.get(ip);
    // Mostly it is alone.
    if (owners === undefined || (owners.all.length === 1 && owners.all[0] === router)) return undefined;
    for (const head of owners.heads) {
      const verdict = head === undefined || head === router ? undefined : rivalry(router, head);
      if (head !== undefined && verdict !== undefined)
        return { rival: head, isCertain: verdict === 'certain' };
    }
    return undefined;
  }

  /** The first router of the namespace but for those of the agent, where that is another one for certain. */
  firstBeside(router: Known<RouterFacts>): Known<RouterFacts> | undefined {
    if (router.facts.isForAgent === true) return undefined;
    const first = this.#scopes.firstBeside(router);
    if (first === undefined || router.facts.name === undefined || first.facts.name === undefined)
      return undefined;
    return first.facts.name === router.facts.name ? undefined : first;
  }

  /** The first router of another name that is in the same namespace for certain. */
  otherBeside(router: Known<RouterFacts>): Known<RouterFacts> | undefined {
    const [first, second] = this.#scopes.headsBeside(router);
    return first?.facts.name === router.facts.name ? second : first;
  }

  /** The first router of the same name in the same namespace and file, where this is not the first. */
  namesakeBefore(router: Known<RouterFacts>): Known<RouterFacts> | undefined {
    const first = this.#scopes.firstNamesake(router);
    return first === router ? undefined : first;
  }

  /** The router that a Service or NAD must be meant for, if it is for any. */
  routerFor(known: Known<ServiceFacts | NadFacts>): Known<RouterFacts> | undefined {
    return counterpart(this.#scopes.of(known), ({ routers }) => routers, known.facts.name);
  }

  /** The legacy router that a Service must be meant for, if it is for any. */
  legacyFor(service: Known<ServiceFacts>): Known<LegacyFacts> | undefined {
    return counterpart(this.#scopes.of(service), ({ legacies }) => legacies, service.facts.name);
  }

  /** The Services that must be meant for this router, if they are for any. */
  servicesFor(router: Known<RouterFacts>): readonly Known<ServiceFacts>[] {
    const found = this.#scopes
      .of(router)
      .flatMap(({ routers, services }) =>
        routers.all.length <= 1 ? services.all : services.named(router.facts.name),
      );
    if (found.length === 0) return found;
    return [...new Set(found)].filter((service) => this.routerFor(service) === router);
  }

  /** ConfigMaps of a name, wherever they are. */
  configMapsNamed(name: string): readonly Known<ConfigMapFacts>[] {
    return this.#configMaps.get(name)?.all ?? [];
  }

  /** Legacy routers that read a ConfigMap of this name. */
  readersOf(configMapName: string): readonly Known<LegacyFacts>[] {
    return this.#readers.get(configMapName)?.all ?? [];
  }

  areInOneFile(one: Known, other: Known): boolean {
    return one.file === other.file;
  }

  #toKnown(
    document: DocumentId,
    facts: readonly { readonly root: Path; readonly facts: Facts }[],
  ): readonly Known[] {
    const file = this.#order.fileOf(document);
    const unit = this.#order.unitOf(document);
    return facts.map((one) => ({ document, file, unit, root: one.root, facts: one.facts }));
  }

  #change(document: DocumentId, next: readonly Known[]): ReadonlySet<DocumentId> {
    const previous = this.#documents.get(document) ?? [];
    const changed = toChange(previous, next);
    const affectedBy = watchChange(changed, this, this.#scopes, this.#owners);
    for (const known of previous) this.#remove(known);
    for (const known of next) this.#add(known);
    if (next.length === 0) this.#documents.delete(document);
    else this.#documents.set(document, next);
    return affectedBy().add(document);
  }

  #add(known: Known): void {
    if (!isPatch(known)) this.#scopes.add(known);
    if (isRouter(known)) {
      for (const ip of addressesOf(known)) {
        const owners = this.#owners.get(ip) ?? new AddressOwners(this.#order);
        this.#owners.set(ip, owners);
        owners.add(known);
      }
    }
    if (isConfigMap(known)) addTo(this.#configMaps, known.facts.name, known, this.#order);
    if (isLegacy(known)) {
      for (const name of configMapNamesOf(known)) addTo(this.#readers, name, known, this.#order);
    }
  }

  #remove(known: Known): void {
    if (!isPatch(known)) this.#scopes.remove(known);
    if (isRouter(known)) {
      for (const ip of addressesOf(known)) {
        const owners = this.#owners.get(ip);
        owners?.remove(known);
        if (owners?.all.length === 0) this.#owners.delete(ip);
      }
    }
    if (isConfigMap(known)) removeFrom(this.#configMaps, known.facts.name, known);
    if (isLegacy(known)) {
      for (const name of configMapNamesOf(known)) removeFrom(this.#readers, name, known);
    }
  }
}

/**
 * The only one there is, first of what is applied with it, then where else it may be; of several, the only one of the same name.
 *
 * @param scopes that of the unit first
 */
function counterpart<F extends Facts>(
  [inUnit, ...others]: readonly Scope[],
  groupOf: (scope: Scope) => FactsGroup<F>,
  name: string | undefined,
): Known<F> | undefined {
  const own = inUnit === undefined ? [] : [groupOf(inUnit)];
  const groups = own.some(({ all }) => all.length > 0) ? own : others.map(groupOf);
  const count = groups.reduce((sum, { all }) => sum + all.length, 0);
  const candidates = groups.flatMap((group) => (count === 1 ? group.all : group.named(name)));
  return candidates.length === 1 ? candidates[0] : undefined;
}

function configMapNamesOf({ facts }: Known<LegacyFacts>): ReadonlySet<string> {
  return new Set(facts.configMaps.map(({ name }) => name));
}

function addTo<F extends Facts>(
  groups: Map<string, FactsGroup<F>>,
  name: string | undefined,
  known: Known<F>,
  order: DocumentOrder,
): void {
  if (name === undefined) return;
  const group = groups.get(name) ?? new FactsGroup(order);
  groups.set(name, group);
  group.add(known);
}

function removeFrom<F extends Facts>(
  groups: Map<string, FactsGroup<F>>,
  name: string | undefined,
  known: Known<F>,
): void {
  if (name === undefined) return;
  groups.get(name)?.remove(known);
  if (groups.get(name)?.all.length === 0) groups.delete(name);
}
