import { containsIp, familyOfCidr, firstIp, hasBroadcast, ipOf, lastIp, networkOf } from '#core/net/cidr.ts';
import { familyOf, type Ip } from '#core/net/ip.ts';
import type { Path, Problem } from '#core/problem.ts';
import type { RouterAddress } from './model.ts';
import type { ParseProblemCode, RouterReading } from './parse.ts';

export type CheckProblemCode =
  | 'no-address'
  | 'address-is-network'
  | 'address-is-broadcast'
  | 'gateway-other-family'
  | 'gateway-outside-subnet'
  | 'gateway-is-address'
  | 'duplicate-rule'
  | 'family-not-served'
  | 'nothing-to-redirect';

export type RouterProblemCode = ParseProblemCode | CheckProblemCode;

/**
 * Faults that lie between fields, which a schema cannot tell. Takes a reading with holes as well as a whole
 * router, so that one unreadable entry hides nothing of the others.
 */
export function checkRouter(router: RouterReading): Problem<CheckProblemCode>[] {
  return [
    ...checkAnyAddress(router),
    ...router.addresses.flatMap((address, index) =>
      address === undefined ? [] : checkAddress(address, ['spec', 'addresses', index]),
    ),
    ...checkDuplicateRules(router),
    ...checkFamilies(router),
    ...checkAnyDestination(router),
  ];
}

function checkAnyAddress({ addresses }: RouterReading): Problem<CheckProblemCode>[] {
  // The CRD admits an empty list; no router can come of it.
  if (addresses.length > 0) return [];
  const message = 'The router has no address to own: add an entry to "addresses".';
  return [{ code: 'no-address', severity: 'error', path: ['spec', 'addresses'], at: 'key', message }];
}

function checkAddress({ address, gateway }: RouterAddress, path: Path): Problem<CheckProblemCode>[] {
  const ip = ipOf(address);
  const problems: Problem<CheckProblemCode>[] = [];
  const report = (code: CheckProblemCode, field: string, message: string): void => {
    problems.push({ code, severity: 'error', path: [...path, field], message });
  };
  if (hasBroadcast(address) && ip === firstIp(address)) {
    report(
      'address-is-network',
      'ip',
      `${ip} is the network address of ${networkOf(address)}; no host can own it.`,
    );
  }
  if (hasBroadcast(address) && ip === lastIp(address)) {
    report(
      'address-is-broadcast',
      'ip',
      `${ip} is the broadcast address of ${networkOf(address)}; no host can own it.`,
    );
  }
  if (gateway === undefined) return problems;
  if (familyOf(gateway) !== familyOfCidr(address)) {
    report(
      'gateway-other-family',
      'gateway',
      `The gateway ${gateway} is IPv${familyOf(gateway)}, the address ${address} is IPv${familyOfCidr(address)}.`,
    );
  } else if (gateway === ip) {
    report('gateway-is-address', 'gateway', `The gateway ${gateway} is the router's own address.`);
  } else if (!containsIp(address, gateway)) {
    report(
      'gateway-outside-subnet',
      'gateway',
      `The gateway ${gateway} is outside ${networkOf(address)}, the subnet of ${address}.`,
    );
  }
  return problems;
}

function checkDuplicateRules({ rules }: RouterReading): Problem<CheckProblemCode>[] {
  const first = new Map<string, number>();
  return rules.flatMap((rule, index) => {
    if (rule === undefined) return [];
    // One port may serve both families: a client reaches the rule of its own.
    const key = `${rule.protocol} ${rule.port} ${familyOf(rule.destination)}`;
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, index);
      return [];
    }
    const message = `${rule.protocol} port ${rule.port} already has a rule (entry ${earlier + 1}); only the first one takes effect.`;
    const path = ['spec', 'redirect', 'redirectRules', index, 'port'];
    return [{ code: 'duplicate-rule' as const, severity: 'error' as const, path, message }];
  });
}

function checkFamilies({ addresses, rules, fallback }: RouterReading): Problem<CheckProblemCode>[] {
  // With an unreadable address one cannot tell which families are served.
  if (addresses.length === 0 || addresses.includes(undefined)) return [];
  const served = new Set(addresses.flatMap((one) => (one === undefined ? [] : familyOfCidr(one.address))));
  const check = (ip: Ip | undefined, path: Path): Problem<CheckProblemCode>[] => {
    if (ip === undefined || served.has(familyOf(ip))) return [];
    const message = `${ip} is IPv${familyOf(ip)}, but the router has no IPv${familyOf(ip)} address to reach it from.`;
    return [{ code: 'family-not-served', severity: 'error', path, message }];
  };
  return [
    ...rules.flatMap((rule, index) =>
      check(rule?.destination, ['spec', 'redirect', 'redirectRules', index, 'destinationIP']),
    ),
    ...check(fallback, ['spec', 'redirect', 'fallbackIP']),
  ];
}

function checkAnyDestination({ rules, fallback }: RouterReading): Problem<CheckProblemCode>[] {
  if (rules.length > 0 || fallback !== undefined) return [];
  const message = 'The router redirects nothing: add a rule to "redirectRules" or a "fallbackIP".';
  return [
    { code: 'nothing-to-redirect', severity: 'warning', path: ['spec', 'redirect'], at: 'key', message },
  ];
}
