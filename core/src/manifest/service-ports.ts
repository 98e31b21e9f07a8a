import type { EgressRouter } from '#core/egress-router/model.ts';
import { type Port, parsePort } from '#core/net/port.ts';
import { type Protocol, parseProtocol } from '#core/net/protocol.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { toServicePorts } from './service.ts';

export interface ExtraPort {
  readonly port: Port;
  readonly protocol: Protocol;
}

/** What of a port of the Service somebody else manages, so that it stays where it is not applied. */
export interface Foreign {
  readonly isEntry: boolean;
  readonly isName: boolean;
}

/**
 * The ports of a Service that is to lead to a router. What there is stays where a rule leads on from it, or a fallback
 * does, so that a port that somebody chose for clients outlives a change of the rules; each other rule gets one. Where
 * there are several, each has a name, as the API server wants, also one of somebody else, and no two the same.
 *
 * @param present of the Service as it is, as the API server tells them
 */
export function portsInStep(
  router: Pick<EgressRouter, 'rules' | 'fallback'>,
  present: readonly unknown[],
  extra: readonly ExtraPort[] = [],
  foreignOf: (entry: JsonObject) => Foreign = () => ours,
): readonly JsonObject[] {
  const entries = present.filter(isJsonObject);
  const kept = entries.filter((entry) => isServed(router, entry));
  const targets = kept.flatMap((entry) => targetOf(entry) ?? []);
  const fresh = toServicePorts([
    ...router.rules.filter((rule) => !targets.some((target) => isSame(rule, target))),
    ...extra,
  ]);
  const added = fresh.filter((one) => !kept.some((entry) => isAt(entry, one)));
  const staying = entries.filter(
    (entry) => !kept.includes(entry) && !added.some((one) => isAt(entry, one)) && foreignOf(entry).isEntry,
  );
  const areSeveral = kept.length + staying.length + added.length > 1;
  // What bears the name of a new one was there first.
  const given = new Set([...kept, ...staying].map((entry) => entry['name']));
  const unnamed = added.map((entry): JsonObject => (given.has(entry.name) ? { ...entry, name: '' } : entry));
  const name = areSeveral ? namer([...kept, ...staying, ...unnamed]) : (entry: JsonObject) => entry;
  // A port whose name is ours has none without us.
  const named = areSeveral ? staying.filter((entry) => !foreignOf(entry).isName) : [];
  const inOrder = entries.flatMap((entry) => {
    if (kept.includes(entry)) return [name(written(entry))];
    return named.includes(entry) ? [name(keyOf(entry))] : [];
  });
  return [...inOrder, ...unnamed.map(name)];
}

/**
 * All ports of a Service that is to have the `wanted` ones, where an API server would not let those be added: somebody
 * else's port has no name, as of several each must have one, or that of a wanted one. Undefined where it would.
 */
export function portsRenamed(
  present: readonly JsonObject[],
  wanted: readonly JsonObject[],
): readonly JsonObject[] | undefined {
  const others = present.filter((entry) => !wanted.some((one) => isAtPortOf(entry, one)));
  const names = new Set(['', undefined, ...wanted.map((one) => one['name'])]);
  const isInTheWay = (entry: JsonObject): boolean => names.has(entry['name']);
  if (!others.some(isInTheWay)) return undefined;
  const name = namer([...others.filter((entry) => !isInTheWay(entry)), ...wanted]);
  const renamed = others.map((entry) => (isInTheWay(entry) ? name({ ...entry, name: '' }) : entry));
  return [
    ...wanted.map((one) => ({ ...present.find((entry) => isAtPortOf(entry, one)), ...one })),
    ...renamed,
  ];
}

function isAtPortOf(entry: JsonObject, one: JsonObject): boolean {
  return entry['port'] === one['port'] && protocolOf(entry) === protocolOf(one);
}

function isAt(entry: JsonObject, { port, protocol }: ExtraPort): boolean {
  return entry['port'] === port && protocolOf(entry) === protocol;
}

/** What tells the API server which one it is, and what it is called. */
function keyOf({ name, port, protocol = 'TCP' }: JsonObject): JsonObject {
  return { ...(name === undefined ? {} : { name }), protocol, port };
}

/** Whether the router leads on from where a port of a Service leads to. */
export function isServed(
  { rules, fallback }: Pick<EgressRouter, 'rules' | 'fallback'>,
  entry: JsonObject,
): boolean {
  const target = targetOf(entry);
  return target !== undefined && (fallback !== undefined || rules.some((rule) => isSame(rule, target)));
}

const ours: Foreign = { isEntry: false, isName: false };

/** `tcp-8080`, as those of rules, or another where that is taken. */
function namer(entries: readonly object[]): (entry: JsonObject) => JsonObject {
  const taken = new Set(entries.flatMap((entry) => ('name' in entry ? [entry.name] : [])));
  return (entry) => {
    if (entry['name'] !== undefined && entry['name'] !== '') return entry;
    const plain = `${(protocolOf(entry) ?? 'TCP').toLowerCase()}-${String(entry['port'])}`;
    const free = [plain, `${plain}-a`, `${plain}-b`, `${plain}-c`].find((one) => !taken.has(one)) ?? plain;
    taken.add(free);
    return { ...entry, name: free };
  };
}

/** Where the router gets it: the number it has there. A name of a container's port is nothing that a router has. */
function targetOf(entry: JsonObject): ExtraPort | undefined {
  const port = parsePort(entry['targetPort'] ?? entry['port']);
  const protocol = protocolOf(entry);
  return port === undefined || protocol === undefined ? undefined : { port, protocol };
}

function protocolOf(entry: JsonObject): Protocol | undefined {
  return entry['protocol'] === undefined ? 'TCP' : parseProtocol(entry['protocol']);
}

function isSame(one: ExtraPort, other: ExtraPort): boolean {
  return one.port === other.port && one.protocol === other.protocol;
}

/** A node port that the cluster gave out is the cluster's: applying it would make it ours. */
function written(entry: JsonObject): JsonObject {
  const { nodePort: _, ...rest } = entry;
  return rest;
}
