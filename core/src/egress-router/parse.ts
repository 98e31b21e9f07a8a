import { type Cidr, parseCidr } from '#core/net/cidr.ts';
import { type IfName, parseIfName } from '#core/net/ifname.ts';
import { type Ip, parseIp } from '#core/net/ip.ts';
import { parsePort } from '#core/net/port.ts';
import { parseProtocol } from '#core/net/protocol.ts';
import type { Fix, Path, Problem } from '#core/problem.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { compileSchema, type SchemaProblem } from '#core/schema/validate.ts';
import { leadingZeroMessage, repairAddress, repairFix } from './checks/repair-address.ts';
import { type SpellingProblemCode, spellingProblemCodes, tellSpellings } from './checks/spellings.ts';
import { networkFix, usualLength } from './checks/usual-network.ts';
import { checkMetadata } from './metadata.ts';
import type { EgressRouter, RedirectRule, RouterAddress } from './model.ts';
import { optionProblemCodes, type RouterOptions, readOptions } from './options.ts';
import { egressRouterSchema } from './schema.generated.ts';
import { egressRouterApiVersion, egressRouterKind, type MacvlanMode, macvlanModes } from './wire.ts';
import { listAt, objectAt, valueAt } from './written.ts';

export const parseProblemCodes = [
  ...spellingProblemCodes,
  'invalid-name',
  'address-without-prefix',
  'address-not-cidr',
  'invalid-interface-name',
  ...optionProblemCodes,
] as const;

export type ParseProblemCode = (typeof parseProblemCodes)[number];

/**
 * What could be read of a manifest, fault or no fault. An entry that could not be read is `undefined` and
 * keeps its place, so that an index here is an index in the document.
 */
export interface RouterReading {
  readonly name?: string;
  readonly namespace?: string;
  readonly macvlan: EgressRouter['macvlan'];
  readonly addresses: readonly (RouterAddress | undefined)[];
  readonly rules: readonly (RedirectRule | undefined)[];
  readonly fallback?: Ip;
  /** Absent where no annotation asks for anything. */
  readonly options?: RouterOptions;
  /** As written, so that a check can tell a default from what a person says. */
  readonly spec: JsonObject;
}

export interface ParsedRouter {
  /** There only when `problems` has no error. */
  readonly router?: EgressRouter;
  readonly reading: RouterReading;
  readonly problems: readonly Problem<ParseProblemCode>[];
}

/** Whether a value claims to be an EgressRouter, of any version: such a value is worth parsing as one. */
export function isEgressRouter(value: unknown): value is JsonObject {
  return (
    isJsonObject(value) &&
    value['kind'] === egressRouterKind &&
    typeof value['apiVersion'] === 'string' &&
    value['apiVersion'].startsWith(egressRouterApiVersion.slice(0, egressRouterApiVersion.indexOf('/') + 1))
  );
}

/**
 * Reads an EgressRouter manifest as a person writes it: fields with a default may be absent. Never throws.
 * Faults that lie between fields (a gateway outside its subnet) are `checkRouter`'s.
 */
export function parseRouter(value: unknown): ParsedRouter {
  const schemaProblems = validateRouter(value).flatMap((problem) => unlessTaken(problem, value));
  const root = objectAt(value);
  const metadata = objectAt(root['metadata']);
  const spec = objectAt(root['spec']);
  const redirect = objectAt(spec['redirect']);
  const addresses = listAt(spec['addresses']).map((entry, index) => readAddress(entry, index));
  const name = readName(metadata['name'], ['metadata', 'name']);
  const namespace = readName(metadata['namespace'], ['metadata', 'namespace']);
  const prefix = readPrefix(metadata['generateName']);
  const macvlan = readMacvlan(objectAt(objectAt(spec['networkInterface'])['macvlan']));
  const fallback = readIp(redirect['fallbackIP']);
  const { options, problems: optionProblems } = readOptions(metadata['annotations']);
  // What is always there first: V8 writes what follows a spread field by field, many times as slowly.
  const reading: RouterReading = {
    macvlan: macvlan.value,
    addresses: addresses.map((address) => address.value),
    rules: listAt(redirect['redirectRules']).map(readRule),
    spec,
    ...(name.value === undefined ? {} : { name: name.value }),
    ...(namespace.value === undefined ? {} : { namespace: namespace.value }),
    ...(fallback === undefined ? {} : { fallback }),
    ...(options === undefined ? {} : { options }),
  };
  const problems: Problem<ParseProblemCode>[] =
    schemaProblems.length === 0 ? [] : tellSpellings(withoutRepeats(schemaProblems), value);
  if (isNameless(root['metadata'])) problems.push(namelessProblem);
  problems.push(...checkMetadata(root['metadata']));
  for (const read of [name, namespace, prefix, macvlan]) problems.push(...read.problems);
  for (const read of addresses) problems.push(...read.problems);
  const isSound = !problems.some(isError) && !optionProblems.some(isError);
  problems.push(...optionProblems);
  const router = isSound ? toRouter(reading) : undefined;
  return { reading, problems, ...(router === undefined ? {} : { router }) };
}

/** What the API server refuses in the metadata of any object that is in a namespace, its names among it. */
export function checkObjectMetadata(
  value: unknown,
): readonly Problem<SpellingProblemCode | 'invalid-name'>[] {
  const { metadata } = objectAt(value);
  if (!isJsonObject(metadata)) {
    const message = 'The document needs "metadata" with a "name".';
    return [{ code: 'missing-field', severity: 'error', path: [], message }];
  }
  const read = [
    readName(metadata['name'], ['metadata', 'name']),
    readName(metadata['namespace'], ['metadata', 'namespace']),
    readPrefix(metadata['generateName']),
  ];
  return [
    ...(isNameless(metadata) || metadata['name'] === '' ? [namelessProblem] : []),
    ...read.flatMap(({ problems }) => problems),
    ...checkMetadata(metadata),
  ];
}

const validateRouter = compileSchema(egressRouterSchema);

/**
 * What the API server takes nevertheless. It drops `status`, a subresource, from what a person writes before it looks
 * for its fields; and an empty value, where the schema does not ask for one, before it puts defaults in.
 */
function unlessTaken(problem: SchemaProblem, value: unknown): readonly SchemaProblem[] {
  const { code, path } = problem;
  if (code === 'missing-field' && path[0] === 'status') return [];
  if (code !== 'wrong-type' || valueAt(value, path) !== null) return [problem];
  if (path.join('.') === 'status') return [];
  if (!mayBeEmpty(path)) return [problem];
  const message = `"${path.at(-1)}" is empty, which counts as left out: write a value, or leave the key out.`;
  return [{ ...problem, severity: 'warning', message }];
}

function mayBeEmpty(path: Path): boolean {
  const last = path.at(-1);
  return path[0] === 'spec' && typeof last === 'string' && optional.has(last);
}

const optional: ReadonlySet<string> = new Set([
  'mode',
  'networkInterface',
  'macvlan',
  'master',
  'gateway',
  'redirectRules',
  'targetPort',
  'fallbackIP',
]);

/** The schema names some values twice, as those of `mode`; of a value of the wrong type nothing more is said. */
function withoutRepeats(problems: readonly SchemaProblem[]): readonly SchemaProblem[] {
  if (problems.length === 1) return problems;
  const wrong = new Set(problems.flatMap(({ code, path }) => (code === 'wrong-type' ? keyOf(path) : [])));
  const seen = new Set<string>();
  return problems.filter(({ code, path, message }) => {
    if (code !== 'wrong-type' && wrong.has(keyOf(path))) return false;
    const key = `${keyOf(path)} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}

interface Read<T> {
  readonly value: T;
  readonly problems: readonly Problem<ParseProblemCode>[];
}

function readAddress(entry: unknown, index: number): Read<RouterAddress | undefined> {
  const { ip, gateway: gatewayText } = objectAt(entry);
  if (typeof ip !== 'string') return { value: undefined, problems: [] };
  const address = parseCidr(ip);
  const gateway = readIp(gatewayText);
  if (address === undefined) {
    const problem = addressProblem(ip, gateway, ['spec', 'addresses', index, 'ip']);
    return { value: undefined, problems: [problem] };
  }
  return { value: toAddress(address, gateway), problems: [] };
}

function toAddress(address: Cidr, gateway: Ip | undefined): RouterAddress {
  return gateway === undefined ? { address } : { address, gateway };
}

function addressProblem(text: string, gateway: Ip | undefined, path: Path): Problem<ParseProblemCode> {
  const ip = parseIp(text);
  if (ip !== undefined) {
    return {
      code: 'address-without-prefix',
      severity: 'error',
      path,
      message: `The address ${text} lacks the prefix length of its network, such as ${text}/${usualLength(ip, gateway)}.`,
      fixes: networkFix(ip, gateway, text, path),
    };
  }
  const repaired = repairAddress(text, parseCidr);
  return {
    code: 'address-not-cidr',
    severity: 'error',
    path,
    message:
      repaired?.isCertain === false
        ? leadingZeroMessage(text, repaired.text)
        : `${JSON.stringify(text)} is no address in CIDR notation, such as 192.168.12.99/24.`,
    ...(repaired === undefined ? {} : { fixes: [repairFix(repaired, path)] }),
  };
}

function readRule(entry: unknown): RedirectRule | undefined {
  const rule = objectAt(entry);
  const port = parsePort(rule['port']);
  const protocol = parseProtocol(rule['protocol']);
  const destination = readIp(rule['destinationIP']);
  const targetPort = (rule['targetPort'] ?? undefined) === undefined ? port : parsePort(rule['targetPort']);
  return port === undefined || protocol === undefined || destination === undefined || targetPort === undefined
    ? undefined
    : { port, protocol, destination, targetPort };
}

function readMacvlan(macvlan: JsonObject): Read<{ mode: MacvlanMode; master?: IfName }> {
  const mode = macvlanModes.find((one) => one === macvlan['mode']) ?? 'Bridge';
  const master = macvlan['master'];
  if (typeof master !== 'string') return { value: { mode }, problems: [] };
  const ifName = parseIfName(master);
  if (ifName !== undefined) return { value: { mode, master: ifName }, problems: [] };
  const problem: Problem<ParseProblemCode> = {
    code: 'invalid-interface-name',
    severity: 'error',
    path: ['spec', 'networkInterface', 'macvlan', 'master'],
    message: `${JSON.stringify(master)} cannot be the name of a network interface: 1 to 15 characters, no spaces, no "/" or ":".`,
  };
  return { value: { mode }, problems: [problem] };
}

/** The API server refuses such an object, though the schema of a custom resource does not say so. */
function isNameless(metadata: unknown): boolean {
  if (!isJsonObject(metadata) || metadata['name'] !== undefined) return false;
  return (metadata['generateName'] ?? '') === '';
}

const namelessProblem: Problem<'missing-field'> = {
  code: 'missing-field',
  severity: 'error',
  path: ['metadata'],
  message: '"metadata" needs "name".',
};

function readName(value: unknown, path: Path): ReadName<string | undefined> {
  if (typeof value !== 'string' || value === '') return noName;
  // RFC 1123 names, as the API server checks them; a namespace is a single label.
  const isNamespace = path.at(-1) === 'namespace';
  if (isName(value, isNamespace)) return { value, problems: [] };
  const message = `${JSON.stringify(value)} cannot be a name: lower-case letters, digits and "-"${isNamespace ? '' : ' or "."'} only, a letter or digit at both ends.`;
  const cleaned = cleanedName(value, isNamespace);
  const fixes: readonly Fix[] = isName(cleaned, isNamespace)
    ? [{ title: `Use ${cleaned}`, edits: [{ kind: 'replace', path, value: cleaned }] }]
    : [];
  return { value: undefined, problems: [{ code: 'invalid-name', severity: 'error', path, message, fixes }] };
}

/** The API server puts letters and digits behind it. */
function readPrefix(value: unknown): ReadName<undefined> {
  if (typeof value !== 'string' || value === '' || isName(`${value.slice(0, 58)}x`, false)) return noName;
  const message = `${JSON.stringify(value)} cannot be the start of a name: lower-case letters, digits, "-" or "." only, a letter or digit first.`;
  return {
    value: undefined,
    problems: [{ code: 'invalid-name', severity: 'error', path: ['metadata', 'generateName'], message }],
  };
}

interface ReadName<T> extends Read<T> {
  readonly problems: readonly Problem<'invalid-name'>[];
}

const noName: ReadName<undefined> = { value: undefined, problems: [] };

function isName(text: string, isNamespace: boolean): boolean {
  return text.length <= (isNamespace ? 63 : 253) && (isNamespace ? label : subdomain).test(text);
}

function cleanedName(text: string, isNamespace: boolean): string {
  return text
    .slice(0, isNamespace ? 63 : 253)
    .toLowerCase()
    .replaceAll(isNamespace ? /[^a-z0-9-]+/g : /[^a-z0-9.-]+/g, '-')
    .replaceAll(/-*\.[.-]*/g, '.')
    .replace(/^[-.]+/, '')
    .replace(/[-.]+$/, '');
}

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

function readIp(value: unknown): Ip | undefined {
  return typeof value === 'string' ? parseIp(value) : undefined;
}

function toRouter(reading: RouterReading): EgressRouter | undefined {
  const { name, namespace, macvlan, addresses, rules, fallback, options } = reading;
  // A manifest with generateName is sound, but there is no router yet whose name one could tell.
  if (name === undefined) return undefined;
  return {
    name,
    macvlan,
    addresses: addresses.filter(isRead),
    rules: rules.filter(isRead),
    ...(namespace === undefined ? {} : { namespace }),
    ...(fallback === undefined ? {} : { fallback }),
    ...(options === undefined ? {} : { options }),
  };
}

function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

function isRead<T>(value: T | undefined): value is T {
  return value !== undefined;
}
