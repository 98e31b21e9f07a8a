import type { Surroundings } from '#core/egress-router/candidates/candidate.ts';
import { addressCandidates } from '#core/legacy/candidates.ts';
import { type ConfigMapRole, rolesIn } from '#core/relations/config-map-roles.ts';
import type { ConfigMapFacts } from '#core/relations/facts.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { valueAt } from '../../objects.ts';
import type { Parsed } from '../../yaml/parsed.ts';
import type { Place } from '../../yaml/path-at.ts';
import { settingsOf } from '../legacy-settings.ts';
import { legacyVariables, variableOf } from '../legacy-texts.ts';
import type { Completion } from './completion-item.ts';
import { canStand, keyText, type PathInObject, withoutWord } from './key-completion.ts';
import { toValue } from './value-completion.ts';

/** The keys of a ConfigMap that routers of OpenShift SDN read, and the addresses in it. */
export function configMapCompletions(
  parsed: Parsed,
  place: Place,
  { root, path }: PathInObject,
  self: ConfigMapFacts,
  surroundings: Surroundings,
): readonly Completion[] {
  if (path.length !== 2 || path[0] !== 'data') return [];
  const roles = rolesIn(self, surroundings.facts);
  if (place.kind === 'value') {
    const role = roles.get(String(path[1]));
    if (role !== 'source' && role !== 'gateway') return [];
    const settings = settingsOf(self, surroundings.facts);
    return addressCandidates(role, settings, surroundings).map((one) => toValue(one, place));
  }
  const sound = withoutWord(parsed, place);
  if (sound === undefined || (place.missing && !place.flow && !canStand(sound, place))) return [];
  const present = valueAt(sound.value, [...root, 'data']);
  const own = place.missing ? undefined : path[1];
  return order.flatMap((role) =>
    [...roles]
      .filter(
        ([key, its]) =>
          its === role && (key === own || !(isJsonObject(present) && Object.hasOwn(present, key))),
      )
      .map(([key]) => ({
        label: key,
        kind: 'field' as const,
        documentation: `**${key}** · ${legacyVariables[variableOf[role]]}`,
        ...keyText(parsed.text, place, key, undefined),
        hasValues: true as const,
      })),
  );
}

/** As people write them. */
const order = ['source', 'gateway', 'destination'] as const satisfies readonly ConfigMapRole[];
