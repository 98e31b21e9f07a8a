import { candidateText, type Surroundings } from '#core/egress-router/candidates/candidate.ts';
import { settingsIn } from '#core/legacy/as-router.ts';
import {
  addressCandidates,
  lineCandidates,
  macvlanCandidates,
  modeCandidates,
} from '#core/legacy/candidates.ts';
import { macvlanAnnotation } from '#core/legacy/detect.ts';
import { listAt } from '#core/legacy/fields.ts';
import { type LegacyContainer, type LegacyReading, proxyOf } from '#core/legacy/parse.ts';
import type { Path } from '#core/problem.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { valueAt } from '../../objects.ts';
import type { Parsed } from '../../yaml/parsed.ts';
import type { Place } from '../../yaml/path-at.ts';
import { isWithin } from '../legacy-settings.ts';
import { type LegacyVariable, macvlanText, variableText } from '../legacy-texts.ts';
import type { Completion } from './completion-item.ts';
import {
  canStand,
  innerIndent,
  keyText,
  newEntryAt,
  type PathInObject,
  withoutWord,
} from './key-completion.ts';
import { toSnippet, toValue } from './value-completion.ts';

/**
 * What makes a pod a router of OpenShift SDN: its annotation, and the environment of the container that sets the
 * network up. All else is that of any pod, and for others to complete.
 */
export function legacyCompletions(
  parsed: Parsed,
  place: Place,
  at: PathInObject,
  reading: LegacyReading,
  surroundings: Surroundings,
): readonly Completion[] {
  const metadata = [...reading.place.podPath, 'metadata'];
  if (isWithin(at.path, metadata)) return annotations(parsed, place, at, reading, surroundings);
  const begun = place.kind === 'key' ? newEntryAt(parsed, place, at.root) : undefined;
  const path = begun ?? at.path;
  const container = reading.containers.find((one) => isWithin(path, one.path));
  const variables = container === undefined ? [] : variablesOf(reading, container);
  const [env, index, field, ...deeper] = container === undefined ? [] : path.slice(container.path.length);
  if (container === undefined || variables.length === 0 || env !== 'env' || deeper.length > 0) return [];
  const entry = typeof index === 'number' ? valueAt(container.value, [env, index]) : undefined;
  const names = listAt(container.value[env]).map((one) => valueAt(one, ['name']));
  const free = variables.filter((name) => !names.includes(name));
  const entries = (dash: '- ' | ''): readonly Completion[] =>
    free.map((name) => entryOf(parsed, place, dash, name, reading, container, surroundings));
  if (begun !== undefined && field === undefined) return entries('- ');
  if (typeof index !== 'number') return [];
  if (place.kind === 'key') {
    if (field === undefined || place.flow || isJsonObject(entry)) return entryKeys(parsed, place, at, entry);
    return [...entries(''), ...entryKeys(parsed, place, at, entry)];
  }
  const own = valueAt(entry, ['name']);
  if (field === 'name') {
    return variables
      .filter((name) => name === own || free.includes(name))
      .map((name) => toValue({ parts: [name], note: variableText(name) }, place));
  }
  const settings = settingsIn(reading, container);
  if (field !== 'value') return [];
  const found =
    own === 'EGRESS_SOURCE'
      ? addressCandidates('source', settings, surroundings)
      : own === 'EGRESS_GATEWAY'
        ? addressCandidates('gateway', settings, surroundings)
        : own === 'EGRESS_ROUTER_MODE'
          ? modeCandidates(container)
          : [];
  return found.map((candidate) => toValue(candidate, place));
}

/** In the order people write them. A router that only makes way for a proxy has no destinations. */
function variablesOf(reading: LegacyReading, container: LegacyContainer): readonly LegacyVariable[] {
  if (container.image === 'http-proxy') return ['EGRESS_HTTP_PROXY_DESTINATION'];
  if (container.image === 'dns-proxy') return ['EGRESS_DNS_PROXY_DESTINATION'];
  // Its image may have been renamed: then it is the one that runs first.
  if ((reading.router ?? reading.containers[0]) !== container && container.image !== 'router') return [];
  return proxyOf(reading) === undefined
    ? ['EGRESS_SOURCE', 'EGRESS_GATEWAY', 'EGRESS_DESTINATION', 'EGRESS_ROUTER_MODE']
    : ['EGRESS_SOURCE', 'EGRESS_GATEWAY', 'EGRESS_ROUTER_MODE'];
}

function entryOf(
  { text }: Parsed,
  { span }: Place,
  dash: '- ' | '',
  name: LegacyVariable,
  reading: LegacyReading,
  container: LegacyContainer,
  surroundings: Surroundings,
): Completion {
  const indent = innerIndent(text, span) + ' '.repeat(dash.length);
  const value = valueOf(name, indent, reading, container, surroundings);
  return {
    label: `name: ${name}`,
    kind: 'field',
    documentation: variableText(name),
    span,
    snippet: `${dash}name: ${name}\n${indent}value: ${value}`,
  };
}

/** With examples where nothing tells what it is to be. */
function valueOf(
  name: LegacyVariable,
  indent: string,
  reading: LegacyReading,
  container: LegacyContainer,
  surroundings: Surroundings,
): string {
  const settings = settingsIn(reading, container);
  switch (name) {
    case 'EGRESS_SOURCE':
    case 'EGRESS_GATEWAY': {
      const role = name === 'EGRESS_SOURCE' ? 'source' : 'gateway';
      const [first] = addressCandidates(role, settings, surroundings);
      return `\${1:${first === undefined ? '192.168.12.1' : candidateText(first)}}`;
    }
    case 'EGRESS_ROUTER_MODE':
      return modeCandidates(container).slice(0, 1).map(candidateText).join('');
    case 'EGRESS_DESTINATION': {
      const [line] = lineCandidates({ before: '', after: '', above: '', below: '' }, settings, surroundings);
      return `|\n${indent}  ${line === undefined ? '' : toSnippet(line)}`;
    }
    case 'EGRESS_HTTP_PROXY_DESTINATION':
      return `|\n${indent}  \${1:*.example.com}`;
    case 'EGRESS_DNS_PROXY_DESTINATION':
      return `|\n${indent}  \${1:80} \${2:203.0.113.25}`;
  }
}

const keys = {
  name: 'The name of the variable.',
  value: 'Its value, which has to be text.',
  valueFrom: 'Where its value comes from, such as a key of a ConfigMap.',
} as const;

function entryKeys(
  parsed: Parsed,
  place: Place,
  { path }: PathInObject,
  entry: unknown,
): readonly Completion[] {
  const sound = withoutWord(parsed, place);
  if (sound === undefined) return [];
  if (place.missing && !place.flow && isJsonObject(entry) && !canStand(sound, place)) return [];
  const own = place.missing ? undefined : path.at(-1);
  const has = (key: string): boolean => key !== own && isJsonObject(entry) && Object.hasOwn(entry, key);
  const isSet = has('value') || has('valueFrom');
  return Object.entries(keys)
    .filter(([key]) => !has(key) && !(isSet && key !== 'name'))
    .map(([key, documentation]) => ({
      label: key,
      kind: 'field',
      documentation,
      ...keyText(parsed.text, place, key, undefined),
      ...(key === 'valueFrom' ? {} : { hasValues: true as const }),
    }));
}

/** In the metadata of the pod. */
function annotations(
  parsed: Parsed,
  place: Place,
  { path }: PathInObject,
  reading: LegacyReading,
  surroundings: Surroundings,
): readonly Completion[] {
  const depth = reading.place.podPath.length;
  const [, field, key, ...deeper] = path.slice(depth);
  if (deeper.length > 0 || field === undefined) return [];
  if (place.kind === 'value') {
    if (key !== macvlanAnnotation) return [];
    return macvlanCandidates(settingsIn(reading), surroundings).map((one) => toValue(one, place));
  }
  const sound = withoutWord(parsed, place);
  if (sound === undefined || (place.missing && !place.flow && !canStand(sound, place))) return [];
  const isThere = valueAt(reading.object, reading.annotation.path) !== undefined;
  if (key !== undefined && (!isThere || key === macvlanAnnotation)) return [annotation(parsed, place)];
  const annotationsPath: Path = reading.annotation.path.slice(0, -1);
  if (key !== undefined || valueAt(reading.object, annotationsPath) !== undefined || place.flow) return [];
  const text = keyText(parsed.text, place, 'annotations', undefined);
  const indent = innerIndent(parsed.text, place.span);
  const lines = `annotations:\n${indent}  ${macvlanAnnotation}: "true"`;
  return [
    {
      label: 'annotations',
      kind: 'field',
      documentation: macvlanText,
      ...text,
      ...(text.snippet === 'annotations: ' ? { snippet: lines } : {}),
    },
  ];
}

function annotation({ text }: Parsed, place: Place): Completion {
  const own = keyText(text, place, macvlanAnnotation, undefined);
  const value = own.snippet.endsWith(': ') ? '"true"' : '';
  const { plain, ...rest } = own;
  return {
    label: macvlanAnnotation,
    kind: 'field',
    documentation: macvlanText,
    ...rest,
    snippet: own.snippet + value,
    ...(plain === undefined ? {} : { plain: plain + value }),
  };
}
