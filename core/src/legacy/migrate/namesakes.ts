import { textAt } from '#core/json-value.ts';
import type { LegacyReading } from '../parse.ts';
import type { Migration } from './migrate.ts';
import { shareNamespace } from './surroundings.ts';

interface Result {
  /** Where it is written, as people are told: `a.yaml`. */
  readonly file: string;
  /** What people call it: `Pod "egress-1"`. */
  readonly origin: string;
  readonly reading: LegacyReading;
  readonly migration: Migration;
}

/** Has each of several routers that become EgressRouters of one name and namespace say so, to be looked at. */
export function withNamesakes<T extends Result>(results: readonly T[]): readonly T[] {
  const byName = new Map<string | undefined, T[]>();
  for (const result of results) {
    const name = nameOf(result);
    const same = byName.get(name);
    if (same === undefined) byName.set(name, [result]);
    else same.push(result);
  }
  return results.map((result) => {
    const { migration } = result;
    const name = nameOf(result);
    if (migration.kind === 'refused' || name === undefined) return result;
    const others = (byName.get(name) ?? []).filter(
      (other) => other !== result && shareNamespace(placeOf(other), placeOf(result)),
    );
    if (others.length === 0) return result;
    const namesakes = others.map(({ origin, file }) => `${origin} of ${file}`).join(', ');
    const message = `EgressRouter "${name}" also comes of ${namesakes}: of those in one namespace, the one that is applied last replaces the others. Keep one, or give each a name of its own.`;
    const questions = [{ path: ['metadata', 'name'], message }, ...migration.questions];
    return { ...result, migration: { ...migration, questions } };
  });
}

function nameOf({ migration }: Result): string | undefined {
  return migration.kind === 'migrated' ? textAt(migration.objects[0], 'metadata', 'name') : undefined;
}

function placeOf({ reading, migration }: Result): {
  readonly namespace?: string;
  readonly template?: string;
} {
  const { template } = reading;
  const namespace =
    migration.kind === 'migrated' ? textAt(migration.objects[0], 'metadata', 'namespace') : undefined;
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(template === undefined ? {} : { template }),
  };
}
