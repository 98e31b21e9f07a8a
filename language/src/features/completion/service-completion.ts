import {
  type Candidate,
  candidateText,
  plain,
  type Surroundings,
} from '#core/egress-router/candidates/candidate.ts';
import { appLabel, appLabelValue } from '#core/manifest/names.ts';
import { protocols } from '#core/net/protocol.ts';
import type { RouterFacts, RuleFact } from '#core/relations/facts.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { valueAt } from '../../objects.ts';
import type { Parsed } from '../../yaml/parsed.ts';
import type { Place } from '../../yaml/path-at.ts';
import type { Completion } from './completion-item.ts';
import type { PathInObject } from './key-completion.ts';

/** What of a Service follows from the routers around it: its selector and its ports. */
export function serviceCompletions(
  parsed: Parsed,
  place: Place,
  { root, path }: PathInObject,
  { facts }: Surroundings,
): readonly Completion[] {
  const routers = facts.filter((one) => one.kind === 'router');
  const service = valueAt(parsed.value, root);
  const [spec, field] = path;
  if (spec !== 'spec' || routers.length === 0) return [];
  if (field === 'selector') return selector(place, path.length);
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

/** Where the namespace is not written, it may be any. */
function routersOf(service: unknown, routers: readonly RouterFacts[]): readonly RouterFacts[] {
  const namespace = valueAt(service, ['metadata', 'namespace']);
  return routers.filter(
    (router) => namespace === undefined || router.namespace === undefined || router.namespace === namespace,
  );
}

function selector(place: Place, depth: number): readonly Completion[] {
  const documentation = 'The pods of egress routers have this label, whatever the name of their router.';
  const label = `${appLabel}: ${appLabelValue}`;
  if (place.kind === 'key' && depth === 3 && !place.flow) {
    return [{ label, kind: 'field', documentation, span: place.span, snippet: label }];
  }
  if (place.kind === 'value' && depth === 3) {
    return [{ label: appLabelValue, kind: 'value', documentation, span: place.span, snippet: appLabelValue }];
  }
  return [];
}

const keys = {
  name: 'The name of the port; needed where there are several.',
  port: 'The port that clients connect to.',
  protocol: 'TCP where it is not written.',
  targetPort: 'The port of the router: one of its rules. The same as "port" where it is not written.',
} as const;

function portKeys(place: Place, port: unknown): readonly Completion[] {
  return Object.entries(keys)
    .filter(([key]) => !(isJsonObject(port) && Object.hasOwn(port, key)))
    .map(([key, documentation]) => ({
      label: key,
      kind: 'field',
      documentation,
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
  const note = ({ port: number, protocol, destination, targetPort }: RuleFact): string =>
    `The rule ${number}/${protocol} → ${destination.includes(':') ? `[${destination}]` : destination}:${targetPort}.`;
  const protocol = port['protocol'];
  switch (field) {
    case 'port':
    case 'targetPort': {
      const taken = new Set(field === 'port' ? others.map((other) => valueAt(other, ['port'])) : []);
      const fitting = rules.filter((rule) => protocol === undefined || rule.protocol === protocol);
      return unique(
        fitting.filter((rule) => !taken.has(rule.port)).map((rule) => plain(String(rule.port), note(rule))),
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
      return unique(fitting.map((rule) => plain(`${rule.protocol.toLowerCase()}-${rule.port}`, note(rule))));
    }
    default:
      return [];
  }
}

function unique(found: readonly Candidate[]): readonly Candidate[] {
  const labels = found.map(candidateText);
  return found.filter((one, index) => labels.indexOf(candidateText(one)) === index);
}

function listAt(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
