import { cniType, nadGroup, nadKind, nadName } from '#core/manifest/names.ts';
import { netConfFixes } from '#core/netconf/fixes.ts';
import { parseNetConf } from '#core/netconf/parse.ts';
import { unknownKeys } from '#core/netconf/unknown-keys.ts';
import type { Fix, Path, Problem } from '#core/problem.ts';
import type { ObjectName } from '#core/relations/facts.ts';
import { readObjectName } from '#core/relations/object-name.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { findJsonFault, repairJson } from './json-fault.ts';
import type { NadProblemCode } from './problem-codes.ts';

/** What could be read of a NetworkAttachmentDefinition. */
export interface NadReading extends ObjectName {
  /** A controller made it. */
  readonly isOwned: boolean;
  /** The configuration of the plugin, decoded from JSON, and where it stands. */
  readonly config?: {
    readonly value: JsonObject;
    readonly path: Path;
    /** Where it is written: in a list of plugins, that of the list holds. */
    readonly cniVersion?: { readonly value: unknown; readonly path: Path };
  };
}

export interface ParsedNad {
  readonly reading: NadReading;
  /** Paths lead through `spec.config` into the JSON of that string. */
  readonly problems: readonly Problem<NadProblemCode>[];
}

/** Whether a value is a NAD, and one whose configuration is an egress router's. */
export function isEgressRouterNad(value: unknown): value is JsonObject {
  if (!isJsonObject(value) || value['kind'] !== nadKind) return false;
  if (typeof value['apiVersion'] !== 'string' || !value['apiVersion'].startsWith(`${nadGroup}/`))
    return false;
  const config = configOf(value);
  // Without one, Multus takes a file of the node: nothing of that is known here.
  if (config === undefined || config === null || config === '') return false;
  if (readObjectName(value).name === nadName) return true;
  if (typeof config !== 'string') return findPlugin(config) !== undefined;
  if (!config.includes(cniType)) return false;
  const decoded = decode(config);
  return decoded === undefined ? typeLookalike.test(config) : findPlugin(decoded.value) !== undefined;
}

/** Reads a NAD of an egress router. Never throws. */
export function readNad(value: unknown): ParsedNad {
  const object = isJsonObject(value) ? value : {};
  const metadata = isJsonObject(object['metadata']) ? object['metadata'] : {};
  const owners: unknown = metadata['ownerReferences'];
  const name = readObjectName(object);
  const reading = { ...name, isOwned: Array.isArray(owners) && owners.length > 0 };
  const config = configOf(object);
  if (typeof config !== 'string') {
    return { reading, problems: config === undefined || config === null ? [] : [notText] };
  }
  const decoded = decode(config);
  if (decoded === undefined) return { reading, problems: [notJson(config)] };
  return readConfig(decoded.value, reading);
}

function readConfig(decoded: unknown, reading: NadReading): ParsedNad {
  const plugin = findPlugin(decoded);
  const path = plugin?.path ?? [];
  const value = plugin?.value ?? decoded;
  const list = isJsonObject(decoded) ? decoded : {};
  // The list has them for all of its plugins, and Multus fills in the name of the NAD.
  const inherited = {
    ...(reading.name === undefined ? {} : { name: reading.name }),
    ...(path.length === 0 ? {} : pick(list, ['cniVersion', 'name'])),
  };
  const whole = isJsonObject(value) ? { ...inherited, ...withoutEmptyName(value) } : value;
  const placed = [...parseNetConf(whole).problems].map((problem): Problem<NadProblemCode> => {
    const fixes = netConfFixes(problem, whole);
    return { ...problem, ...(fixes.length === 0 ? {} : { fixes }) };
  });
  const problems = [...(plugin === undefined ? wrongType(value) : []), ...placed, ...unknownKeys(value)];
  return {
    reading: isJsonObject(value)
      ? { ...reading, config: { value, path: ['spec', 'config', ...path], ...versionOf(decoded) } }
      : reading,
    problems: problems.map((problem) => {
      const ofList = path.length > 0 && (problem.path[0] === 'name' || problem.path[0] === 'cniVersion');
      return within(['spec', 'config', ...(ofList ? [] : path)], problem);
    }),
  };
}

/** The configuration of the plugin: the JSON itself, or an entry of the list that it holds. */
function findPlugin(decoded: unknown): { readonly value: JsonObject; readonly path: Path } | undefined {
  if (!isJsonObject(decoded)) return undefined;
  if (decoded['type'] === cniType) return { value: decoded, path: [] };
  const plugins: unknown = decoded['plugins'];
  if (!Array.isArray(plugins)) return undefined;
  const list: readonly unknown[] = plugins;
  for (const [index, value] of list.entries()) {
    if (isJsonObject(value) && value['type'] === cniType) return { value, path: ['plugins', index] };
  }
  return undefined;
}

function versionOf(decoded: unknown): Pick<NonNullable<NadReading['config']>, 'cniVersion'> {
  if (!isJsonObject(decoded) || !Object.hasOwn(decoded, 'cniVersion')) return {};
  return { cniVersion: { value: decoded['cniVersion'], path: ['spec', 'config', 'cniVersion'] } };
}

function wrongType(value: unknown): Problem<NadProblemCode>[] {
  if (!isJsonObject(value)) return [];
  const { type } = value;
  const isWritten = Object.hasOwn(value, 'type');
  const fix: Fix = isWritten
    ? { title: `Use ${cniType}`, edits: [{ kind: 'replace', path: ['type'], value: cniType }] }
    : { title: `Add "type": "${cniType}"`, edits: [{ kind: 'add', path: ['type'], value: cniType }] };
  const what = isWritten
    ? `The type ${JSON.stringify(type)} is that of another plugin`
    : 'The configuration names no plugin';
  return [
    {
      code: 'nad-type-wrong',
      severity: 'error',
      path: isWritten ? ['type'] : [],
      message: `${what}; the NAD ${nadName} is that of an egress router, whose type is ${cniType}.`,
      fixes: [fix],
    },
  ];
}

const notText: Problem<NadProblemCode> = {
  code: 'nad-config-not-text',
  severity: 'error',
  path: ['spec', 'config'],
  at: 'key',
  message: 'The configuration of a NAD is JSON in a string: put it into one, such as below "config: |".',
};

function notJson(text: string): Problem<NadProblemCode> {
  const path = ['spec', 'config'];
  const fault = findJsonFault(text);
  const repaired = repairJson(text);
  const title = fault?.repair?.title;
  return {
    code: 'nad-config-not-json',
    severity: 'error',
    path,
    ...(fault === undefined ? {} : { within: { start: fault.start, end: fault.end } }),
    message: `The configuration is no JSON. ${fault?.message ?? 'It cannot be read.'}`,
    ...(repaired === undefined || title === undefined
      ? {}
      : { fixes: [{ title, edits: [{ kind: 'replace', path, value: repaired }] }] }),
  };
}

function within(root: Path, problem: Problem<NadProblemCode>): Problem<NadProblemCode> {
  const { fixes } = problem;
  return {
    ...problem,
    path: [...root, ...problem.path],
    ...(fixes === undefined
      ? {}
      : {
          fixes: fixes.map((fix) => ({
            ...fix,
            edits: fix.edits.map((edit) => ({ ...edit, path: [...root, ...edit.path] })),
          })),
        }),
  };
}

function decode(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    // Told apart from null, which is JSON.
    return undefined;
  }
}

function configOf(value: JsonObject): unknown {
  const { spec } = value;
  return isJsonObject(spec) ? spec['config'] : undefined;
}

function withoutEmptyName(value: JsonObject): JsonObject {
  if (value['name'] !== '') return value;
  const { name: _, ...rest } = value;
  return rest;
}

function pick(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(
    keys.filter((key) => Object.hasOwn(object, key)).map((key) => [key, object[key]]),
  );
}

const typeLookalike = /["']?type["']?\s*:\s*["']?egress-router["']?\s*([,}\r\n]|$)/;
