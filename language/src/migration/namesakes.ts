import { legacyRoutersIn } from '#core/legacy/detect.ts';
import { filledIn, titleOf } from '#core/legacy/filled-in.ts';
import { type Migration, migratedName } from '#core/legacy/migrate/migrate.ts';
import { withNamesakes } from '#core/legacy/migrate/namesakes.ts';
import { type Surroundings, shareNamespace } from '#core/legacy/migrate/surroundings.ts';
import { type LegacyReading, readLegacyRouter } from '#core/legacy/parse.ts';

/** A router of OpenShift SDN, wherever it is written. */
export interface LegacyRouter {
  /** As people know it. */
  readonly file: string;
  readonly reading: LegacyReading;
}

/** Those of the name and namespace of the EgressRouter that comes of one, itself among them. */
export type ReadNamesakes = (reading: LegacyReading) => readonly LegacyRouter[];

/** Reads the routers of some files once, and not before they are asked for. */
export function namesakesReadOnce(
  files: readonly { readonly name: string; readonly documents: readonly { readonly value: unknown }[] }[],
  surroundings: Surroundings,
): ReadNamesakes {
  let byName: Map<string | undefined, Placed[]> | undefined;
  return (reading) => {
    const name = migratedName(reading, surroundings);
    // Most have a name of their own, for which nothing is to be read.
    const mayHaveIt = surroundings.routers.filter((one) => one.name === undefined || one.name === name);
    if (name === undefined || mayHaveIt.length < 2) return [];
    if (byName === undefined) {
      byName = new Map();
      for (const router of files.flatMap(routersIn)) {
        const own = migratedName(router.reading, surroundings);
        const same = byName.get(own);
        const placed = { router, place: placeOf(router.reading) };
        if (same === undefined) byName.set(own, [placed]);
        else same.push(placed);
      }
    }
    const own = placeOf(reading);
    const near = (byName.get(name) ?? []).filter(({ place }) => shareNamespace(place, own));
    return near.map(({ router }) => router);
  };
}

interface Placed {
  readonly router: LegacyRouter;
  readonly place: Place;
}

type Place = Pick<LegacyReading, 'namespace' | 'template'>;

/** Of the EgressRouter that comes of it. */
function placeOf(reading: LegacyReading): Place {
  const { namespace } = filledIn(reading);
  const { template } = reading;
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(template === undefined ? {} : { template }),
  };
}

function routersIn({
  name,
  documents,
}: {
  readonly name: string;
  readonly documents: readonly { readonly value: unknown }[];
}): readonly LegacyRouter[] {
  return documents.flatMap(({ value }) =>
    legacyRoutersIn(value).map((place) => ({ file: name, reading: readLegacyRouter(value, place) })),
  );
}

/** The migration, which says which others become the same EgressRouter. */
export function namingNamesakes(
  reading: LegacyReading,
  migration: Migration,
  readNamesakes: ReadNamesakes,
  plan: (other: LegacyReading) => Migration,
): Migration {
  const others = readNamesakes(reading).filter((other) => other.reading.object !== reading.object);
  if (others.length === 0) return migration;
  const results = others.slice(0, mostNamesakes).map((other) => ({
    file: other.file,
    origin: titleOf(other.reading),
    reading: other.reading,
    migration: plan(other.reading),
  }));
  const [own] = withNamesakes([{ file: '', origin: '', reading, migration }, ...results]);
  return own?.migration ?? migration;
}

/** Nobody reads a longer list, and each of them is looked at from its beginning to its end. */
const mostNamesakes = 20;
