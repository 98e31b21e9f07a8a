import { type LegacySettings, settingsIn, toRouterManifest } from '#core/legacy/as-router.ts';
import { modeNotes } from '#core/legacy/candidates.ts';
import { readSource } from '#core/legacy/checks/check-addresses.ts';
import { readDestination } from '#core/legacy/destination.ts';
import { macvlanAnnotation } from '#core/legacy/detect.ts';
import type { LegacyReading } from '#core/legacy/parse.ts';
import { prefixLengthOf } from '#core/net/cidr.ts';
import type { Path } from '#core/problem.ts';
import { rolesIn } from '#core/relations/config-map-roles.ts';
import type { ConfigMapFacts, Facts } from '#core/relations/facts.ts';
import { valueAt } from '../../objects.ts';
import type { Span } from '../../text/span.ts';
import { scalarAt } from '../../yaml/embedded-json.ts';
import type { Parsed } from '../../yaml/parsed.ts';
import type { Place } from '../../yaml/path-at.ts';
import { sourceSpan, valueOffset } from '../../yaml/scalar-source.ts';
import { isWithin, settingsOf } from '../legacy-settings.ts';
import {
  isLegacyVariable,
  type LegacyVariable,
  macvlanText,
  variableOf,
  variableText,
} from '../legacy-texts.ts';
import { fallbackSentence, ruleSentence, valueSentence } from './value-sentence.ts';

interface Said {
  readonly markdown: string;
  readonly span: Span;
}

interface InObject {
  readonly root: Path;
  readonly path: Path;
}

/**
 * What a place of a router of OpenShift SDN is for, and what it becomes. Of the rules, the line under the cursor.
 * @param at of the place, in its object
 */
export function legacyHover(
  parsed: Parsed,
  place: Place,
  at: InObject,
  offset: number,
  reading: LegacyReading,
): Said | undefined {
  const { path } = at;
  if (path.at(-1) === macvlanAnnotation) return { markdown: macvlanText, span: place.span };
  const field = path.at(-1);
  const name = valueAt(reading.object, [...path.slice(0, -1), 'name']);
  if (!isLegacyVariable(name) || (field !== 'name' && field !== 'value')) return undefined;
  const container = reading.containers.find((one) => isWithin(path, one.path));
  const isValue = field === 'value' && place.kind === 'value';
  const found = isValue
    ? valueSaid(parsed, place, at, offset, name, settingsIn(reading, container))
    : undefined;
  return withMeaning(found, variableText(name), place);
}

/** What a ConfigMap says to the routers of OpenShift SDN that read it. */
export function configMapHover(
  parsed: Parsed,
  place: Place,
  at: InObject,
  offset: number,
  self: ConfigMapFacts,
  facts: readonly Facts[],
): Said | undefined {
  const [data, key, ...deeper] = at.path;
  if (data !== 'data' || typeof key !== 'string' || deeper.length > 0) return undefined;
  const role = rolesIn(self, facts).get(key);
  if (role === undefined) return undefined;
  const name = variableOf[role];
  const found =
    place.kind === 'value' ? valueSaid(parsed, place, at, offset, name, settingsOf(self, facts)) : undefined;
  return withMeaning(found, variableText(name), place);
}

function withMeaning(found: Said | undefined, meaning: string, { span }: Place): Said {
  return found === undefined
    ? { markdown: meaning, span }
    : { markdown: `${found.markdown}\n\n---\n\n${meaning}`, span: found.span };
}

/** What follows from the value itself; undefined where nothing does. */
function valueSaid(
  parsed: Parsed,
  place: Place,
  { root, path }: InObject,
  offset: number,
  name: LegacyVariable,
  settings: LegacySettings,
): Said | undefined {
  if (name === 'EGRESS_DESTINATION') return lineAt(parsed, [...root, ...path], offset, settings);
  const markdown =
    name === 'EGRESS_SOURCE' || name === 'EGRESS_GATEWAY'
      ? addressSaid(name, settings)
      : name === 'EGRESS_ROUTER_MODE'
        ? modeSaid(place.text)
        : undefined;
  return markdown === undefined ? undefined : { markdown, span: place.span };
}

function modeSaid(mode: string): string | undefined {
  const [, note] = Object.entries(modeNotes).find(([known]) => known === mode) ?? [];
  return note === undefined ? undefined : `**${mode}** · ${note}`;
}

/** Without a prefix length nothing tells of the network. */
function addressSaid(name: 'EGRESS_SOURCE' | 'EGRESS_GATEWAY', settings: LegacySettings): string | undefined {
  const source = readSource(settings.source?.trim() ?? '');
  if (source === undefined || prefixLengthOf(source) === 32) return undefined;
  const field = name === 'EGRESS_SOURCE' ? 'ip' : 'gateway';
  return valueSentence(['spec', 'addresses', 0, field], toRouterManifest(settings).reading);
}

function lineAt(parsed: Parsed, path: Path, offset: number, settings: LegacySettings): Said | undefined {
  const text = scalarAt(parsed, path);
  if (text === undefined) return undefined;
  const at = valueOffset(text.source, offset);
  const line = readDestination(text.value).find(({ span }) => span.start <= at && at <= span.end);
  if (line === undefined || (line.kind !== 'rule' && line.kind !== 'fallback')) return undefined;
  const { reading } = toRouterManifest(settings);
  const markdown =
    line.kind === 'fallback'
      ? fallbackSentence(line.destination, reading)
      : ruleSentence({ ...line.rule, targetPort: line.rule.targetPort ?? line.rule.port }, reading);
  return { markdown, span: sourceSpan(text.source, line.span) };
}
