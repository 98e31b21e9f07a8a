import { type Cidr, hasBroadcast, ipOf, networkOf, placeIn } from '#core/net/cidr.ts';
import { familyOf, type Ip, type IpFamily } from '#core/net/ip.ts';
import { specialRangeOf } from '#core/net/special-range.ts';
import type { Path, Problem } from '#core/problem.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import type { RedirectRule } from '../model.ts';
import type { RouterReading } from '../parse.ts';
import { ruleAt } from '../written.ts';
import { findDuplicateRules } from './duplicate-rules.ts';
import { rangeNames } from './range-names.ts';

export const ruleProblemCodes = [
  'duplicate-rule',
  'target-port-repeats-port',
  'destination-is-special',
  'destination-is-own-address',
  'destination-is-network',
  'family-not-served',
  'nothing-to-redirect',
] as const;

export type RuleProblemCode = (typeof ruleProblemCodes)[number];

type RuleProblem = Problem<RuleProblemCode>;

const rulesPath = ['spec', 'redirect', 'redirectRules'] as const;

/** Faults of where connections go. What CNI would refuse is an error. */
export function checkRules(router: RouterReading): RuleProblem[] {
  const { rules, fallback } = router;
  const problems: RuleProblem[] = [];
  const report = (problem: RuleProblem | undefined): void => {
    if (problem !== undefined) problems.push(problem);
  };
  const own = ownOf(router);
  const duplicates = new Map(findDuplicateRules(router).map((problem) => [problem.path[3], problem]));
  for (const [index, rule] of rules.entries()) {
    report(duplicates.get(index));
    if (rule === undefined) continue;
    report(findRepeatedPort(rule, index, router));
    report(findDestinationFault(rule.destination, own, index));
  }
  if (fallback !== undefined) report(findDestinationFault(fallback, own, undefined));
  report(findNothing(router));
  return problems;
}

function findRepeatedPort(
  { port, targetPort }: RedirectRule,
  index: number,
  { spec }: RouterReading,
): RuleProblem | undefined {
  if (port !== targetPort) return undefined;
  if (ruleAt(spec, index)['targetPort'] === undefined) return undefined;
  const path = [...rulesPath, index, 'targetPort'];
  return {
    code: 'target-port-repeats-port',
    severity: 'information',
    path,
    message: `Without "targetPort" the remote port is ${port} as well.`,
    fixes: [{ title: 'Remove "targetPort"', edits: [{ kind: 'remove', path }], isSafe: true }],
  };
}

/** `index`: of the rule, absent for the fallback. */
function findDestinationFault(ip: Ip, own: Own, index: number | undefined): RuleProblem | undefined {
  const path: Path =
    index === undefined ? ['spec', 'redirect', 'fallbackIP'] : [...rulesPath, index, 'destinationIP'];
  const range = specialRangeOf(ip);
  const message = range && `${ip} is ${rangeNames[range]}: no connection can be redirected there.`;
  if (message !== undefined && range !== 'link-local') {
    return { code: 'destination-is-special', severity: 'error', path, message };
  }
  const at = own.addresses.get(ip);
  if (at !== undefined) {
    return {
      code: 'destination-is-own-address',
      severity: 'error',
      path,
      message: `${ip} is the router's own address: connections would end at the router. Name the remote server.`,
      related: [{ path: ['spec', 'addresses', at, 'ip'], message: "The router's address." }],
    };
  }
  if (!own.families.has(familyOf(ip))) {
    const family = familyOf(ip);
    const lacks = `${ip} is IPv${family}, but the router has no IPv${family} address to reach it from.`;
    return { code: 'family-not-served', severity: 'error', path, message: lacks };
  }
  return message === undefined
    ? findEdgeOfNetwork(ip, own, path)
    : { code: 'destination-is-special', severity: 'warning', path, message };
}

/** The first and the last address of a network that the router is on stand for the network, and for all hosts. */
function findEdgeOfNetwork(ip: Ip, { networks }: Own, path: Path): RuleProblem | undefined {
  for (const [index, network] of networks) {
    const place = placeIn(network, ip);
    if (place !== 'first' && place !== 'last') continue;
    return {
      code: 'destination-is-network',
      severity: 'warning',
      path,
      message: `${ip} is the ${place === 'first' ? 'network' : 'broadcast'} address of ${networkOf(network)}, which the router is on: no server has it.`,
      related: [{ path: ['spec', 'addresses', index, 'ip'], message: "The router's address." }],
    };
  }
  return undefined;
}

interface Own {
  readonly addresses: ReadonlyMap<Ip, number>;
  readonly families: ReadonlySet<IpFamily>;
  /** Those that set aside their first and last address, by the entry of the address. */
  readonly networks: ReadonlyMap<number, Cidr>;
}

function ownOf({ addresses }: RouterReading): Own {
  const ips = new Map<Ip, number>();
  const families = new Set<IpFamily>();
  const networks = new Map<number, Cidr>();
  for (const [index, one] of addresses.entries()) {
    if (one === undefined) continue;
    const ip = ipOf(one.address);
    families.add(familyOf(ip));
    if (hasBroadcast(one.address)) networks.set(index, one.address);
    if (!ips.has(ip)) ips.set(ip, index);
  }
  // With no address, or an unreadable one, one cannot tell which families are served.
  if (addresses.length === 0 || addresses.includes(undefined)) families.add(4).add(6);
  return { addresses: ips, families, networks };
}

function findNothing({ spec, rules, fallback }: RouterReading): RuleProblem | undefined {
  const redirect = spec['redirect'];
  if (rules.length > 0 || fallback !== undefined || !isJsonObject(redirect)) return undefined;
  // What cannot be read may well redirect something.
  const { redirectRules = [], fallbackIP } = redirect;
  if (!Array.isArray(redirectRules) || fallbackIP !== undefined) return undefined;
  return {
    code: 'nothing-to-redirect',
    severity: 'warning',
    path: ['spec', 'redirect'],
    at: 'key',
    message: 'The router redirects nothing: add a rule to "redirectRules" or a "fallbackIP".',
  };
}
