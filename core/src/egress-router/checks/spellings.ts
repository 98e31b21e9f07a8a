import { parseCidr } from '#core/net/cidr.ts';
import { type Ip, parseIp } from '#core/net/ip.ts';
import { parseProtocol } from '#core/net/protocol.ts';
import type { Fix, Path, Problem, ValueEdit } from '#core/problem.ts';
import type { SchemaProblem } from '#core/schema/validate.ts';
import type { MacvlanMode } from '../wire.ts';
import { objectAt, valueAt } from '../written.ts';
import { outdatedField } from './outdated-fields.ts';
import { leadingZeroMessage, repairAddress, repairFix } from './repair-address.ts';

/** Faults that the schema finds, and what is told in place of some of them, as it says it better. */
export const spellingProblemCodes = [
  'wrong-type',
  'missing-field',
  'unknown-field',
  'not-in-enum',
  'out-of-range',
  'wrong-length',
  'wrong-format',
  'protocol-lower-case',
  'proxy-mode',
  'destination-with-prefix',
  'destination-is-name',
  'outdated-field',
] as const;

export type SpellingProblemCode = (typeof spellingProblemCodes)[number];

type Told = Problem<SpellingProblemCode>;

/** The faults that the schema finds in a manifest, in the words of an egress router where there are such. */
export function tellSpellings(problems: readonly SchemaProblem[], manifest: unknown): Told[] {
  const told = problems.map((problem) => ({ problem, told: tell(problem, manifest) }));
  const named = new Set(told.flatMap((one) => (one.problem.missing === undefined ? newNames(one.told) : [])));
  // A field under another name does not lack as well.
  return told.flatMap(({ problem, told: one }) =>
    problem.missing !== undefined && named.has(keyOf([...problem.path, problem.missing])) ? [] : [one],
  );
}

/** Fields that would be there after the first fix. */
function newNames({ fixes }: Told): readonly string[] {
  return (fixes?.[0]?.edits ?? []).flatMap((edit) => {
    if (edit.kind === 'rename') return [keyOf([...edit.path.slice(0, -1), edit.key])];
    return edit.kind === 'add' ? [keyOf(edit.path)] : [];
  });
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}

function tell(problem: SchemaProblem, manifest: unknown): Told {
  const { missing: _, code, ...rest } = problem;
  // No field of an EgressRouter has a pattern, or a choice of other things than formats.
  const known = code === 'pattern-mismatch' || code === 'no-variant' ? 'wrong-format' : code;
  const plain: Told = { code: known, ...rest };
  switch (known) {
    case 'missing-field':
      return tellMissing(plain, problem.missing);
    case 'unknown-field':
      return outdatedField(problem.path, manifest) ?? plain;
    case 'not-in-enum':
      return tellWord(plain, valueAt(manifest, problem.path)) ?? plain;
    case 'wrong-type':
      return tellEmpty(plain, valueAt(manifest, problem.path), manifest);
    case 'wrong-format':
      return tellAddress(plain, valueAt(manifest, problem.path), manifest) ?? plain;
    default:
      return plain;
  }
}

const useTcp = 'Use TCP, the protocol of most services';

function tellMissing(problem: Told, missing: string | undefined): Told {
  if (missing !== 'protocol') return problem;
  const path = [...problem.path, missing];
  // Not safe: it may be UDP.
  return { ...problem, fixes: [{ title: useTcp, edits: [{ kind: 'add', path, value: 'TCP' }] }] };
}

function tellEmpty(problem: Told, value: unknown, manifest: unknown): Told {
  const { path } = problem;
  if (value !== null) return problem;
  if (path.at(-1) !== 'protocol') return withRemoval(problem, manifest);
  return { ...problem, fixes: [{ title: useTcp, edits: [{ kind: 'replace', path, value: 'TCP' }] }] };
}

/** An address that may be absent says nothing where it is empty. */
function withRemoval(problem: Told, manifest: unknown): Told {
  const { path } = problem;
  const field = path.at(-1);
  if (field !== 'gateway' && field !== 'fallbackIP') return problem;
  // Without its only key the object would be empty.
  const hasOthers = Object.keys(objectAt(valueAt(manifest, path.slice(0, -1)))).length > 1;
  if (!hasOthers) return problem;
  return { ...problem, fixes: [{ title: `Remove the empty "${field}"`, edits: [{ kind: 'remove', path }] }] };
}

function tellWord(problem: Told, value: unknown): Told | undefined {
  if (typeof value !== 'string') return undefined;
  const { path, severity } = problem;
  const field = path.at(-1);
  const use = (word: string, isSafe: boolean): readonly Fix[] => [
    {
      title: `Use ${word}`,
      edits: [{ kind: 'replace', path, value: word }],
      ...(isSafe ? { isSafe: true } : {}),
    },
  ];
  if (field === 'protocol') {
    const protocol = parseProtocol(value.toUpperCase());
    if (protocol === undefined) return undefined;
    const message = `Protocols are written in upper case: ${protocol}, not ${value}.`;
    return { code: 'protocol-lower-case', severity, path, message, fixes: use(protocol, true) };
  }
  if (field !== 'mode') return undefined;
  if (path.length === 2) {
    const proxy = /^(http|dns)[-_ ]?proxy$/i.exec(value)?.[1]?.toLowerCase();
    return proxy === undefined ? undefined : proxyMode(proxy === 'http', value, problem);
  }
  const mode = otherModes.get(value.toLowerCase());
  return mode === undefined ? undefined : { ...problem, fixes: use(mode, true) };
}

/** Words for macvlan modes in other places. */
const otherModes: ReadonlyMap<string, MacvlanMode> = new Map([
  ['passthrough', 'Passthru'],
  ['pass', 'Passthru'],
]);

function proxyMode(isHttp: boolean, value: string, { path, severity }: Told): Told {
  const instead = isHttp
    ? 'Redirect the ports of each server, or run an HTTP proxy and give its pods an EgressIP.'
    : 'Write a rule with the address that each name stands for, or run a TCP proxy and give its pods an EgressIP.';
  const message = `There is no mode ${value}: routers of this kind only redirect, the proxy modes ended with OpenShift SDN. ${instead}`;
  return { code: 'proxy-mode', severity, path, message };
}

function tellAddress(problem: Told, value: unknown, manifest: unknown): Told | undefined {
  const { path, severity } = problem;
  const field = path.at(-1);
  const isDestination = field === 'destinationIP' || field === 'fallbackIP';
  if (typeof value !== 'string' || value.length > longestName) return undefined;
  if (!isDestination && field !== 'gateway') return undefined;
  if (value.trim() === '') return withRemoval(problem, manifest);
  const repaired = repairAddress(value, parseIp);
  if (repaired !== undefined) {
    const told = repaired.isCertain
      ? problem
      : { ...problem, message: leadingZeroMessage(value, repaired.text) };
    return { ...told, fixes: [repairFix(repaired, path)] };
  }
  const network = repairAddress(value, parseCidr);
  if (network !== undefined) {
    const ip = network.text.slice(0, network.text.indexOf('/'));
    const length = network.text.slice(ip.length + 1);
    const isHost = length === (ip.includes(':') ? '128' : '32');
    const fix: Fix = {
      title: `Use ${ip}, without the prefix length`,
      edits: [{ kind: 'replace', path, value: ip }],
      ...(network.isCertain && (isHost || !isDestination) ? { isSafe: true } : {}),
    };
    if (!isDestination) return { ...problem, fixes: [fix] };
    const message = isHost
      ? `${value} has a prefix length: "${field}" is an address alone.`
      : `${value} is a network: a connection can be redirected to one address only.`;
    return { code: 'destination-with-prefix', severity, path, message, fixes: [fix] };
  }
  const [, ip = '', port] = /^\[?([0-9a-f:.]+?)\]?:([0-9]{1,5})$/i.exec(value.trim()) ?? [];
  const alone = parseIp(ip);
  if (alone !== undefined) return { ...problem, fixes: [withoutPort(alone, Number(port), path, manifest)] };
  const host = isDestination ? hostOf(value) : undefined;
  if (host === undefined) return undefined;
  const message = `${host} is a name: "${field}" must be an address, as nothing looks names up for a router.`;
  const fix: Fix = { title: `Look up the address of ${host}`, edits: [], lookUp: { host, path } };
  return { code: 'destination-is-name', severity, path, message, fixes: [fix] };
}

/** The port of a server after its address is the `targetPort` of the rule, where none is written. */
function withoutPort(ip: Ip, port: number, path: Path, manifest: unknown): Fix {
  const replace: ValueEdit = { kind: 'replace', path, value: ip };
  const plain: Fix = { title: `Use ${ip}, without the port`, edits: [replace] };
  if (path.at(-1) !== 'destinationIP' || port < 1 || port > 65535) return plain;
  const at = (field: string): Path => [...path.slice(0, -1), field];
  if (valueAt(manifest, at('targetPort')) !== undefined || valueAt(manifest, at('port')) === port)
    return plain;
  return {
    title: `Use ${ip}, and ${port} as "targetPort"`,
    edits: [replace, { kind: 'add', path: at('targetPort'), value: port }],
  };
}

/** Longer text is neither an address nor a name, nor a URL that anyone reads. */
const longestName = 300;

/** The name in a text that is one, alone or in a URL. RFC 1123: the last part is not all digits. */
function hostOf(text: string): string | undefined {
  const host = /^\s*(?:[a-z][a-z0-9+.-]*:\/\/)?([a-z0-9_.-]+)(?::[0-9]+)?(?:\/.*)?\s*$/i.exec(text)?.[1];
  const labels = host?.replace(/\.$/, '').split('.') ?? [];
  const isName =
    labels.every((label) => /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/i.test(label)) &&
    /[a-z]/i.test(labels.at(-1) ?? '');
  return isName ? labels.join('.') : undefined;
}
