import {
  type Candidate,
  candidateText,
  plain,
  type Surroundings,
} from '#core/egress-router/candidates/candidate.ts';
import { appLabel, appLabelValue, routerLabel } from '#core/manifest/names.ts';
import { routerLabelValue } from '#core/manifest/router-names.ts';
import { toServicePorts } from '#core/manifest/service.ts';
import { protocols } from '#core/net/protocol.ts';
import type { RouterFacts, RuleFact } from '#core/relations/facts.ts';
import { mayLeadToRouter } from '#core/relations/selection.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { readService } from '#core/service/parse.ts';
import { serviceSchema } from '#core/service/schema.ts';
import { valueAt } from '../../objects.ts';
import type { Parsed } from '../../yaml/parsed.ts';
import type { Place } from '../../yaml/path-at.ts';
import type { Completion } from './completion-item.ts';
import { followSchema } from './follow-schema.ts';
import { innerIndent, newEntryAt, type PathInObject } from './key-completion.ts';
import { schemaCompletions } from './schema-completion.ts';

/**
 * What follows from the routers around a Service, its selector and its ports, and then what any Service may have. One
 * that no router is known for and that selects none is for others to complete.
 */
export function serviceCompletions(
  parsed: Parsed,
  place: Place,
  at: PathInObject,
  { facts }: Surroundings,
): readonly Completion[] {
  const routers = facts.filter((one) => one.kind === 'router');
  const selector = readService(valueAt(parsed.value, at.root))?.selector;
  if (routers.length === 0 && !mayLeadToRouter(selector)) return [];
  const own = routers.length === 0 ? [] : ofRouters(parsed, place, at, routers);
  const known = new Set(own.map(({ label }) => label));
  const others = schemaCompletions(parsed, place, at, serviceSchema);
  return [...own, ...others.filter(({ label }) => !known.has(label))];
}

function ofRouters(
  parsed: Parsed,
  place: Place,
  { root, path }: PathInObject,
  routers: readonly RouterFacts[],
): readonly Completion[] {
  const service = valueAt(parsed.value, root);
  const [spec, field] = path;
  if (place.kind === 'key' && !place.flow) {
    const written = newLines(parsed, place, { root, path }, service, routersOf(service, routers));
    if (written !== undefined) return written;
  }
  if (spec !== 'spec') return [];
  if (field === 'selector') return selector(place, path.length, routersOf(service, routers));
  if (field !== 'ports' || typeof path[2] !== 'number') return [];
  const port = valueAt(service, path.slice(0, 3));
  const near = routersOf(service, routers);
  if (place.kind === 'key') return place.flow || path.length > 4 ? [] : portKeys(place, port);
  const others = listAt(valueAt(service, ['spec', 'ports'])).filter((_one, index) => index !== path[2]);
  const rules = near.flatMap((router) => router.rules);
  return candidates(String(path[3]), isJsonObject(port) ? port : {}, others, rules).map((candidate) => {
    const label = candidateText(candidate);
    return { label, kind: 'value', documentation: candidate.note, span: place.span, snippet: label };
  });
}

/** Keys of `spec` and entries of `ports`; undefined where neither can stand. */
function newLines(
  parsed: Parsed,
  place: Place,
  { root, path }: PathInObject,
  service: unknown,
  routers: readonly RouterFacts[],
): readonly Completion[] | undefined {
  const [spec, field, index] = path;
  const indent = innerIndent(parsed.text, place.span);
  const own = routers.filter(({ name }) => name === valueAt(service, ['metadata', 'name']));
  const ports = (own.length > 0 ? own : routers).flatMap(({ rules }) => rules);
  const isBareEntry =
    field === 'ports' && path.length === 4 && !isJsonObject(valueAt(service, path.slice(0, 3)));
  const begun = isBareEntry ? undefined : newEntryAt(parsed, place, root);
  if (begun?.length === 3 && begun[0] === 'spec' && begun[1] === 'ports') {
    return entries(place, '- ', `${indent}  `, freeOf(ports, service));
  }
  if (spec !== 'spec') return undefined;
  if (isBareEntry) {
    return [...entries(place, '', indent, freeOf(ports, service)), ...portKeys(place, undefined)];
  }
  if (field === 'ports' && path.length === 3 && typeof index === 'string') {
    return entries(place, '- ', `${indent}  `, freeOf(ports, service));
  }
  return path.length === 2 ? specKeys(place, indent, valueAt(service, ['spec']), ports) : undefined;
}

/** Those that no port of the Service has yet. */
function freeOf(rules: readonly RuleFact[], service: unknown): readonly RuleFact[] {
  const written = listAt(valueAt(service, ['spec', 'ports']));
  return rules.filter(
    (rule) =>
      !written.some(
        (one) =>
          (valueAt(one, ['targetPort']) ?? valueAt(one, ['port'])) === rule.port &&
          (valueAt(one, ['protocol']) ?? 'TCP') === rule.protocol,
      ),
  );
}

function entries(
  { span }: Place,
  dash: '- ' | '',
  indent: string,
  rules: readonly RuleFact[],
): readonly Completion[] {
  return toServicePorts(rules).map((port): Completion => {
    const rule = rules.find((one) => one.port === port.port && one.protocol === port.protocol);
    return {
      label: `name: ${port.name}`,
      kind: 'field',
      detail: `${port.port}/${port.protocol}`,
      documentation: rule === undefined ? 'A whole entry.' : `A whole entry. ${noteOf(rule)}`,
      span,
      snippet: dash + portLines(port, indent),
    };
  });
}

function portLines(port: Readonly<Record<string, string | number>>, indent: string): string {
  return Object.entries(port)
    .map(([key, value]) => `${key}: ${value}`)
    .join(`\n${indent}`);
}

function specKeys(
  { span }: Place,
  indent: string,
  present: unknown,
  rules: readonly RuleFact[],
): readonly Completion[] {
  const ports = toServicePorts(rules).map((port) => `\n${indent}  - ${portLines(port, `${indent}    `)}`);
  const all = {
    type: ['Clients within the cluster connect to it by "ClusterIP", the default.', 'type: ClusterIP'],
    selector: [selectorNote, `selector:\n${indent}  ${appLabel}: ${appLabelValue}`],
    ports: [
      'The ports that clients connect to: one for each rule of the router.',
      `ports:${ports.length > 0 ? ports.join('') : `\n${indent}  - `}`,
    ],
  } as const;
  return Object.entries(all)
    .filter(([key]) => !(isJsonObject(present) && Object.hasOwn(present, key)))
    .map(([key, [documentation, snippet]]) => ({ label: key, kind: 'field', documentation, span, snippet }));
}

/** Where the namespace is not written, it may be any. */
function routersOf(service: unknown, routers: readonly RouterFacts[]): readonly RouterFacts[] {
  const namespace = valueAt(service, ['metadata', 'namespace']);
  return routers.filter(
    (router) => namespace === undefined || router.namespace === undefined || router.namespace === namespace,
  );
}

const selectorNote =
  'The pod of the only egress router of a namespace has this label. Of several, it is that of the one with the documented names.';

function selector(place: Place, depth: number, routers: readonly RouterFacts[]): readonly Completion[] {
  const documentation = selectorNote;
  const label = `${appLabel}: ${appLabelValue}`;
  if (place.kind === 'key' && depth === 3 && !place.flow) {
    const { span } = place;
    const names = new Set(routers.flatMap(({ name }) => name ?? []));
    // Of one router there is nothing to tell apart.
    const own = (names.size < 2 ? [] : [...names]).map((name) => {
      const text = `${routerLabel}: ${routerLabelValue(name)}`;
      const note = `The pods of the router ${name}, where the operator of this project makes them.`;
      return { label: text, kind: 'field' as const, documentation: note, span, snippet: text };
    });
    return [{ label, kind: 'field', documentation, span, snippet: label }, ...own];
  }
  if (place.kind === 'value' && depth === 3) {
    return [{ label: appLabelValue, kind: 'value', documentation, span: place.span, snippet: appLabelValue }];
  }
  return [];
}

const keys = ['name', 'port', 'protocol', 'targetPort'] as const;

function portKeys(place: Place, port: unknown): readonly Completion[] {
  return keys
    .filter((key) => !(isJsonObject(port) && Object.hasOwn(port, key)))
    .map((key) => ({
      label: key,
      kind: 'field',
      documentation: followSchema(serviceSchema, ['spec', 'ports', 0, key])?.description ?? '',
      span: place.span,
      snippet: `${key}: `,
      hasValues: true,
    }));
}

function candidates(
  field: string,
  port: Readonly<Record<string, unknown>>,
  others: readonly unknown[],
  rules: readonly RuleFact[],
): readonly Candidate[] {
  const protocol = port['protocol'];
  switch (field) {
    case 'port':
    case 'targetPort': {
      const taken = new Set(field === 'port' ? others.map((other) => valueAt(other, ['port'])) : []);
      const fitting = rules.filter((rule) => protocol === undefined || rule.protocol === protocol);
      return unique(
        fitting.filter((rule) => !taken.has(rule.port)).map((rule) => plain(String(rule.port), noteOf(rule))),
      );
    }
    case 'protocol': {
      const number = port['targetPort'] ?? port['port'];
      const own = rules.filter((rule) => rule.port === number).map((rule) => rule.protocol);
      const rest = protocols.filter((one) => !own.includes(one));
      return unique([...own, ...rest].map((one) => plain(one, 'The protocol of the rule.')));
    }
    case 'name': {
      const number = port['port'];
      const fitting = rules.filter((rule) => number === undefined || rule.port === number);
      return unique(
        fitting.map((rule) => plain(`${rule.protocol.toLowerCase()}-${rule.port}`, noteOf(rule))),
      );
    }
    default:
      return [];
  }
}

function noteOf({ port, protocol, destination, targetPort }: RuleFact): string {
  const host = destination.includes(':') ? `[${destination}]` : destination;
  return `The rule ${port}/${protocol} → ${host}:${targetPort}.`;
}

function unique(found: readonly Candidate[]): readonly Candidate[] {
  const labels = found.map(candidateText);
  return found.filter((one, index) => labels.indexOf(candidateText(one)) === index);
}

function listAt(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
