import type { CniResult } from '#core/attachment/cni-result.ts';
import { parseCidr } from '#core/net/cidr.ts';
import { parseIp } from '#core/net/ip.ts';
import { CniFailure } from './failure.ts';
import { type Fields, isFields } from './invocation.ts';

export type PreviousResult = Omit<CniResult, 'cniVersion'>;

/** What the plugins before us in a chain made, or our own ADD where CHECK asks. */
export function readPrevious(config: Fields): PreviousResult | undefined {
  const value = config['prevResult'];
  if (value === undefined || value === null) return undefined;
  if (!isFields(value)) throw new CniFailure('invalid-config', 'prevResult is not a JSON object');
  const routes = value['routes'];
  return {
    interfaces: listOf(value['interfaces']).map((entry) => ({
      name: textOf(entry['name']) ?? '',
      ...optional('mac', textOf(entry['mac'])),
      ...optional('mtu', numberOf(entry['mtu'])),
      ...optional('sandbox', textOf(entry['sandbox'])),
    })),
    ips: listOf(value['ips']).map((entry) => {
      const version = entry['version'];
      const address = parseCidr(textOf(entry['address']) ?? '');
      if (address === undefined) throw new CniFailure('invalid-config', 'prevResult has an invalid address');
      return {
        ...(version === '4' || version === '6' ? { version } : {}),
        ...optional('interface', numberOf(entry['interface'])),
        address,
        ...optional('gateway', parseIp(textOf(entry['gateway']) ?? '')),
      };
    }),
    ...(Array.isArray(routes) ? { routes } : {}),
    dns: value['dns'],
  };
}

function optional<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [K in Key]?: Value } {
  const entry: { [K in Key]?: Value } = {};
  if (value !== undefined) entry[key] = value;
  return entry;
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
