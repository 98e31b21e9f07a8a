import type { Reconciler } from '#core/egress-router/reconciler.ts';
import type { Fix, Problem } from '#core/problem.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import type { NadReading } from './parse.ts';
import type { NadProblemCode } from './problem-codes.ts';

/** What the plugin of the platform makes of a configuration that is sound to this project's. */
export function checkNadPlatform({ config }: NadReading, reconciler: Reconciler): Problem<NadProblemCode>[] {
  if (config === undefined || reconciler === 'agent') return [];
  const { ip } = config.value;
  if (!isJsonObject(ip)) return [];
  const written = ip['fallbackIP'];
  if (written === undefined || written === null || written === '') return [];
  const path = [...config.path, 'ip', 'fallbackIP'];
  const remove = { kind: 'remove', path } as const;
  const fixes: Fix[] = [{ title: 'Remove "fallbackIP"', edits: [remove] }];
  if (typeof written === 'string' && !Object.hasOwn(ip, 'destinations')) {
    const add = { kind: 'add', path: [...config.path, 'ip', 'destinations'], value: [written] } as const;
    fixes.unshift({ title: `Write ${written} as a destination`, edits: [remove, add] });
  }
  return [
    {
      code: 'netconf-fallback-ignored',
      severity: reconciler === 'cno' ? 'warning' : 'information',
      path,
      at: 'key',
      message:
        'The plugin of the platform ignores "fallbackIP": what has no destination is not redirected there. A lone address at the end of "destinations" is a fallback to both.',
      fixes,
    },
  ];
}
