import { type Cidr, hasBroadcast, ipOf, networkOf, placeIn } from '#core/net/cidr.ts';
import { familyOf, type Ip } from '#core/net/ip.ts';
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
  const same = own.addresses.find((one) => one.ip === ip);
  if (same !== undefined) {
    return {
      code: 'destination-is-own-address',
      severity: 'error',
      path,
      message: `${ip} is the router's own address: connections would end at the router. Name the remote server.`,
      related: [{ path: ['spec', 'addresses', same.index, 'ip'], message: "The router's address." }],
    };
  }
  const family = familyOf(ip);
  if (own.areAllKnown && own.addresses.every((one) => familyOf(one.ip) !== family)) {
    const lacks = `${ip} is IPv${family}, but the router has no IPv${family} address to reach it from.`;
    return { code: 'family-not-served', severity: 'error', path, message: lacks };
  }
  return message === undefined
    ? findEdgeOfNetwork(ip, own, path)
    : { code: 'destination-is-special', severity: 'warning', path, message };
}

/** The first and the last address of a network that the router is on stand for the network, and for all hosts. */
function findEdgeOfNetwork(ip: Ip, { addresses }: Own, path: Path): RuleProblem | undefined {
  for (const { index, network } of addresses) {
    const place = hasBroadcast(network) ? placeIn(network, ip) : 'within';
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
  for (const [index, one] of addresses.entries()) {
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
