import type { NadReading } from '#core/nad/parse.ts';
import { ipOf, parseCidr } from '#core/net/cidr.ts';
import { readDestination } from '#core/netconf/destination-text.ts';
import { parseAddresses } from '#core/netconf/parse-addresses.ts';
import { NetConfProblems } from '#core/netconf/problems.ts';
import type { Path } from '#core/problem.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import type { NadConfigFacts, NadFacts } from './facts.ts';

export function toNadFacts({ name, namespace, isOwned, config }: NadReading): NadFacts {
  const ip = config?.value['ip'];
  return {
    kind: 'nad',
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    isOwned,
    ...(config === undefined || !isJsonObject(ip)
      ? {}
      : { config: toConfigFacts(ip, [...config.path, 'ip']) }),
  };
}

function toConfigFacts(ip: Readonly<Record<string, unknown>>, path: Path): NadConfigFacts {
  const read = parseAddresses(ip, new NetConfProblems());
  return {
    addresses: textsOf(ip['addresses']).flatMap(([text, index]) => {
      const address = parseCidr(text);
      if (address === undefined) return [];
      const gateway = read.find((one) => ipOf(one.address) === ipOf(address))?.gateway;
      return [
        { address, ...(gateway === undefined ? {} : { gateway }), path: [...path, 'addresses', index] },
      ];
    }),
    addressesPath: [...path, 'addresses'],
    gatewayPath: [...path, 'gateway', ...(Array.isArray(ip['gateway']) ? [0] : [])],
    rules: textsOf(ip['destinations']).flatMap(([text, index]) => {
      const rule = readDestination(text);
      const at = [...path, 'destinations', index];
      return rule === undefined || typeof rule === 'string' ? [] : [{ ...rule, path: at }];
    }),
    destinationsPath: [...path, 'destinations'],
  };
}

function textsOf(value: unknown): readonly (readonly [text: string, index: number])[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return list.flatMap((text, index) => (typeof text === 'string' ? [[text, index] as const] : []));
}
