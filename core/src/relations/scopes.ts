import type { DocumentOrder } from './document-order.ts';
import type { Facts, Known, LegacyFacts, NadFacts, RouterFacts, ServiceFacts } from './facts.ts';
import { FactsGroup } from './facts-group.ts';

/** The objects of one namespace: in all files, or in one file. */
export interface Scope {
  readonly routers: FactsGroup<RouterFacts>;
  readonly services: FactsGroup<ServiceFacts>;
  readonly nads: FactsGroup<NadFacts>;
  readonly legacies: FactsGroup<LegacyFacts>;
}

/** Objects by namespace. One whose namespace is not written is in that of its file, with no other file's. */
export class Scopes {
  readonly #order: DocumentOrder;
  readonly #scopes = new Map<string, Scope>();

  constructor(order: DocumentOrder) {
    this.#order = order;
  }

  /** Where an object is: first with those of its file, then with those of all files. */
  of(known: Known): readonly Scope[] {
    return keysOf(known, this.#order).flatMap((key) => this.#scopes.get(key) ?? []);
  }

  ofFile(known: Known): Scope | undefined {
    return this.of(known)[0];
  }

  /** All that is in the same namespace for certain. */
  widest(known: Known): Scope | undefined {
    return this.of(known).at(-1);
  }

  ofNamespace(namespace: string): Scope | undefined {
    return this.#scopes.get(namespaceKey(namespace));
  }

  add(known: Known): void {
    for (const key of keysOf(known, this.#order)) {
      let scope = this.#scopes.get(key);
      if (scope === undefined) {
        scope = emptyScope(this.#order);
        this.#scopes.set(key, scope);
      }
      forGroupOf(known, scope, 'add');
    }
  }

  remove(known: Known): void {
    for (const key of keysOf(known, this.#order)) {
      const scope = this.#scopes.get(key);
      if (scope === undefined) continue;
      forGroupOf(known, scope, 'remove');
      if (isEmpty(scope)) this.#scopes.delete(key);
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
  const inFile = `file ${namespace ?? ''} ${order.fileOf(known.document)}`;
  return namespace === undefined ? [inFile] : [inFile, namespaceKey(namespace)];
}

function namespaceKey(namespace: string): string {
  return `namespace ${namespace}`;
}

function emptyScope(order: DocumentOrder): Scope {
  return {
    routers: new FactsGroup(order),
    services: new FactsGroup(order),
    nads: new FactsGroup(order),
    legacies: new FactsGroup(order),
  };
}

function forGroupOf(known: Known, scope: Scope, act: 'add' | 'remove'): void {
  if (isRouter(known)) scope.routers[act](known);
  else if (isService(known)) scope.services[act](known);
  else if (isNad(known)) scope.nads[act](known);
  else if (isLegacy(known)) scope.legacies[act](known);
}

function isEmpty({ routers, services, nads, legacies }: Scope): boolean {
  return [routers, services, nads, legacies].every(({ all }) => all.length === 0);
}
