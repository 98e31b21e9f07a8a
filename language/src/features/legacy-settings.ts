import { type LegacySettings, settingsIn } from '#core/legacy/as-router.ts';
import type { Path } from '#core/problem.ts';
import { rolesIn, sourceOfReaders } from '#core/relations/config-map-roles.ts';
import type { ConfigMapFacts, Facts } from '#core/relations/facts.ts';
import { type DocumentObject, valueAt } from '../objects.ts';

/** What a text at a path is a part of, where that is the rules of a router; undefined where it is something else. */
export function settingsFor(
  object: DocumentObject,
  path: Path,
  facts: readonly Facts[],
): LegacySettings | undefined {
  if (object.kind === 'config-map') {
    const roles = rolesIn(object.facts, facts);
    const isRules = path.length === 2 && path[0] === 'data' && roles.get(String(path[1])) === 'destination';
    return isRules ? settingsOf(object.facts, facts) : undefined;
  }
  if (object.kind !== 'legacy' || path.at(-1) !== 'value' || path.at(-3) !== 'env') return undefined;
  const { reading } = object;
  if (valueAt(reading.object, [...path.slice(0, -1), 'name']) !== 'EGRESS_DESTINATION') return undefined;
  const container = reading.containers.find((one) => isWithin(path, one.path));
  return container && settingsIn(reading, container);
}

export function isWithin(path: Path, outer: Path): boolean {
  return outer.every((step, index) => step === path[index]);
}

/** What the ConfigMap itself says, and the pods that read it of their address. */
export function settingsOf(self: ConfigMapFacts, facts: readonly Facts[]): LegacySettings {
  const { name, namespace, texts } = self;
  const source = sourceOfReaders(self, facts);
  const written = [...rolesIn(self, facts)].flatMap(([key, role]) =>
    Object.hasOwn(texts, key) ? [[role, texts[key]] as const] : [],
  );
  return {
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(source === undefined ? {} : { source }),
    ...Object.fromEntries(written),
  };
}
