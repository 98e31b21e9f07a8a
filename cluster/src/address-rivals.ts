import type { KubernetesObject } from '#core/manifest/object.ts';
import { areSameClaims, type Claim } from './address-claims.ts';

/** Another router that has an address of this one too. */
export interface Rival {
  readonly ip: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * Which routers, of whichever namespaces, have one address. Two that name different NICs are on different networks,
 * where the same address may be there twice.
 */
export class AddressRivals {
  readonly #byIp = new Map<string, Map<string, Holder>>();
  readonly #claims = new Map<string, readonly Claim[]>();

  /** @returns the namespaces whose routers may have other rivals than before */
  set(router: KubernetesObject, after: readonly Claim[]): ReadonlySet<string> {
    const key = keyOf(router);
    const { namespace = '', name } = router.metadata;
    const before = this.#claims.get(key) ?? [];
    if (areSameClaims(before, after)) return new Set();
    const touched = new Set([
      ...this.#remove(key, before),
      ...after.flatMap(({ ip }) => this.#holdersOf(ip)),
    ]);
    for (const claim of after) {
      const holders = this.#byIp.get(claim.ip) ?? new Map<string, Holder>();
      this.#byIp.set(claim.ip, holders);
      holders.set(key, { ...claim, namespace, name });
    }
    this.#claims.set(key, after);
    return touched;
  }

  /** @returns as `set` does */
  delete(router: KubernetesObject): ReadonlySet<string> {
    const key = keyOf(router);
    const touched = this.#remove(key, this.#claims.get(key) ?? []);
    this.#claims.delete(key);
    return touched;
  }

  /** The first one by namespace and name. */
  rivalOf(router: KubernetesObject): Rival | undefined {
    const key = keyOf(router);
    for (const claim of this.#claims.get(key) ?? []) {
      const holders = this.#byIp.get(claim.ip);
      if (holders === undefined || holders.size < 2) continue;
      const others = [...holders]
        .filter(([other, { master }]) => other !== key && mayMeet(master, claim.master))
        .map(([, { ip, namespace, name }]) => ({ ip, namespace, name }));
      const [first] = others.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
      if (first !== undefined) return first;
    }
    return undefined;
  }

  #remove(key: string, claims: readonly Claim[]): ReadonlySet<string> {
    const touched = new Set<string>();
    for (const { ip } of claims) {
      const holders = this.#byIp.get(ip);
      holders?.delete(key);
      if (holders?.size === 0) this.#byIp.delete(ip);
      for (const namespace of this.#holdersOf(ip)) touched.add(namespace);
    }
    return touched;
  }

  #holdersOf(ip: string): readonly string[] {
    return [...(this.#byIp.get(ip)?.values() ?? [])].map(({ namespace }) => namespace);
  }
}

interface Holder extends Rival, Claim {}

function mayMeet(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

function textOf({ namespace, name }: Rival): string {
  return `${namespace}\n${name}`;
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
