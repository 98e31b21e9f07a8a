import { checkSetting } from '#core/legacy/checks/check-setting.ts';
import type { LegacyProblemCode } from '#core/legacy/problems.ts';
import { appLabel, appLabelValue } from '#core/manifest/names.ts';
import type { Fix, Path, Problem, RelatedPlace, ValueEdit } from '#core/problem.ts';
import { nearestWord } from '#core/schema/nearest-word.ts';
import { type ConfigMapRole, mayBeOne } from './config-map-roles.ts';
import type { ConfigMapFacts, Known, LegacyFacts, ServiceFacts } from './facts.ts';
import { fullName, placeIn } from './places.ts';
import type { RelationProblemCode } from './problem-codes.ts';
import type { RelationIndex } from './relation-index.ts';
import { selects } from './selection.ts';

/** A Service that is meant for the pod of a legacy router and does not select it. */
export function checkLegacySelector(
  self: Known<ServiceFacts>,
  index: RelationIndex,
): Problem<RelationProblemCode>[] {
  const { selector, name, type } = self.facts;
  const legacy = index.legacyFor(self);
  if (legacy === undefined || selector === undefined || type === 'ExternalName') return [];
  const { labels } = legacy.facts;
  // One that selects the router's pod has been migrated already.
  if (selects(selector, labels) || selector[appLabel] === appLabelValue) return [];
  const isNamesake = name !== undefined && name === legacy.facts.name;
  const isNear = Object.entries(selector).some((pair) => isNearMiss(pair, legacy.facts));
  if (!isNamesake && !isNear) return [];
  const wrong = Object.keys(selector).find(
    (key) => Object.hasOwn(labels, key) && labels[key] !== selector[key],
  );
  const edits = selectorEdits(selector, labels);
  const wanted = Object.entries(labels)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ');
  const fix: Fix = { title: 'Select the labels of the pod', edits };
  return [
    {
      code: 'legacy-service-selector',
      severity: 'warning',
      path: ['spec', 'selector', ...(wrong === undefined ? [] : [wrong])],
      ...(wrong === undefined ? { at: 'key' as const } : {}),
      message: `This selector does not select the pod of the egress router ${fullName(legacy.facts)}, ${wanted === '' ? 'which has no labels' : `whose labels are ${wanted}`}.`,
      related: [placeIn(legacy, ['metadata', 'name'], 'The egress router.')],
      fixes: edits.length === 0 ? [] : [fix],
    },
  ];
}

/** Keys and ConfigMaps that a legacy router reads its settings from, and that are not there. */
export function checkLegacy(self: Known<LegacyFacts>, index: RelationIndex): Problem<RelationProblemCode>[] {
  return self.facts.configMaps.flatMap((reference): Problem<RelationProblemCode>[] => {
    const known = index.configMapsNamed(reference.name);
    const { namespace } = self.facts;
    if (reference.isOneOfMany === true) return [];
    const beside = known.filter(
      (one) =>
        one.facts.namespace === namespace && (namespace !== undefined || index.areInOneFile(self, one)),
    );
    const [first] = beside;
    if (first !== undefined) {
      if (beside.some(({ facts }) => facts.keys.includes(reference.key))) return [];
      const { keys } = first.facts;
      const near = nearestWord(reference.key, keys) ?? (keys.length === 1 ? keys[0] : undefined);
      const { isWhole } = reference;
      const path = [...reference.path, isWhole === true ? 'name' : 'key'];
      // To take over all keys, none is named here.
      const fixes = near === undefined || isWhole === true ? [] : [useKey(near, path)];
      const list = keys.length === 0 ? 'it has no keys' : `its keys are ${keys.join(', ')}`;
      const message = `The ConfigMap ${fullName(first.facts)} has no key "${reference.key}"; ${list}.`;
      const related = [placeIn(first, ['metadata', 'name'], 'The ConfigMap.')];
      return [{ code: 'config-map-key', severity: 'warning', path, message, related, fixes }];
    }
    const [other] = known;
    // Where it may be in any namespace, it may be in this one.
    if (other === undefined || namespace === undefined) return [];
    if (known.some(({ facts }) => facts.namespace === undefined)) return [];
    return [
      {
        code: 'config-map-missing',
        severity: 'warning',
        path: [...reference.path, 'name'],
        message: `There is a ConfigMap ${fullName(other.facts)}, but none of that name in the namespace ${namespace}, where the pod looks for it.`,
        related: [placeIn(other, ['metadata', 'name'], 'The ConfigMap of another namespace.')],
      },
    ];
  });
}

/** What is wrong with the rules and addresses that a legacy router reads from a ConfigMap, told where they stand. */
export function checkConfigMap(
  self: Known<ConfigMapFacts>,
  index: RelationIndex,
): Problem<LegacyProblemCode>[] {
  const { name, namespace, texts } = self.facts;
  const readers = name === undefined ? [] : index.readersOf(name);
  const read = new Map<string, { readonly role: ConfigMapRole; readonly reader: RelatedPlace }>();
  for (const reader of readers) {
    if (!mayBeOne(reader.facts.namespace, namespace)) continue;
    for (const { name: named, key, path, role } of reader.facts.configMaps) {
      if (role === undefined || named !== name || read.has(key)) continue;
      read.set(key, { role, reader: placeIn(reader, path, 'The egress router that reads it.') });
    }
  }
  const settings = [...read].flatMap(([key, { role, reader }]) => {
    const text = Object.hasOwn(texts, key) ? texts[key] : undefined;
    return text === undefined ? [] : [{ role, text, path: ['data', key], reader }];
  });
  return settings.flatMap(({ reader, ...setting }) =>
    checkSetting(setting, settings).map((problem) => ({ ...problem, related: [reader] })),
  );
}

function useKey(value: string, path: Path): Fix {
  return { title: `Use ${value}`, edits: [{ kind: 'replace', path, value }] };
}

function isNearMiss([key, value]: readonly [string, string], { labels, name }: LegacyFacts): boolean {
  const label = Object.hasOwn(labels, key) ? labels[key] : undefined;
  if (label !== undefined && (value === name || nearestWord(value, [label]) !== undefined)) return true;
  return label === undefined && Object.values(labels).includes(value);
}

/** Every pair made one of the pod's labels, or taken away; none where nothing would be left. */
function selectorEdits(
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): readonly ValueEdit[] {
  const at = (key: string): Path => ['spec', 'selector', key];
  const kept = Object.keys(selector).filter((key) => Object.hasOwn(labels, key));
  const others = Object.keys(selector).filter((key) => !kept.includes(key));
  const corrected = kept
    .filter((key) => labels[key] !== selector[key])
    .map((key) => ({ kind: 'replace', path: at(key), value: labels[key] ?? '' }) as const);
  if (kept.length > 0)
    return [...corrected, ...others.map((key) => ({ kind: 'remove', path: at(key) }) as const)];
  const [only] = others;
  const label = Object.keys(labels).find((key) => only !== undefined && labels[key] === selector[only]);
  if (others.length === 1 && only !== undefined && label !== undefined) {
    return [{ kind: 'rename', path: at(only), key: label }];
  }
  const [first] = Object.entries(labels);
  if (first === undefined) return [];
  return [
    ...others.map((key) => ({ kind: 'remove', path: at(key) }) as const),
    { kind: 'add', path: at(first[0]), value: first[1] },
  ];
}
