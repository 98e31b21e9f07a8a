import type { Ip4, Ip6, IpFamily } from '#core/net/ip.ts';
import { type Port, parsePortText } from '#core/net/port.ts';
import { type Protocol, protocolNumbers, protocols } from '#core/net/protocol.ts';
import { type StaleConnections, staleNumber } from './nft-reload-stale.ts';
import {
  type CountingSet,
  countingSets,
  type ElementSet,
  type NftChain,
  type NftElements,
  nftCounters,
  nftSets,
  nftTable,
  portMark,
  type RulesetPlan,
  toChains,
  toElements,
  toElementText,
} from './nft-ruleset.ts';

/** What the kernel's table holds, spelled as `toElements` spells it. */
export interface LiveTable {
  readonly elements: NftElements;
  /** Sets that are missing, or hold what this project never writes: filled anew. */
  readonly foreignSets: ReadonlySet<ElementSet>;
  /** The marks that have been counted so far. */
  readonly counted: Readonly<Record<CountingSet, ReadonlySet<string>>>;
  /** What the set `stale` holds. */
  readonly stale: readonly number[];
  readonly fallbacks: { readonly v4?: Ip4; readonly v6?: Ip6 };
  /** Empty where DEL has nothing to restore, or the map is missing. */
  readonly sysctlsBefore: ReadonlyMap<number, number>;
  /** Sets and counters by name, of whatever kind. */
  readonly names: ReadonlySet<string>;
}

export interface TableChange {
  /** Input of `nft -f -`, one transaction. Empty where nothing differs. */
  readonly text: string;
  /** Connections that have to be ended once the transaction is done. */
  readonly stale: readonly StaleConnections[];
  /** What differed, in a few words each. */
  readonly differences: readonly string[];
}

/**
 * Brings the table to what the rules want and touches nothing else, so that connections and counters of other
 * rules go on. A rule whose target changed starts counting from zero.
 * @param isInForce whether a chain is known to be as this plan wants it
 */
export function planTableChange(
  plan: RulesetPlan,
  live: LiveTable,
  isInForce: (chain: NftChain) => boolean,
): TableChange {
  const wanted = toElements(plan);
  const stale = staleConnections(plan, live);
  const restarted = new Set(
    stale.flatMap((one) => (one.kind === 'rule' ? [portMark(one.family, one)] : [])).map(String),
  );
  const sets = elementSets.map((name) => setChange(name, wanted, live, restarted));
  const chains = toChains(plan).filter((chain) => !isInForce(chain));
  const missing = [...nftSets.map(({ name }) => name), ...nftCounters].filter(
    (name) => !live.names.has(name),
  );
  const differences = [
    ...missing.map((name) => `${name} was missing`),
    ...sets.flatMap((set) => set.differences),
    ...chains.map(({ name }) => `chain ${name}`),
  ];
  if (differences.length === 0) return { text: '', stale, differences };
  const lines = [
    `add table inet ${nftTable}`,
    ...nftSets.map(({ kind, name, type }) => `add ${kind} inet ${nftTable} ${name} { ${type}; }`),
    ...nftCounters.map((name) => `add counter inet ${nftTable} ${name}`),
    ...sets.flatMap((set) => set.lines),
    ...countingSets.flatMap((name) => {
      const isOver = (mark: string): boolean => restarted.has(mark) || !wanted.passing.has(mark);
      return elementLine('delete', name, [...live.counted[name]].filter(isOver));
    }),
    ...elementLine('add', 'kept', keptByProcess),
    ...elementLine('add', 'stale', stale.map(staleNumber).map(String)),
    ...chains.map(
      ({ name, hook }) => `add chain inet ${nftTable} ${name}${hook === undefined ? '' : ` { ${hook} }`}`,
    ),
    ...chains.map(({ name }) => `flush chain inet ${nftTable} ${name}`),
    ...chains.flatMap(({ name, rules }) => rules.map((rule) => `add rule inet ${nftTable} ${name} ${rule}`)),
  ];
  return { text: lines.map((line) => `${line}\n`).join(''), stale, differences };
}

/** What the set `kept` holds from a router process's first change on. */
export const keptByProcess = ['1'] as const;

/** Input of `nft -f -` once the stale connections have been ended. */
export const nftStaleEnded = `flush set inet ${nftTable} stale\n`;

const elementSets: readonly ElementSet[] = ['dnat4', 'dnat6', 'rule4', 'rule6', 'passing', 'local_ports'];

function setChange(
  name: ElementSet,
  wanted: NftElements,
  live: LiveTable,
  restarted: ReadonlySet<string>,
): { readonly lines: readonly string[]; readonly differences: readonly string[] } {
  const isForeign = live.foreignSets.has(name) && live.names.has(name);
  const has = live.foreignSets.has(name) ? new Map<string, string>() : live.elements[name];
  const want = wanted[name];
  const isRestarted = (key: string, value = ''): boolean => restarted.has(value === '' ? key : value);
  const isKept = (key: string): boolean =>
    has.has(key) && has.get(key) === want.get(key) && !isRestarted(key, has.get(key));
  const gone = [...has.keys()].filter((key) => !isKept(key));
  const added = [...want].filter(([key]) => !isKept(key));
  const kind = nftSets.find((set) => set.name === name)?.kind ?? 'set';
  // The same as to delete each, and a fraction of the memory that `nft` needs for thousands.
  const isFlushed = isForeign || (gone.length > 1 && gone.length === has.size);
  return {
    lines: [
      ...(isFlushed ? [`flush ${kind} inet ${nftTable} ${name}`] : elementLine('delete', name, gone)),
      ...elementLine('add', name, added.map(toElementText)),
    ],
    differences: [
      ...(isForeign ? [`${name} held what is not the router's`] : []),
      ...added.map(([key]) => `${name} { ${key} }`),
      ...gone.filter((key) => !want.has(key)).map((key) => `${name} { ${key} }`),
    ],
  };
}

function elementLine(verb: 'add' | 'delete', set: string, elements: readonly string[]): readonly string[] {
  return elements.length === 0 ? [] : [`${verb} element inet ${nftTable} ${set} { ${elements.join(', ')} }`];
}

/** Exactly those that would go elsewhere if they began now, of those that began by the live rules. */
export function staleConnections(
  plan: RulesetPlan,
  live: Pick<LiveTable, 'elements' | 'fallbacks'>,
): readonly StaleConnections[] {
  const wanted = toElements(plan);
  const newLocalPorts = [...wanted.local_ports.keys()].filter((key) => !live.elements.local_ports.has(key));
  return ([4, 6] as const).flatMap((family): readonly StaleConnections[] => {
    const has = live.elements[`dnat${family}`];
    const want = wanted[`dnat${family}`];
    const rules = ofPorts(
      'rule',
      family,
      [...has].filter(([key, to]) => want.get(key) !== to).map(([key]) => key),
    );
    const fallback = live.fallbacks[`v${family}`];
    if (fallback === undefined) return rules;
    if (fallback !== plan.fallbacks[`v${family}`]) return [...rules, { kind: 'fallback', family }];
    const taken = [...want.keys()].filter((key) => !has.has(key));
    return [...rules, ...ofPorts('fallback-port', family, [...new Set([...taken, ...newLocalPorts])])];
  });
}

function ofPorts(
  kind: 'rule' | 'fallback-port',
  family: IpFamily,
  keys: readonly string[],
): readonly StaleConnections[] {
  return keys.flatMap((key) => {
    const parsed = parsePortKey(key);
    return parsed === undefined ? [] : [{ kind, family, ...parsed }];
  });
}

function parsePortKey(key: string): { readonly protocol: Protocol; readonly port: Port } | undefined {
  const [number = '', text = ''] = key.split(' . ');
  const protocol = protocols.find((one) => String(protocolNumbers[one]) === number);
  const port = parsePortText(text);
  return protocol === undefined || port === undefined ? undefined : { protocol, port };
}
