import { parsePort } from '#core/net/port.ts';
import { parseProtocol } from '#core/net/protocol.ts';
import type { Fix, JsonValue, Path, Problem, ValueEdit } from '#core/problem.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { listAt, objectAt, valueAt } from '../written.ts';

/**
 * An unknown field that people write after a draft of the API (`allowedDestinations`, with `destinationCIDR`,
 * `srcPort` and `dstPort`), after the configuration of the CNI plugin or after a router of OpenShift SDN.
 */
export function outdatedField(path: Path, manifest: unknown): Problem<'outdated-field'> | undefined {
  const key = String(path.at(-1));
  const place = path.filter((step) => typeof step === 'string').slice(0, -1);
  const owner = path.slice(0, -1);
  const value = valueAt(manifest, path);
  const known = knownAs(place.join('.'), key, objectAt(valueAt(manifest, owner)));
  if (known === undefined) return undefined;
  const base = { code: 'outdated-field', severity: 'error', path, at: 'key' } as const;
  if (known.kind === 'renamed') {
    const message = `An EgressRouter has no "${key}" here; the field is called "${known.name}".`;
    if (known.isThere) return { ...base, message, fixes: [removal(key, path)] };
    const fix = renaming(known.name, value, path);
    return { ...base, message, fixes: fix === undefined ? [] : [fix] };
  }
  const message = `An EgressRouter has no "${key}" here: ${known.advice}`;
  const edits = known.edits(value, objectAt(objectAt(manifest)['spec']));
  const fixes: readonly Fix[] =
    edits === undefined
      ? []
      : [{ title: `Move to "${known.to}"`, edits: [{ kind: 'remove', path }, ...edits] }];
  return { ...base, message, fixes };
}

type Known = { readonly kind: 'renamed'; readonly name: string; readonly isThere: boolean } | Moved;

interface Moved {
  readonly kind: 'moved';
  readonly to: string;
  /** Goes on after a colon. */
  readonly advice: string;
  /** What to add; `undefined` where there is something already, or the value cannot be taken over. */
  readonly edits: (value: unknown, spec: JsonObject) => readonly ValueEdit[] | undefined;
}

function knownAs(place: string, key: string, owner: JsonObject): Known | undefined {
  if (place === 'spec') return Object.hasOwn(moves, key) ? moves[key] : undefined;
  const table = Object.hasOwn(renames, place) ? renames[place] : undefined;
  const names = table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
  if (names === undefined) return undefined;
  const name = names.find((one) => !Object.hasOwn(owner, one));
  return { kind: 'renamed', name: name ?? names[0] ?? '', isThere: name === undefined };
}

/** Of each object, what a field is called now; where there are two names, the first that is not taken. */
const renames: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'spec.addresses': { address: ['ip'], gatewayIP: ['gateway'], gatewayIp: ['gateway'], gw: ['gateway'] },
  'spec.redirect': {
    allowedDestinations: ['redirectRules'],
    allowedDestination: ['redirectRules'],
    destinations: ['redirectRules'],
    rules: ['redirectRules'],
    fallback: ['fallbackIP'],
  },
  'spec.redirect.redirectRules': {
    destination: ['destinationIP'],
    destIP: ['destinationIP'],
    destinationCIDR: ['destinationIP'],
    dstIP: ['destinationIP'],
    ip: ['destinationIP'],
    dport: ['port', 'targetPort'],
    srcPort: ['port'],
    sourcePort: ['port'],
    dstPort: ['targetPort'],
    destinationPort: ['targetPort'],
    remotePort: ['targetPort'],
    proto: ['protocol'],
  },
};

function removal(key: string, path: Path): Fix {
  return { title: `Remove "${key}"`, edits: [{ kind: 'remove', path }] };
}

/** The entries of a list of rules take their new names with it. */
function renaming(name: string, value: unknown, path: Path): Fix | undefined {
  const title = `Rename to "${name}"`;
  if (name !== 'redirectRules') return { title, edits: [{ kind: 'rename', path, key: name }] };
  const rules = toRules(value);
  if (rules === undefined) return undefined;
  const edits: readonly ValueEdit[] = [
    { kind: 'remove', path },
    { kind: 'add', path: [...path.slice(0, -1), name], value: rules },
  ];
  return { title, edits };
}

const toRedirect = 'redirect.redirectRules';

const rulesMove: Moved = {
  kind: 'moved',
  to: toRedirect,
  advice: 'rules stand in "redirectRules", in "redirect".',
  edits: (value, spec) => {
    const rules = toRules(value);
    return rules === undefined ? undefined : intoRedirect('redirectRules', rules, spec);
  },
};

const addressMove: Moved = {
  kind: 'moved',
  to: 'addresses',
  advice: 'an address is the "ip" of an entry of "addresses".',
  edits: (value, spec) =>
    typeof value !== 'string' || Object.hasOwn(spec, 'addresses')
      ? undefined
      : [{ kind: 'add', path: ['spec', 'addresses'], value: [{ ip: value }] }],
};

const gatewayMove: Moved = {
  kind: 'moved',
  to: 'addresses',
  advice: 'each entry of "addresses" has its own "gateway".',
  edits: (value, spec) => {
    const entries = listAt(spec['addresses']);
    const [first] = entries;
    return typeof value === 'string' &&
      entries.length === 1 &&
      isJsonObject(first) &&
      !Object.hasOwn(first, 'gateway')
      ? [{ kind: 'add', path: ['spec', 'addresses', 0, 'gateway'], value }]
      : undefined;
  },
};

const moves: Readonly<Record<string, Moved>> = {
  allowedDestinations: rulesMove,
  allowedDestination: rulesMove,
  destinations: rulesMove,
  destination: rulesMove,
  redirectRules: rulesMove,
  rules: rulesMove,
  fallbackIP: {
    kind: 'moved',
    to: 'redirect.fallbackIP',
    advice: 'it stands in "redirect".',
    edits: (value, spec) => (typeof value === 'string' ? intoRedirect('fallbackIP', value, spec) : undefined),
  },
  address: addressMove,
  ip: addressMove,
  gateway: gatewayMove,
  gatewayIP: gatewayMove,
  macvlan: {
    kind: 'moved',
    to: 'networkInterface.macvlan',
    advice: 'it stands in "networkInterface".',
    edits: (value, spec) =>
      Object.hasOwn(spec, 'networkInterface') || !isFlat(value)
        ? undefined
        : [{ kind: 'add', path: ['spec', 'networkInterface'], value: { macvlan: value } }],
  },
};

function intoRedirect(key: string, value: JsonValue, spec: JsonObject): readonly ValueEdit[] | undefined {
  const { redirect } = spec;
  if (redirect === undefined) return [{ kind: 'add', path: ['spec', 'redirect'], value: { [key]: value } }];
  return isJsonObject(redirect) && !Object.hasOwn(redirect, key)
    ? [{ kind: 'add', path: ['spec', 'redirect', key], value }]
    : undefined;
}

/** `undefined` unless each of the entries is taken over whole. */
function toRules(value: unknown): JsonValue | undefined {
  if (!Array.isArray(value) || value.length > 10_000) return undefined;
  const rules = value.map(toRule);
  return rules.every((rule) => rule !== undefined) ? rules : undefined;
}

function toRule(entry: unknown): JsonValue | undefined {
  if (typeof entry === 'string') return ruleOfText(entry);
  if (!isFlat(entry)) return undefined;
  const table = renames['spec.redirect.redirectRules'] ?? {};
  const rule: Record<string, string | number | boolean> = {};
  for (const [key, value] of Object.entries(entry)) {
    const names = Object.hasOwn(table, key) ? table[key] : undefined;
    const name = names?.find((one) => !Object.hasOwn(rule, one) && !Object.hasOwn(entry, one)) ?? key;
    rule[name] = name === 'destinationIP' ? withoutHostPrefix(value) : value;
  }
  return rule;
}

function withoutHostPrefix(value: string | number | boolean): string | number | boolean {
  return typeof value === 'string' ? value.replace(/(?<=\.[0-9]+)\/32$|(?<=:.*)\/128$/, '') : value;
}

/** As the CNI plugin and OpenShift SDN have it: `<port> <protocol> <ip> [<target port>]`. */
function ruleOfText(text: string): JsonValue | undefined {
  const [portText = '', protocolText = '', destinationIP = '', targetText, ...rest] = text
    .trim()
    .split(/\s+/);
  const port = parsePort(Number(portText));
  const protocol = parseProtocol(protocolText.toUpperCase());
  const targetPort = targetText === undefined ? undefined : parsePort(Number(targetText));
  if (port === undefined || protocol === undefined || destinationIP === '' || rest.length > 0)
    return undefined;
  if (targetText === undefined) return { port, protocol, destinationIP };
  return targetPort === undefined ? undefined : { port, protocol, destinationIP, targetPort };
}

function isFlat(value: unknown): value is Readonly<Record<string, string | number | boolean>> {
  return (
    isJsonObject(value) &&
    Object.values(value).every((one) => ['string', 'number', 'boolean'].includes(typeof one))
  );
}
