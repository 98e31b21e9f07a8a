import type { RouterReading } from '#core/egress-router/parse.ts';
import type { RouterFacts } from './facts.ts';

export function toRouterFacts(reading: RouterReading): RouterFacts {
  const { name, namespace, macvlan, fallback } = reading;
  return {
    kind: 'router',
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    addresses: reading.addresses.flatMap((entry, index) =>
      entry === undefined ? [] : [{ ...entry, path: ['spec', 'addresses', index] }],
    ),
    rules: reading.rules.flatMap((rule, index) =>
      rule === undefined ? [] : [{ ...rule, path: ['spec', 'redirect', 'redirectRules', index] }],
    ),
    ...(fallback === undefined
      ? {}
      : { fallback: { ip: fallback, path: ['spec', 'redirect', 'fallbackIP'] } }),
    macvlan,
    isWhole: !reading.addresses.includes(undefined) && !reading.rules.includes(undefined),
  };
}
