import type { Path } from '#core/problem.ts';
import type { LegacyProblem } from '../problems.ts';
import type { Setting } from '../setting.ts';
import { checkGateway, checkSource } from './check-addresses.ts';
import { checkDestination } from './check-destination.ts';

/** The text of a setting of a router, that does not stand in its pod. */
export interface WrittenSetting {
  readonly role: 'source' | 'gateway' | 'destination';
  readonly text: string;
  readonly path: Path;
}

/** @param beside what is written in the same place, such as the address to a gateway */
export function checkSetting(
  { role, text, path }: WrittenSetting,
  beside: readonly WrittenSetting[],
): readonly LegacyProblem[] {
  if (role === 'destination') return checkDestination(text, path);
  const of = (wanted: WrittenSetting['role']): Setting => {
    const found = beside.find((one) => one.role === wanted);
    return found === undefined ? { kind: 'absent' } : { kind: 'text', text: found.text, path: found.path };
  };
  const own: Setting = { kind: 'text', text, path };
  return role === 'source'
    ? checkSource({ source: own, gateway: of('gateway'), path })
    : checkGateway({ gateway: own, source: of('source'), path });
}
