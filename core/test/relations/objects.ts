import { parseRouter } from '#core/egress-router/parse.ts';
import type { Facts, LegacyFacts, RouterFacts } from '#core/relations/facts.ts';
import { toRouterFacts } from '#core/relations/router-facts.ts';
import { readService } from '#core/service/parse.ts';

export interface RouterWish {
  readonly name?: string;
  readonly namespace?: string;
  readonly ip?: string;
  readonly gateway?: string;
  /** `8080 TCP 203.0.113.25 80` */
  readonly rules?: readonly string[];
  readonly fallbackIP?: string;
}

export function routerFacts(wish: RouterWish = {}): RouterFacts {
  const { name = 'partner-api', namespace, ip = '192.168.12.99/24', gateway, fallbackIP } = wish;
  const redirectRules = (wish.rules ?? ['8080 TCP 203.0.113.25 80']).map((text) => {
    const [port, protocol, destinationIP, targetPort = port] = text.split(' ');
    return { port: Number(port), protocol, destinationIP, targetPort: Number(targetPort) };
  });
  return toRouterFacts(
    parseRouter({
      apiVersion: 'network.operator.openshift.io/v1',
      kind: 'EgressRouter',
      metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
      spec: {
        addresses: [{ ip, ...(gateway === undefined ? {} : { gateway }) }],
        redirect: { redirectRules, ...(fallbackIP === undefined ? {} : { fallbackIP }) },
      },
    }).reading,
  );
}

export function serviceFacts(
  ports: readonly object[],
  { name = 'partner-api', namespace, ...spec }: Readonly<Record<string, unknown>> = {},
): Facts {
  const facts = readService({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: {
      selector: { app: 'egress-router-cni' },
      ports: ports.map((port, index) => ({ name: `port-${index}`, ...port })),
      ...spec,
    },
  });
  if (facts === undefined) throw new Error('no Service');
  return facts;
}

export function legacyFacts(wish: Partial<LegacyFacts> = {}): LegacyFacts {
  return {
    kind: 'legacy',
    name: 'egress-partner',
    labels: { name: 'egress-partner' },
    addresses: [],
    configMaps: [],
    ...wish,
  };
}
