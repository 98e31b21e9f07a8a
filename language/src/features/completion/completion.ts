import { nothingAround, type Surroundings } from '#core/egress-router/candidates/candidate.ts';
import { optionPrefix } from '#core/egress-router/options.ts';
import { at, textAt } from '#core/json-value.ts';
import { nadKind } from '#core/manifest/names.ts';
import { parseCidr } from '#core/net/cidr.ts';
import { parseIp } from '#core/net/ip.ts';
import { readService } from '#core/service/parse.ts';
import type { FileSlice, YamlFile } from '../../document.ts';
import { mayBecomeEgressRouter } from '../../is-egress-router.ts';
import { type DocumentObject, objectAt, toFacts } from '../../objects.ts';
import { readContent } from '../../slice-content.ts';
import { sliceAt } from '../../text/slices.ts';
import { moved } from '../../text/span.ts';
import { type Parsed, parseSlice, tryParse } from '../../yaml/parsed.ts';
import { type Place, pathAt, placeInText } from '../../yaml/path-at.ts';
import { settingsFor } from '../legacy-settings.ts';
import type { Completion } from './completion-item.ts';
import { configMapCompletions } from './config-map-completion.ts';
import { keysAt } from './key-completion.ts';
import { legacyCompletions } from './legacy-completion.ts';
import { lineCompletions } from './line-completion.ts';
import { nadCompletions } from './nad-completion.ts';
import { serviceCompletions } from './service-completion.ts';
import { manifestSkeletons } from './skeleton.ts';
import { valuesAt } from './value-completion.ts';

/**
 * What could be written at the cursor, best first. All of it comes from our own schema and from what is known
 * around the document, so an answer takes no longer than reading the document under the cursor.
 */
export function completionsAt(
  file: YamlFile,
  offset: number,
  surroundings: Surroundings = nothingAround,
): readonly Completion[] {
  const slice = sliceAt(file.slices, offset);
  if (slice === undefined) return [];
  const inSlice = offset - slice.start;
  const completions =
    manifestsAt(slice.text, inSlice, surroundings, file) ?? inDocument(slice, file, inSlice, surroundings);
  return unlessWritten(completions, slice.text, inSlice).map((one) => ({
    ...one,
    span: moved(one.span, slice.start),
  }));
}

/**
 * Values go on from what is typed of them. Where that is a whole value by itself, nothing is offered: editors take
 * the first offer at Enter, and a person who has typed `203.0.113.2` or `90` does not mean another one.
 */
function unlessWritten(
  completions: readonly Completion[],
  text: string,
  offset: number,
): readonly Completion[] {
  const fitting = completions.filter(({ kind, label, span }) => {
    const typed = text.slice(span.start, offset).toLowerCase();
    return kind !== 'value' || label.toLowerCase().startsWith(typed);
  });
  const values = fitting.filter(({ kind }) => kind === 'value');
  const [first] = values;
  if (first === undefined) return fitting;
  const typed = text.slice(first.span.start, offset);
  const isWritten = isWhole(typed, values) || (values.length === 1 && first.label === typed);
  return isWritten ? fitting.filter(({ kind }) => kind !== 'value') : fitting;
}

const number = /^[0-9]+$/;

/** A number or an address; not one that still lacks its prefix length. */
function isWhole(typed: string, values: readonly Completion[]): boolean {
  if (parseCidr(typed) !== undefined) return true;
  if (number.test(typed) && values.every(({ label }) => number.test(label))) return true;
  return parseIp(typed) !== undefined && !values.some(({ label }) => label.startsWith(`${typed}/`));
}

/** Whole manifests, where the document holds nothing but, perhaps, the beginning of a word. */
function manifestsAt(
  text: string,
  offset: number,
  surroundings: Surroundings,
  file: YamlFile,
): readonly Completion[] | undefined {
  const word = /(?<=^|\n|^\uFEFF)[\w-]*$/.exec(text.slice(0, offset))?.[0];
  if (word === undefined || word.startsWith('--')) return undefined;
  const rest = text.slice(0, offset - word.length) + text.slice(offset);
  if (
    !rest
      .replace(/^\uFEFF/, '')
      .split('\n')
      .every(holdsNothing)
  )
    return undefined;
  const span = { start: offset - word.length, end: offset };
  return manifestSkeletons(withThose(file, surroundings)).map(
    ({ label, detail, description, text: snippet }) => ({
      label,
      kind: 'manifest',
      detail,
      documentation: `${description}.`,
      span,
      snippet,
    }),
  );
}

/** Line by line: a pattern for all of them would try each way to share out blank ones. */
function holdsNothing(line: string): boolean {
  return /^\s*(?:#.*|%.*|---\s*|\.\.\.\s*)?$/.test(line);
}

function inDocument(
  slice: FileSlice,
  file: YamlFile,
  offset: number,
  surroundings: Surroundings,
): readonly Completion[] {
  const known = slice.content?.objects ?? objectsWithoutWord(slice.text, offset);
  const parsed =
    slice.content?.source.parsed() ?? (known === undefined ? beginning(slice.text) : tryParse(slice.text));
  if (parsed === undefined) return [];
  const place = pathAt(parsed, offset);
  const rules = known === undefined ? [] : ruleCompletions(parsed, place, offset, known, file, surroundings);
  if (place === undefined || rules.length > 0) return rules;
  // The document may not be a router yet.
  const found =
    known === undefined
      ? { object: { kind: kindOf(parsed), root: [] } as const, path: place.path }
      : objectAt(known, place.path);
  if (found === undefined) return [];
  const inObject = { root: found.object.root, path: found.path };
  switch (found.object.kind) {
    case 'router':
      return place.kind === 'value'
        ? valuesAt(parsed, place, inObject, surroundings)
        : keysAt(parsed, place, inObject, surroundings).filter(
            // The Cluster Network Operator knows none of our annotations.
            ({ label }) => slice.content?.reconciler !== 'cno' || !label.startsWith(optionPrefix),
          );
    case 'nad':
      return nadCompletions(parsed, place, inObject, offset, withThose(file, surroundings));
    case 'service':
      return serviceCompletions(parsed, place, inObject, withThose(file, surroundings));
    case 'legacy':
      return legacyCompletions(parsed, place, inObject, found.object.reading, surroundings);
    case 'config-map': {
      const { facts } = withThose(file, surroundings, 'legacy');
      return configMapCompletions(parsed, place, inObject, found.object.facts, { ...surroundings, facts });
    }
  }
}

/** In the lines of a string that a router of OpenShift SDN is to read. */
function ruleCompletions(
  parsed: Parsed,
  place: Place | undefined,
  offset: number,
  known: readonly DocumentObject[],
  file: YamlFile,
  surroundings: Surroundings,
): readonly Completion[] {
  const mayBeThere = known.some(({ kind }) => kind === 'legacy' || kind === 'config-map');
  const inText = mayBeThere && place?.kind !== 'key' ? placeInText(parsed, offset) : undefined;
  const found = inText && objectAt(known, inText.path);
  if (inText === undefined || found === undefined) return [];
  const settings = settingsFor(found.object, found.path, withThose(file, surroundings, 'legacy').facts);
  if (settings === undefined) return [];
  return lineCompletions(parsed.text, inText, offset, place?.flow === true, settings, surroundings);
}

/** The routers of the file itself come first. */
function withThose(
  { slices }: YamlFile,
  surroundings: Surroundings,
  wanted: 'router' | 'legacy' = 'router',
): Surroundings {
  const own = slices.flatMap(({ content }) =>
    (content?.objects ?? []).filter(({ kind }) => kind === wanted).map(toFacts),
  );
  return { ...surroundings, facts: [...own, ...surroundings.facts] };
}

/** A word that is no key yet can break the document, so that nothing tells what it is. */
function objectsWithoutWord(text: string, offset: number): readonly DocumentObject[] | undefined {
  if (text.length > longestWithoutWord) return undefined;
  const before = /[\w./-]*$/.exec(text.slice(Math.max(0, offset - longestWord), offset))?.[0] ?? '';
  const after = /^[\w./-]*/.exec(text.slice(offset, offset + longestWord))?.[0] ?? '';
  if (before === '') return undefined;
  const sound = text.slice(0, offset - before.length) + text.slice(offset + after.length);
  return readContent(sound, { reconciler: 'unknown' })?.objects;
}

const longestWord = 100;
const longestWithoutWord = 100_000;

/** A manifest that may become one of a router, or a Service, of which nothing tells yet that it is a router's. */
function beginning(text: string): Parsed | undefined {
  if (
    text.length > 2000 ||
    !/EgressRouter|network\.operator\.openshift\.io|\bService\b|NetworkAttachmentDefinition/.test(text)
  )
    return undefined;
  const parsed = parseSlice(text);
  return mayBecomeEgressRouter(parsed) || kindOf(parsed) !== 'router' ? parsed : undefined;
}

function kindOf({ value }: Parsed): 'router' | 'service' | 'nad' {
  if (isNadWithoutConfig(value)) return 'nad';
  return readService(value) === undefined ? 'router' : 'service';
}

/** It may become that of a router. */
function isNadWithoutConfig(value: unknown): boolean {
  return textAt(value, 'kind') === nadKind && (at(value, 'spec', 'config') ?? '') === '';
}
