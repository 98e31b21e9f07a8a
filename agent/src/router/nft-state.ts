import { type Ip, type IpFamily, parseIp } from '#core/net/ip.ts';
import { type Port, parsePort } from '#core/net/port.ts';
import { type Protocol, protocolNumbers, protocols } from '#core/net/protocol.ts';
import { at, listAt, numberAt, textAt } from './json-value.ts';

/** What the kernel's table of the router holds, as far as readiness and metrics need it. */
export interface NftState {
  readonly redirects: readonly Redirect[];
  /** Traffic by conntrack mark: out of the pod to the destinations, and back. */
  readonly traffic: { readonly out: ReadonlyMap<number, Count>; readonly back: ReadonlyMap<number, Count> };
  /** The table's named counters. */
  readonly counters: ReadonlyMap<string, Count>;
  /** Whether what no rule allows to be forwarded is dropped. */
  readonly isForwardingClosed: boolean;
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
  return {
    redirects: ([4, 6] as const).flatMap((family) =>
      toRedirects(family, named('map', `dnat${family}`), named('map', `rule${family}`)),
    ),
    traffic: { out: toCounts(named('set', 'tx')), back: toCounts(named('set', 'rx')) },
    counters: new Map(
      entries.flatMap((entry) => {
        const name = textAt(entry, 'counter', 'name');
        return name === undefined ? [] : [[name, toCount(at(entry, 'counter'))] as const];
      }),
    ),
    isForwardingClosed: textAt(named('chain', 'forward'), 'policy') === 'drop',
  };
}

function toRedirects(family: IpFamily, targets: unknown, marks: unknown): readonly Redirect[] {
  const markOf = new Map(
    listAt(marks, 'elem').map((element) => [keyOf(at(element, 0)), numberAt(element, 1)] as const),
  );
  return listAt(targets, 'elem').flatMap((element) => {
    const key = at(element, 0);
    const protocol = toProtocol(at(key, 'concat', 0));
    const port = parsePort(at(key, 'concat', 1));
    const destination = parseIp(textAt(element, 1, 'concat', 0) ?? '');
    const targetPort = parsePort(at(element, 1, 'concat', 1));
    if (protocol === undefined || port === undefined) return [];
    if (destination === undefined || targetPort === undefined) return [];
    const mark = markOf.get(keyOf(key));
    return [{ family, protocol, port, destination, targetPort, ...(mark === undefined ? {} : { mark }) }];
  });
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

function toCounts(set: unknown): ReadonlyMap<number, Count> {
  return new Map(
    listAt(set, 'elem').flatMap((element) => {
      const mark = numberAt(element, 'elem', 'val');
      return mark === undefined ? [] : [[mark, toCount(at(element, 'elem', 'counter'))] as const];
    }),
  );
}

function toCount(counter: unknown): Count {
  return { packets: numberAt(counter, 'packets') ?? 0, bytes: numberAt(counter, 'bytes') ?? 0 };
}
