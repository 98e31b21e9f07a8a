import { fallbackMark, nftTable, ruleMark } from '#core/attachment/nft-ruleset.ts';
import type { RedirectRule } from '#core/egress-router/model.ts';
import { familyOf, type IpFamily } from '#core/net/ip.ts';
import { protocolNumbers, protocols } from '#core/net/protocol.ts';
import type { NetConf } from '#core/netconf/model.ts';
import { decode } from './facts.ts';
import { type Fields, isFields } from './invocation.ts';
import type { Tools } from './tools.ts';

/**
 * CHECK of the firewall rules: no chain has lost all it does, and what is redirected is what the rules say. Where a
 * router process keeps the table, its rules may have changed since ADD: then they must agree with each other.
 * The table may be that of an older plugin or a newer one, as pods outlive both: only what every version has is
 * asked for by name, and what else there must be follows from the rules themselves.
 */
export async function checkRuleset(tools: Tools, conf: NetConf): Promise<readonly string[]> {
  const listed = await tools.attempt('nft', ['-j', 'list', 'table', 'inet', nftTable]);
  if (listed.kind !== 'exited' || listed.code !== 0) return ['the firewall rules are missing'];
  const root = decode(listed.stdout);
  const items = isFields(root) && Array.isArray(root['nftables']) ? root['nftables'].filter(isFields) : [];
  return [
    ...[...new Set([...chains, ...usedChains(items)])].flatMap((name) => checkChain(items, name)),
    ...([4, 6] as const).flatMap((family) => checkRedirects(items, conf, family)),
  ];
}

const chains = ['prerouting', 'to_external', 'postrouting', 'forward', 'input'];

/** Those that rules lead to. */
function usedChains(items: readonly Fields[]): readonly string[] {
  return statementsOf(items).flatMap((statement) =>
    [statement['jump'], statement['goto']].flatMap((to) => (isFields(to) ? [String(to['target'])] : [])),
  );
}

/** The marks that may be forwarded: those in each of the sets that the chain `forward` looks them up in. */
function passingMarks(items: readonly Fields[]): ReadonlySet<string> {
  const names = statementsOf(items, 'forward').flatMap(({ match }) =>
    isFields(match) && isMark(match['left']) ? [String(match['right']).replace('@', '')] : [],
  );
  const [first = [], ...others] = names.map((name) => elementsOf(items, 'set', name));
  const sets = others.map((elements) => new Set(elements));
  return new Set(first.filter((mark) => sets.every((set) => set.has(mark))));
}

function isMark(left: unknown): boolean {
  const tracked = isFields(left) ? left['ct'] : undefined;
  return isFields(tracked) && tracked['key'] === 'mark';
}

/** All that rules consist of, or those of one chain. */
function statementsOf(items: readonly Fields[], chain?: string): readonly Fields[] {
  return items.flatMap(({ rule }) => {
    if (!isFields(rule) || (chain !== undefined && rule['chain'] !== chain)) return [];
    return Array.isArray(rule['expr']) ? rule['expr'].filter(isFields) : [];
  });
}

function checkChain(items: readonly Fields[], name: string): readonly string[] {
  const chain = find(items, 'chain', name);
  if (chain === undefined) return [`firewall chain ${name} is missing`];
  const isEmpty = !items.some((item) => isFields(item['rule']) && item['rule']['chain'] === name);
  return [
    ...(isEmpty ? [`firewall chain ${name} is empty`] : []),
    ...(name === 'forward' && chain['policy'] !== 'drop'
      ? ['firewall chain forward does not drop what it does not name']
      : []),
  ];
}

function checkRedirects(items: readonly Fields[], conf: NetConf, family: IpFamily): readonly string[] {
  if (elementsOf(items, 'set', 'kept').length === 0) {
    return isRedirected(items, conf, family)
      ? []
      : [`the IPv${family} redirects are not those of the configuration`];
  }
  return isConsistent(items, family) ? [] : [`the IPv${family} redirects contradict each other`];
}

function isConsistent(items: readonly Fields[], family: IpFamily): boolean {
  const halves = (name: string) =>
    elementsOf(items, 'map', `${name}${family}`).map((element) => element.split(':', 2));
  const ports = halves('dnat').map(([port = '']) => port);
  const marks = halves('rule');
  const passing = passingMarks(items);
  return (
    isSame(
      ports,
      marks.map(([port = '']) => port),
    ) && marks.every(([, mark = '']) => passing.has(mark))
  );
}

function isRedirected(items: readonly Fields[], conf: NetConf, family: IpFamily): boolean {
  const rules = conf.rules.filter((rule) => familyOf(rule.destination) === family);
  const key = ({ protocol, port }: RedirectRule): string => `${protocolNumbers[protocol]}.${port}`;
  const marks = rules.map((rule) => `${key(rule)}:${ruleMark(rule)}`);
  const targets = rules.map((rule) => `${key(rule)}:${rule.destination}.${rule.targetPort}`);
  const passing = passingMarks(items);
  const wanted = [...rules.map(ruleMark), ...(hasFallback(conf, family) ? [fallbackMark] : [])];
  return (
    isSame(elementsOf(items, 'map', `rule${family}`), marks) &&
    isSame(elementsOf(items, 'map', `dnat${family}`), targets) &&
    wanted.every((mark) => passing.has(String(mark)))
  );
}

function hasFallback(conf: NetConf, family: IpFamily): boolean {
  return (family === 4 ? conf.fallbacks.v4 : conf.fallbacks.v6) !== undefined;
}

function isSame(found: readonly string[], wanted: readonly string[]): boolean {
  const known = new Set(wanted);
  return found.length === wanted.length && found.every((element) => known.has(element));
}

/** `7` of a set, `6.80:203.0.113.25.8080` of a map. */
function toText(element: unknown): string {
  if (Array.isArray(element)) return element.map(toText).join(':');
  if (!isFields(element)) return String(element);
  if (isFields(element['elem'])) return toText(element['elem']['val']);
  return Array.isArray(element['concat']) ? element['concat'].map(toNumber).join('.') : '';
}

/** nft prints the names of protocols that the node knows. */
function toNumber(part: unknown): unknown {
  const protocol = protocols.find((name) => name.toLowerCase() === part);
  return protocol === undefined ? part : protocolNumbers[protocol];
}

function elementsOf(items: readonly Fields[], kind: 'map' | 'set', name: string): readonly string[] {
  const elements = find(items, kind, name)?.['elem'];
  return Array.isArray(elements) ? elements.map(toText) : [];
}

function find(items: readonly Fields[], kind: 'chain' | 'map' | 'set', name: string): Fields | undefined {
  return items
    .map((item) => item[kind])
    .find((entry): entry is Fields => isFields(entry) && entry['name'] === name);
}
