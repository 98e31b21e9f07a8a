import { type Manifest } from '#core/egress-router/candidates/candidate.ts';
import { parseRouter } from '#core/egress-router/parse.ts';
import { parsePortText } from '#core/net/port.ts';
import type { Path } from '#core/problem.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';

/** A configuration in a NAD as the manifest of the router that it is of, so that both are explained by one text. */
export function routerOfConfig(config: unknown): Manifest {
  const root = isJsonObject(config) ? config : {};
  const ip = isJsonObject(root['ip']) ? root['ip'] : {};
  const args = isJsonObject(root['interfaceArgs']) ? root['interfaceArgs'] : {};
  const { gateway } = ip;
  const destinations = listAt(ip['destinations']).map(wordsOf);
  const fallback = ip['fallbackIP'] ?? destinations.find(({ length }) => length === 1)?.[0];
  const value = {
    spec: {
      addresses: listAt(ip['addresses']).map((address, index) => {
        const own = Array.isArray(gateway) ? listAt(gateway)[index] : index === 0 ? gateway : undefined;
        return { ip: address, ...(own === undefined || own === '' ? {} : { gateway: own }) };
      }),
      redirect: {
        redirectRules: destinations.map(([port, protocol, destinationIP, targetPort]) => ({
          port: parsePortText(port ?? ''),
          protocol,
          destinationIP,
          ...(targetPort === undefined ? {} : { targetPort: parsePortText(targetPort) }),
        })),
        ...(fallback === undefined ? {} : { fallbackIP: fallback }),
      },
      networkInterface: { macvlan: { master: args['master'] } },
    },
  };
  return { value, reading: parseRouter(value).reading };
}

/** Where a router has what stands at a path of the configuration; undefined where it has nothing like it. */
export function routerPath([first, second, third]: Path, config: unknown): Path | undefined {
  if (first === 'interfaceArgs' && second === 'master') {
    return ['spec', 'networkInterface', 'macvlan', 'master'];
  }
  if (first !== 'ip') return undefined;
  const index = typeof third === 'number' ? third : 0;
  switch (second) {
    case 'addresses':
      return third === undefined ? undefined : ['spec', 'addresses', index, 'ip'];
    case 'gateway':
      return ['spec', 'addresses', index, 'gateway'];
    case 'fallbackIP':
      return ['spec', 'redirect', 'fallbackIP'];
    case 'destinations': {
      if (third === undefined) return undefined;
      const ip = isJsonObject(config) && isJsonObject(config['ip']) ? config['ip'] : {};
      const isLone = wordsOf(listAt(ip['destinations'])[index]).length === 1;
      return isLone ? ['spec', 'redirect', 'fallbackIP'] : ['spec', 'redirect', 'redirectRules', index];
    }
    default:
      return undefined;
  }
}

function wordsOf(value: unknown): readonly string[] {
  return typeof value === 'string' ? value.split(/[ \t]+/).filter((word) => word !== '') : [];
}

function listAt(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
