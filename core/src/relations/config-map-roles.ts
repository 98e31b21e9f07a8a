import type { ConfigMapFacts, ConfigMapKeyFact, Facts, LegacyFacts } from './facts.ts';

export type ConfigMapRole = NonNullable<ConfigMapKeyFact['role']>;

/** The address that the routers send from which read a ConfigMap, where their pods tell of one and the same. */
export function sourceOfReaders(self: ConfigMapFacts, facts: readonly Facts[]): string | undefined {
  const [source, ...others] = new Set(readersOf(self, facts).map((reader) => reader.source));
  return others.length === 0 ? source : undefined;
}

/** What the keys of a ConfigMap are to hold for the routers of OpenShift SDN that read it; be they in it or not. */
export function rolesIn(self: ConfigMapFacts, facts: readonly Facts[]): ReadonlyMap<string, ConfigMapRole> {
  const roles = new Map<string, ConfigMapRole>();
  for (const { configMaps } of readersOf(self, facts)) {
    for (const { name, key, role } of configMaps)
      if (role !== undefined && name === self.name && !roles.has(key)) roles.set(key, role);
  }
  return roles;
}

function readersOf({ name, namespace }: ConfigMapFacts, facts: readonly Facts[]): readonly LegacyFacts[] {
  if (name === undefined) return [];
  return facts
    .filter((one) => one.kind === 'legacy')
    .filter(
      (one) =>
        mayBeOne(one.namespace, namespace) && one.configMaps.some((reference) => reference.name === name),
    );
}

/** What one does not say may be what the other one says. */
export function mayBeOne(namespace: string | undefined, other: string | undefined): boolean {
  return namespace === undefined || other === undefined || namespace === other;
}
