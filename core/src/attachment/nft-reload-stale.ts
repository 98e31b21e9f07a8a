import type { IpFamily } from '#core/net/ip.ts';
import { type Port, parsePort } from '#core/net/port.ts';
import { type Protocol, protocolNumbers, protocols } from '#core/net/protocol.ts';
import { fallbackMark, portMark } from './nft-ruleset.ts';

/** Connections that a changed rule has outdated: they still go where the rule sent them when they began. */
export type StaleConnections =
  | { readonly kind: 'rule'; readonly family: IpFamily; readonly protocol: Protocol; readonly port: Port }
  /** Of the fallback, whose port now has a rule or is the pod's own. */
  | {
      readonly kind: 'fallback-port';
      readonly family: IpFamily;
      readonly protocol: Protocol;
      readonly port: Port;
    }
  /** All of the fallback of one family. */
  | { readonly kind: 'fallback'; readonly family: IpFamily };

/**
 * The number under which the table's set `stale` keeps them until they are ended, so that a process that is
 * killed in between leaves the work to the next one. A rule's is its mark.
 */
export function staleNumber(stale: StaleConnections): number {
  switch (stale.kind) {
    case 'rule':
      return portMark(stale.family, stale);
    case 'fallback-port':
      return fallbackPortBit | portMark(stale.family, stale);
    case 'fallback':
      return fallbackBit | stale.family;
  }
}

export function parseStaleNumber(number: number): StaleConnections | undefined {
  const low = number & 0xffffff;
  if ((number & fallbackBit) !== 0) {
    return low === 4 || low === 6 ? { kind: 'fallback', family: low } : undefined;
  }
  const protocol = protocols[(low >> 18) - 1];
  const port = parsePort(low & 0xffff);
  if (protocol === undefined || port === undefined) return undefined;
  const family = (low >> 17) & 1 ? 6 : 4;
  return { kind: (number & fallbackPortBit) === 0 ? 'rule' : 'fallback-port', family, protocol, port };
}

/** Arguments of `conntrack` that end them. */
export function toConntrackArgs(stale: StaleConnections): readonly string[] {
  const args = ['-D', '-f', `ipv${stale.family}`, '--mark', String(connectionMark(stale))];
  if (stale.kind !== 'fallback-port') return args;
  return [...args, '-p', String(protocolNumbers[stale.protocol]), '--orig-port-dst', String(stale.port)];
}

/** The mark that they bear. */
export function connectionMark(stale: StaleConnections): number {
  return stale.kind === 'rule' ? portMark(stale.family, stale) : fallbackMark;
}

/** For people: `8080/TCP (IPv4)`. */
export function formatStale(stale: StaleConnections): string {
  if (stale.kind === 'fallback') return `the IPv${stale.family} fallback`;
  const port = `${stale.port}/${stale.protocol} (IPv${stale.family})`;
  return stale.kind === 'rule' ? port : `${port} by the fallback`;
}

const fallbackPortBit = 1 << 24;
const fallbackBit = 1 << 25;
