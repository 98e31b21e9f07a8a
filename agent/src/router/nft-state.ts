import type { LiveTable } from '#core/attachment/nft-reload.ts';
import { type CountingSet, fallbackMark, type NftElements, portKey } from '#core/attachment/nft-ruleset.ts';
import { at, listAt, numberAt, textAt } from '#core/json-value.ts';
import { type Ip, type IpFamily, isIp4, parseIp } from '#core/net/ip.ts';
import { type Port, parsePort } from '#core/net/port.ts';
import { type Protocol, protocolNumbers, protocols } from '#core/net/protocol.ts';

/** What the kernel's table of the router holds, as far as the process needs it. */
export interface NftState {
  readonly redirects: readonly Redirect[];
  readonly fallbacks: LiveTable['fallbacks'];
  /** Traffic by conntrack mark: out of the pod to the destinations, and back. */
  readonly traffic: { readonly out: ReadonlyMap<number, Count>; readonly back: ReadonlyMap<number, Count> };
  /** Connections by conntrack mark, counted by their first packet. */
  readonly connections: ReadonlyMap<number, number>;
  /** The table's named counters. */
  readonly counters: ReadonlyMap<string, Count>;
  /** Whether what no rule allows to be forwarded is dropped. */
  readonly isForwardingClosed: boolean;
  /** The same for those who change the table. */
  readonly table: LiveTable;
  /** All that makes a chain, as text that is equal where the chains are: a line for its hook, and one for each rule. */
  readonly chains: ReadonlyMap<string, string>;
}

export interface Redirect {
  readonly family: IpFamily;
  readonly protocol: Protocol;
  readonly port: Port;
  readonly destination: Ip;
  readonly targetPort: Port;
  /** Absent where the table has no mark for it: then its traffic is not counted. */
  readonly mark?: number;
}

export interface Count {
  readonly packets: number;
  readonly bytes: number;
}

/** Reads `nft -j list table`. What it does not know it leaves out. */
export function toNftState(answer: unknown): NftState {
  const entries = listAt(answer, 'nftables');
  const named = (type: string, name: string): unknown =>
    entries.map((entry) => at(entry, type)).find((entry) => textAt(entry, 'name') === name);
  const maps = ([4, 6] as const).map((family) =>
    toRedirects(family, named('map', `dnat${family}`), named('map', `rule${family}`)),
  );
  const redirects = maps.flat();
  const table = toElementsAsRead(named);
  const countsIn = (name: CountingSet) => toCounts(named('set', name), table.elements.passing.keys());
  const traffic = { out: countsIn('sent'), back: countsIn('received') };
  const counters = new Map(
    entries.flatMap((entry) => {
      const name = textAt(entry, 'counter', 'name');
      return name === undefined ? [] : [[name, toCount(at(entry, 'counter'))] as const];
    }),
  );
  const fallbacks = toFallbacks(entries);
  return {
    redirects,
    fallbacks,
    traffic,
    connections: new Map([
      ...[...countsIn('taken')].map(([mark, { packets }]) => [mark, packets] as const),
      [fallbackMark, counters.get('fallback')?.packets ?? 0],
    ]),
    counters,
    isForwardingClosed: textAt(named('chain', 'forward'), 'policy') === 'drop',
    table: {
      ...table,
      counted: {
        taken: marksIn(named('set', 'taken')),
        sent: marksIn(named('set', 'sent')),
        received: marksIn(named('set', 'received')),
      },
      stale: listAt(named('set', 'stale'), 'elem').filter((mark) => typeof mark === 'number'),
      fallbacks,
      sysctlsBefore: new Map(
        listAt(named('map', 'sysctls_before'), 'elem').flatMap((element) => {
          const [key, value] = [numberAt(element, 0), numberAt(element, 1)];
          return key === undefined || value === undefined ? [] : [[key, value] as const];
        }),
      ),
      names: new Set(
        entries.flatMap((entry) =>
          ['map', 'set', 'counter'].flatMap((type) => textAt(entry, type, 'name') ?? []),
        ),
      ),
    },
    chains: toChainTexts(entries),
  };
}

function toRedirects(family: IpFamily, targets: unknown, marks: unknown): readonly Redirect[] {
  const markOf = new Map(
    listAt(marks, 'elem').map((element) => [keyOf(at(element, 0)), numberAt(element, 1)] as const),
  );
  return listAt(targets, 'elem').flatMap((element) => {
    const local = toLocal(at(element, 0));
    const target = toTarget(at(element, 1));
    if (local === undefined || target === undefined) return [];
    const mark = markOf.get(keyOf(at(element, 0)));
    return [{ family, ...local, ...target, ...(mark === undefined ? {} : { mark }) }];
  });
}

/** The elements of each set, spelled anew from what they mean. A set with one that means nothing is foreign. */
function toElementsAsRead(
  named: (type: string, name: string) => unknown,
): Pick<LiveTable, 'elements' | 'foreignSets'> {
  const ofLocal = (element: unknown): readonly [string, string] | undefined => {
    const local = toLocal(element);
    return local === undefined ? undefined : [portKey(local), ''];
  };
  const ofTarget = (element: unknown): readonly [string, string] | undefined => {
    const [local, target] = [toLocal(at(element, 0)), toTarget(at(element, 1))];
    if (local === undefined || target === undefined) return undefined;
    return [portKey(local), `${target.destination} . ${target.targetPort}`];
  };
  const ofRule = (element: unknown): readonly [string, string] | undefined => {
    const [local, mark] = [toLocal(at(element, 0)), numberAt(element, 1)];
    return local === undefined || mark === undefined ? undefined : [portKey(local), String(mark)];
  };
  const ofMark = (element: unknown): readonly [string, string] | undefined =>
    typeof element === 'number' ? [String(element), ''] : undefined;
  const read = {
    dnat4: toEntries(named('map', 'dnat4'), ofTarget),
    dnat6: toEntries(named('map', 'dnat6'), ofTarget),
    rule4: toEntries(named('map', 'rule4'), ofRule),
    rule6: toEntries(named('map', 'rule6'), ofRule),
    passing: toEntries(named('set', 'passing'), ofMark),
    local_ports: toEntries(named('set', 'local_ports'), ofLocal),
  } satisfies Record<keyof NftElements, ReadonlyMap<string, string> | undefined>;
  const none: ReadonlyMap<string, string> = new Map();
  return {
    elements: {
      dnat4: read.dnat4 ?? none,
      dnat6: read.dnat6 ?? none,
      rule4: read.rule4 ?? none,
      rule6: read.rule6 ?? none,
      passing: read.passing ?? none,
      local_ports: read.local_ports ?? none,
    },
    foreignSets: new Set(
      (['dnat4', 'dnat6', 'rule4', 'rule6', 'passing', 'local_ports'] as const).filter(
        (name) => read[name] === undefined,
      ),
    ),
  };
}

/** @returns undefined where the set is missing or an element cannot be read */
function toEntries(
  set: unknown,
  read: (element: unknown) => readonly [string, string] | undefined,
): ReadonlyMap<string, string> | undefined {
  if (set === undefined) return undefined;
  const entries = listAt(set, 'elem').map(read);
  return entries.every((entry) => entry !== undefined) ? new Map(entries) : undefined;
}

function toLocal(key: unknown): { readonly protocol: Protocol; readonly port: Port } | undefined {
  const protocol = toProtocol(at(key, 'concat', 0));
  const port = parsePort(at(key, 'concat', 1));
  return protocol === undefined || port === undefined ? undefined : { protocol, port };
}

function toTarget(value: unknown): Pick<Redirect, 'destination' | 'targetPort'> | undefined {
  const destination = parseIp(textAt(value, 'concat', 0) ?? '');
  const targetPort = parsePort(at(value, 'concat', 1));
  return destination === undefined || targetPort === undefined ? undefined : { destination, targetPort };
}

function keyOf(key: unknown): string {
  return JSON.stringify(at(key, 'concat'));
}

/** nft spells a protocol by name where the image has /etc/protocols and by number where it has not. */
function toProtocol(value: unknown): Protocol | undefined {
  return protocols.find(
    (protocol) =>
      value === protocol.toLowerCase() ||
      value === protocolNumbers[protocol] ||
      value === String(protocolNumbers[protocol]),
  );
}

/** The rules of `to_external` that lead to an address, not to a map. */
function toFallbacks(entries: readonly unknown[]): LiveTable['fallbacks'] {
  const ips = entries
    .filter((entry) => textAt(entry, 'rule', 'chain') === 'to_external')
    .flatMap((entry) => listAt(entry, 'rule', 'expr'))
    .flatMap((part) => parseIp(textAt(part, 'dnat', 'addr') ?? '') ?? []);
  const v4 = ips.find(isIp4);
  const v6 = ips.filter((ip) => !isIp4(ip)).at(0);
  return { ...(v4 === undefined ? {} : { v4 }), ...(v6 === undefined || isIp4(v6) ? {} : { v6 }) };
}

function toChainTexts(entries: readonly unknown[]): ReadonlyMap<string, string> {
  const parts = new Map<string, unknown[]>();
  for (const entry of entries) {
    const chain = at(entry, 'chain');
    const name = textAt(chain, 'name');
    if (name === undefined) continue;
    parts.set(name, [['type', 'hook', 'prio', 'policy'].map((field) => at(chain, field) ?? null)]);
  }
  for (const entry of entries) {
    const rule = at(entry, 'rule');
    parts.get(textAt(rule, 'chain') ?? '')?.push(at(rule, 'expr'));
  }
  return new Map(
    [...parts].map(([name, lines]) => [name, lines.map((line) => JSON.stringify(line)).join('\n')] as const),
  );
}

/** The kernel adds a mark with the first packet: of one that may pass and is not there, none came. */
function toCounts(set: unknown, marks: Iterable<string>): ReadonlyMap<number, Count> {
  if (set === undefined) return new Map();
  return new Map([
    ...[...marks].map((mark) => [Number(mark), { packets: 0, bytes: 0 }] as const),
    ...listAt(set, 'elem').flatMap((element) => {
      const mark = numberAt(element, 'elem', 'val');
      return mark === undefined ? [] : [[mark, toCount(at(element, 'elem', 'counter'))] as const];
    }),
  ]);
}

function marksIn(set: unknown): ReadonlySet<string> {
  return new Set(
    listAt(set, 'elem').flatMap((element) => {
      const mark = numberAt(element, 'elem', 'val');
      return mark === undefined ? [] : [String(mark)];
    }),
  );
}

function toCount(counter: unknown): Count {
  return { packets: numberAt(counter, 'packets') ?? 0, bytes: numberAt(counter, 'bytes') ?? 0 };
}
