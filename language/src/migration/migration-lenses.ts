import { ownerOf } from '#core/legacy/migrate/surroundings.ts';
import type { YamlFile } from '../document.ts';
import { objectSpan } from '../features/routers.ts';
import { SliceMemo } from '../slice-memo.ts';
import { moved, type Span } from '../text/span.ts';
import { spanOf } from '../yaml/source-map.ts';

/** Where a lens stands that migrates a router of OpenShift SDN. */
export interface MigrationLens {
  readonly span: Span;
  /** All of the router. */
  readonly target: Span;
}

/** One for each router of OpenShift SDN that nothing else makes. Whether it can be migrated is seen when it is tried. */
export function migrationLensesOf(
  file: YamlFile,
  places: SliceMemo<readonly MigrationLens[]> = migrationLensPlaces(),
): readonly MigrationLens[] {
  return file.slices.flatMap((slice) =>
    (places.of(slice) ?? []).map(({ span, target }) => ({
      span: moved(span, slice.start),
      target: moved(target, slice.start),
    })),
  );
}

/** The places of lenses, of as many documents as have not changed since they were last asked for. */
export function migrationLensPlaces(): SliceMemo<readonly MigrationLens[]> {
  return new SliceMemo(({ text }, { objects, source }) =>
    objects.flatMap((object) => {
      if (object.kind !== 'legacy' || ownerOf(object.reading.object) !== undefined) return [];
      const { root } = object;
      const parsed = source.parsed();
      const target = objectSpan(text, parsed, root);
      return [{ span: spanOf(parsed, { path: [...root, 'apiVersion'], at: 'key' }), target }];
    }),
  );
}
