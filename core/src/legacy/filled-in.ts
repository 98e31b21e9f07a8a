import { fillIn } from './parameters.ts';
import { type LegacyReading, readLegacyRouter } from './parse.ts';

/** The router with the values of its Template's parameters, as if it had never been in one. */
export function filledIn(legacy: LegacyReading): LegacyReading {
  const { place, object, parameters } = legacy;
  if (parameters.size === 0) return legacy;
  const { podPath, kind } = place;
  return readLegacyRouter(fillIn(object, parameters), { root: [], podPath, kind });
}

/** What people call it: `Pod "egress-1" in namespace "web"`. */
export function titleOf(legacy: LegacyReading): string {
  const { place, name, namespace } = filledIn(legacy);
  return [
    place.kind,
    ...(name === undefined ? [] : [`"${name}"`]),
    ...(namespace === undefined ? [] : [`in namespace "${namespace}"`]),
  ].join(' ');
}
