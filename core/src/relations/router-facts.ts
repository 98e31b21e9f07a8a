import type { RouterReading } from '#core/egress-router/parse.ts';
import type { RouterFacts } from './facts.ts';

export function toRouterFacts(reading: RouterReading): RouterFacts {
  const { name, namespace, macvlan, fallback } = reading;
  return {
    // What is always there first, as in `parseRouter`.
    kind: 'router',
    addresses: reading.addresses.flatMap((entry, index) =>
      entry === undefined ? [] : [{ path: ['spec', 'addresses', index], ...entry }],
    ),
    rules: reading.rules.flatMap((rule, index) =>
      rule === undefined ? [] : [{ path: ['spec', 'redirect', 'redirectRules', index], ...rule }],
    ),
    macvlan,
    isWhole: !reading.addresses.includes(undefined) && !reading.rules.includes(undefined),
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(fallback === undefined
      ? {}
      : { fallback: { ip: fallback, path: ['spec', 'redirect', 'fallbackIP'] } }),
  };
}
