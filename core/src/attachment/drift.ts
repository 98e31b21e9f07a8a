import { familyOfCidr, ipOf, prefixLengthOf } from '#core/net/cidr.ts';
import { bitsOf, type IpFamily } from '#core/net/ip.ts';
import type { LinkFacts, RouteFacts } from './facts.ts';
import { toAddressLine, toClusterRoutes, toOwnRoutes, toRules } from './ip-batch.ts';
import type { AttachmentPlan, FamilyPlan } from './plan.ts';
import { clusterTable } from './routing.ts';

/** A pod's links, routes and routing rules as they are, beside what ADD made of them. */
export interface LiveNetwork {
  /** The router's interface, which is there. */
  readonly link: Pick<LinkFacts, 'isUp' | 'addresses'>;
  readonly routes: readonly RouteFacts[];
  /** As `ip rule add` takes them: `pref 1000 iif eth0 lookup 7101`. */
  readonly rules: readonly { readonly family: IpFamily; readonly text: string }[];
}

export interface NetworkRepair {
  /** Input of `ip -force -batch -`. */
  readonly linkBatch: string;
  /** Inputs of `ip -4 -force -batch -` and `ip -6 -force -batch -`, for when the link is up. */
  readonly routeBatches: readonly { readonly family: IpFamily; readonly text: string }[];
  readonly drift: readonly Drift[];
}

export interface Drift {
  readonly kind: 'link' | 'address' | 'route' | 'rule';
  /** What was amiss, without a full stop. */
  readonly message: string;
}

/** Puts back what is missing of what ADD made. What others added is theirs. */
export function planRepair(
  plan: Pick<AttachmentPlan, 'ifName' | 'clusterLink' | 'addresses' | 'families'>,
  live: LiveNetwork,
): NetworkRepair {
  const addresses = plan.addresses
    .map(({ address }) => address)
    .filter((address) => !live.link.addresses.includes(address));
  const families = plan.families.map((family) => ({
    family: family.family,
    routes: missingRoutes(plan, family, live.routes),
    rules: toRules(plan, family).filter(
      (rule) => !live.rules.some(({ family: other, text }) => other === family.family && text === rule),
    ),
  }));
  return {
    linkBatch: toText([
      ...addresses.map((address) => toAddressLine(plan, address)),
      ...(live.link.isUp ? [] : [`link set dev ${plan.ifName} up`]),
    ]),
    routeBatches: families
      .map(({ family, routes, rules }) => ({
        family,
        text: toText([
          ...routes.map((route) => `route replace ${route}`),
          ...rules.map((rule) => `rule add ${rule}`),
        ]),
      }))
      .filter(({ text }) => text !== ''),
    drift: [
      ...(live.link.isUp ? [] : [{ kind: 'link', message: `interface ${plan.ifName} was down` } as const]),
      ...addresses.map(
        (address) => ({ kind: 'address', message: `${plan.ifName} lacked the address ${address}` }) as const,
      ),
      ...families.flatMap(({ family, routes, rules }) => [
        ...routes.map(
          (route) => ({ kind: 'route', message: `the IPv${family} route "${route}" was missing` }) as const,
        ),
        ...rules.map(
          (rule) => ({ kind: 'rule', message: `the IPv${family} rule "${rule}" was missing` }) as const,
        ),
      ]),
    ],
  };
}

function missingRoutes(
  plan: Pick<AttachmentPlan, 'ifName' | 'clusterLink'>,
  family: FamilyPlan,
  routes: readonly RouteFacts[],
): readonly string[] {
  const own = routes.filter((route) => route.family === family.family);
  const has = new Set(own.map(formatRoute));
  // Multus may have changed the defaults of main since ADD read them: any way back will do.
  const hasWayBack = own.some(
    (route) => route.table === String(clusterTable) && prefixLengthOf(route.destination) === 0,
  );
  return [
    ...toOwnRoutes(plan, family).filter((route) => !has.has(route)),
    ...(hasWayBack ? [] : toClusterRoutes(plan, family)),
  ];
}

function formatRoute({ destination, gateway, link, table }: RouteFacts): string {
  const isHost = prefixLengthOf(destination) === bitsOf(familyOfCidr(destination));
  const to = prefixLengthOf(destination) === 0 ? 'default' : isHost ? ipOf(destination) : destination;
  const via = gateway === undefined ? '' : ` via ${gateway}`;
  return `${to}${via} dev ${link}${table === 'main' ? '' : ` table ${table}`}`;
}

function toText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
