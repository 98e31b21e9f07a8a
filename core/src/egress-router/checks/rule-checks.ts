import { ipOf } from '#core/net/cidr.ts';
import { familyOf, type Ip, type IpFamily } from '#core/net/ip.ts';
import { specialRangeOf } from '#core/net/special-range.ts';
import type { Path, Problem } from '#core/problem.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import type { RedirectRule } from '../model.ts';
import type { RouterReading } from '../parse.ts';
import { ruleAt } from '../written.ts';
import { rangeNames } from './range-names.ts';

export const ruleProblemCodes = [
  'duplicate-rule',
  'target-port-repeats-port',
  'destination-is-special',
  'destination-is-own-address',
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
  const first = new Map<number, number>();
  const own = ownOf(router);
  for (const [index, rule] of rules.entries()) {
    if (rule === undefined) continue;
    report(findDuplicate(rule, index, rules, first));
    report(findRepeatedPort(rule, index, router));
    report(findDestinationFault(rule.destination, own, index));
  }
  if (fallback !== undefined) report(findDestinationFault(fallback, own, undefined));
  report(findNothing(router));
  return problems;
}

/** `first`: the first rule of each port, as far as they were looked at. */
function findDuplicate(
  rule: RedirectRule,
  index: number,
  rules: RouterReading['rules'],
  first: Map<number, number>,
): RuleProblem | undefined {
  if (rules.length === 1) return undefined;
  const key = ruleKey(rule);
  const earlier = first.get(key);
  const other = earlier === undefined ? undefined : rules[earlier];
  if (earlier === undefined || other === undefined) {
    first.set(key, index);
    return undefined;
  }
  const { protocol, port } = rule;
  const isSame = other.destination === rule.destination && other.targetPort === rule.targetPort;
  const end = isSame
    ? 'and this one says the same: remove it.'
    : 'only the first one takes effect. Remove one of the two, or change its port.';
  return {
    code: 'duplicate-rule',
    // Two equal rules do no harm.
    severity: isSame ? 'warning' : 'error',
    path: [...rulesPath, index, 'port'],
    message: `${protocol} port ${port} already has a rule (entry ${earlier + 1})${isSame ? '' : ';'} ${end}`,
    related: [
      {
        path: [...rulesPath, earlier, 'port'],
        message: `The first rule for ${protocol} port ${port}, to ${other.destination} port ${other.targetPort}.`,
      },
    ],
    fixes: [
      {
        title: `Remove the second rule for ${protocol} port ${port}`,
        edits: [{ kind: 'remove', path: [...rulesPath, index] }],
        ...(isSame ? { isSafe: true } : {}),
      },
    ],
  };
}

/** One port may serve both families: a client reaches the rule of its own. */
function ruleKey({ protocol, port, destination }: RedirectRule): number {
  return (port * 4 + protocolOrder[protocol]) * 2 + (familyOf(destination) === 6 ? 1 : 0);
}

const protocolOrder = { TCP: 0, UDP: 1, SCTP: 2 } as const;

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
      severity: 'warning',
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
    ? undefined
    : { code: 'destination-is-special', severity: 'warning', path, message };
}

interface Own {
  readonly addresses: ReadonlyMap<Ip, number>;
  readonly families: ReadonlySet<IpFamily>;
}

function ownOf({ addresses }: RouterReading): Own {
  const ips = new Map<Ip, number>();
  const families = new Set<IpFamily>();
  for (const [index, one] of addresses.entries()) {
    if (one === undefined) continue;
    const ip = ipOf(one.address);
    families.add(familyOf(ip));
    if (!ips.has(ip)) ips.set(ip, index);
  }
  // With no address, or an unreadable one, one cannot tell which families are served.
  if (addresses.length === 0 || addresses.includes(undefined)) families.add(4).add(6);
  return { addresses: ips, families };
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
