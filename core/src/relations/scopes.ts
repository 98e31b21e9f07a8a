import type { DocumentOrder } from './document-order.ts';
import type { Facts, Known, LegacyFacts, NadFacts, RouterFacts, ServiceFacts } from './facts.ts';
import { FactsGroup } from './facts-group.ts';
import { WrittenNamespaces } from './written-namespaces.ts';

/** The objects of one namespace: in all files, or in one file. */
export interface Scope {
  readonly routers: FactsGroup<RouterFacts>;
  readonly services: FactsGroup<ServiceFacts>;
  readonly nads: FactsGroup<NadFacts>;
  readonly legacies: FactsGroup<LegacyFacts>;
}

type OpenScope = { -readonly [Kind in keyof Scope]: Scope[Kind] };

/** Objects by namespace. One whose namespace is not written is in that of its file, with no other file's. */
export class Scopes {
  readonly #order: DocumentOrder;
  readonly #namespaces: WrittenNamespaces;
  readonly #scopes = new Map<string, OpenScope>();
  /** Most objects are alone in their file: what a scope does not hold has no group of its own. */
  readonly #empty: Scope;

  constructor(order: DocumentOrder) {
    this.#order = order;
    this.#namespaces = new WrittenNamespaces(order);
    this.#empty = emptyScope(order);
  }

  /**
   * Where an object is: first with those of its file, then with those of all files, and at last with those of its
   * file that are likely to be in the same namespace, as one of the two says none.
   */
  of(known: Known): readonly Scope[] {
    const keys = keysOf(known, this.#order);
    const likely = this.#likelyKey(known);
    return (likely === undefined ? keys : [...keys, likely]).flatMap((key) => this.#scopes.get(key) ?? []);
  }

  ofFile(known: Known): Scope | undefined {
    const [key] = keysOf(known, this.#order);
    return key === undefined ? undefined : this.#scopes.get(key);
  }

  /** All that is in the same namespace for certain. */
  widest(known: Known): Scope | undefined {
    const key = keysOf(known, this.#order).at(-1);
    return key === undefined ? undefined : this.#scopes.get(key);
  }

  /** Those of a file whose other scopes are not the same once some objects of it are put in place of others. */
  regrouped(previous: readonly Known[], next: readonly Known[]): readonly Scope[] {
    const [one] = [...previous, ...next];
    if (one === undefined) return [];
    const file = this.#order.fileOf(one.document);
    const before = this.#namespaces.onlyOneOf(file);
    const after = this.#namespaces.onlyOneAfter(file, previous, next);
    if (before === after) return [];
    const namespaces = new Set([undefined, before, after]);
    return [...namespaces].flatMap((namespace) => this.#scopes.get(fileKey(namespace, file)) ?? []);
  }

  /** The first router in the same namespace that is not one of the agent. */
  firstBeside(router: Known<RouterFacts>): Known<RouterFacts> | undefined {
    return this.widest(router)?.routers.all.find(({ facts }) => facts.isForAgent !== true);
  }

  add(known: Known): void {
    this.#namespaces.add(known);
    for (const key of keysOf(known, this.#order)) {
      let scope = this.#scopes.get(key);
      if (scope === undefined) {
        scope = { ...this.#empty };
        this.#scopes.set(key, scope);
      }
      this.#addTo(scope, known);
    }
  }

  remove(known: Known): void {
    this.#namespaces.remove(known);
    for (const key of keysOf(known, this.#order)) {
      const scope = this.#scopes.get(key);
      if (scope === undefined) continue;
      removeFrom(scope, known);
      if (isEmpty(scope)) this.#scopes.delete(key);
    }
  }

  #likelyKey({ document, facts: { kind, namespace } }: Known): string | undefined {
    if (kind === 'configMap') return undefined;
    const file = this.#order.fileOf(document);
    const only = this.#namespaces.onlyOneOf(file);
    return only === undefined ? undefined : fileKey(namespace === undefined ? only : undefined, file);
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

function keysOf(known: Known, order: DocumentOrder): readonly string[] {
  // ConfigMaps are found by their names alone.
  if (known.facts.kind === 'configMap') return [];
  const { namespace } = known.facts;
  const inFile = fileKey(namespace, order.fileOf(known.document));
  return namespace === undefined ? [inFile] : [inFile, `namespace ${namespace}`];
}

function fileKey(namespace: string | undefined, file: string): string {
  return `file ${namespace ?? ''} ${file}`;
}

function emptyScope(order: DocumentOrder): Scope {
  return {
    routers: new FactsGroup(order),
    services: new FactsGroup(order),
    nads: new FactsGroup(order),
    legacies: new FactsGroup(order),
  };
}

function removeFrom(scope: Scope, known: Known): void {
  if (isRouter(known)) scope.routers.remove(known);
  else if (isService(known)) scope.services.remove(known);
  else if (isNad(known)) scope.nads.remove(known);
  else if (isLegacy(known)) scope.legacies.remove(known);
}

function isEmpty({ routers, services, nads, legacies }: Scope): boolean {
  return [routers, services, nads, legacies].every(({ all }) => all.length === 0);
}
