import { type Cidr, hasBroadcast, ipOf, networkOf, placeIn } from '#core/net/cidr.ts';
import { familyOf, type Ip } from '#core/net/ip.ts';
import { type SpecialRange, specialRangeOf } from '#core/net/special-range.ts';
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
  const repeated = findDuplicateRules(router);
  const duplicates =
    repeated.length === 0 ? undefined : new Map(repeated.map((problem) => [problem.path[3], problem]));
  // By index: an iterator would be made for each of thousands of routers.
  for (let index = 0; index < rules.length; index += 1) {
    const rule = rules[index];
    report(duplicates?.get(index));
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
  const range = specialRangeOf(ip);
  if (range !== undefined && range !== 'link-local') return specialProblem(ip, range, index);
  const same = own.addresses.find((one) => one.ip === ip);
  if (same !== undefined) {
    return {
      code: 'destination-is-own-address',
      severity: 'error',
      path: pathOfDestination(index),
      message: `${ip} is the router's own address: connections would end at the router. Name the remote server.`,
      related: [{ path: ['spec', 'addresses', same.index, 'ip'], message: "The router's address." }],
    };
  }
  const family = familyOf(ip);
  if (own.areAllKnown && own.addresses.every((one) => familyOf(one.ip) !== family)) {
    const lacks = `${ip} is IPv${family}, but the router has no IPv${family} address to reach it from.`;
    return { code: 'family-not-served', severity: 'error', path: pathOfDestination(index), message: lacks };
  }
  return range === undefined ? findEdgeOfNetwork(ip, own, index) : specialProblem(ip, range, index);
}

function specialProblem(ip: Ip, range: SpecialRange, index: number | undefined): RuleProblem {
  return {
    code: 'destination-is-special',
    severity: range === 'link-local' ? 'warning' : 'error',
    path: pathOfDestination(index),
    message: `${ip} is ${rangeNames[range]}: no connection can be redirected there.`,
  };
}

function pathOfDestination(index: number | undefined): Path {
  return index === undefined ? ['spec', 'redirect', 'fallbackIP'] : [...rulesPath, index, 'destinationIP'];
}

/** The first and the last address of a network that the router is on stand for the network, and for all hosts. */
function findEdgeOfNetwork(ip: Ip, { addresses }: Own, rule: number | undefined): RuleProblem | undefined {
  const edge = addresses.find(({ network }) => hasBroadcast(network) && isEdge(placeIn(network, ip)));
  if (edge === undefined) return undefined;
  const { index, network } = edge;
  return {
    code: 'destination-is-network',
    severity: 'warning',
    path: pathOfDestination(rule),
    message: `${ip} is the ${placeIn(network, ip) === 'first' ? 'network' : 'broadcast'} address of ${networkOf(network)}, which the router is on: no server has it.`,
    related: [{ path: ['spec', 'addresses', index, 'ip'], message: "The router's address." }],
  };
}

function isEdge(place: ReturnType<typeof placeIn>): boolean {
  return place === 'first' || place === 'last';
}

/** Lists, as a router has few addresses: tables would cost more than all that is looked up in them. */
interface Own {
  readonly addresses: readonly OwnAddress[];
  /** With no address, or an unreadable one, one cannot tell which families are served. */
  readonly areAllKnown: boolean;
}

interface OwnAddress {
  /** Of its entry. */
  readonly index: number;
  readonly ip: Ip;
  readonly network: Cidr;
}

function ownOf({ addresses }: RouterReading): Own {
  const own: OwnAddress[] = [];
  for (let index = 0; index < addresses.length; index += 1) {
    const one = addresses[index];
    if (one !== undefined) own.push({ index, ip: ipOf(one.address), network: one.address });
  }
  return { addresses: own, areAllKnown: own.length > 0 && own.length === addresses.length };
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
