import type { RedirectRule } from '#core/egress-router/model.ts';
import { type Cidr, parseCidr } from '#core/net/cidr.ts';
import { type IfName, parseIfName } from '#core/net/ifname.ts';
import { type Ip, parseIp } from '#core/net/ip.ts';
import { parsePort } from '#core/net/port.ts';
import { parseProtocol } from '#core/net/protocol.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';

/** What a client tells of the cluster that it is connected to. */
export interface ClusterFacts {
  /** The cluster's name, as people know it. */
  readonly context: string;
  /** Absent where nobody reconciles, or nothing tells. */
  readonly reconciler?: 'cno' | 'agent';
  readonly networks: readonly ClusterNetwork[];
  readonly nics: readonly NodeNic[];
  readonly routers: readonly LiveRouter[];
  /** Addresses of the node network that something has, `by` says what. */
  readonly usedAddresses: readonly { readonly ip: Ip; readonly by: string }[];
}

export interface ClusterNetwork {
  readonly name: 'pod' | 'service' | 'machine';
  readonly cidr: Cidr;
}

export interface NodeNic {
  readonly node: string;
  readonly name: IfName;
  readonly addresses: readonly Cidr[];
}

export interface LiveRouter {
  readonly namespace: string;
  readonly name: string;
  readonly addresses: readonly Ip[];
  readonly rules: readonly RedirectRule[];
  /** To be shown: `Available`. */
  readonly state: string;
}

/** Reads what a client sends. Never throws, and leaves out what it cannot read. */
export function parseClusterFacts(value: unknown): ClusterFacts {
  const facts = isJsonObject(value) ? value : {};
  const reconciler = facts['reconciler'];
  return {
    context: textAt(facts, 'context') ?? '',
    ...(reconciler === 'cno' || reconciler === 'agent' ? { reconciler } : {}),
    networks: objectsAt(facts, 'networks').flatMap(readNetwork),
    nics: objectsAt(facts, 'nics').flatMap(readNic),
    routers: objectsAt(facts, 'routers').flatMap(readRouter),
    usedAddresses: objectsAt(facts, 'usedAddresses').flatMap((entry) => {
      const ip = readIp(entry['ip']);
      const by = textAt(entry, 'by');
      return ip === undefined || by === undefined ? [] : [{ ip, by }];
    }),
  };
}

function readNetwork(entry: JsonObject): readonly ClusterNetwork[] {
  const name = networkNames.find((one) => one === entry['name']);
  const cidr = readCidr(entry['cidr']);
  return name === undefined || cidr === undefined ? [] : [{ name, cidr }];
}

const networkNames = ['pod', 'service', 'machine'] as const;

function readNic(entry: JsonObject): readonly NodeNic[] {
  const node = textAt(entry, 'node');
  const name = parseIfName(entry['name']);
  const addresses = listAt(entry, 'addresses').flatMap((one) => readCidr(one) ?? []);
  return node === undefined || name === undefined ? [] : [{ node, name, addresses }];
}

function readRouter(entry: JsonObject): readonly LiveRouter[] {
  const namespace = textAt(entry, 'namespace');
  const name = textAt(entry, 'name');
  if (namespace === undefined || name === undefined) return [];
  const addresses = listAt(entry, 'addresses').flatMap((one) => readIp(one) ?? []);
  const rules = objectsAt(entry, 'rules').flatMap(readRule);
  return [{ namespace, name, addresses, rules, state: textAt(entry, 'state') ?? '' }];
}

function readRule(entry: JsonObject): readonly RedirectRule[] {
  const port = parsePort(entry['port']);
  const protocol = parseProtocol(entry['protocol']);
  const destination = readIp(entry['destination']);
  const targetPort = parsePort(entry['targetPort'] ?? port);
  return port === undefined || protocol === undefined || destination === undefined || targetPort === undefined
    ? []
    : [{ port, protocol, destination, targetPort }];
}

function readIp(value: unknown): Ip | undefined {
  return typeof value === 'string' ? parseIp(value) : undefined;
}

function readCidr(value: unknown): Cidr | undefined {
  return typeof value === 'string' ? parseCidr(value) : undefined;
}

function textAt(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' ? value : undefined;
}

function listAt(object: JsonObject, key: string): readonly unknown[] {
  const value = object[key];
  return Array.isArray(value) ? value : [];
}

function objectsAt(object: JsonObject, key: string): readonly JsonObject[] {
  return listAt(object, key).filter(isJsonObject);
}
