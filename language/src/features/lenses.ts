import { deployCommand, diffCommand, exposeCommand, revealCommand, teardownCommand } from '#core/protocol.ts';
import type { ClusterFacts } from '#core/relations/cluster-facts.ts';
import type { YamlFile } from '../document.ts';
import { liveStateOf } from '../live-state.ts';
import { SliceMemo } from '../slice-memo.ts';
import { moved, overlapsAny, type Span } from '../text/span.ts';
import { spanOf } from '../yaml/source-map.ts';
import { objectSpan } from './routers.ts';

export interface Lens {
  readonly title: string;
  readonly command: string;
  /** Where the lens stands. */
  readonly span: Span;
  readonly target: { readonly name: string; readonly namespace?: string; readonly span: Span };
}

/**
 * What a person may do with each router of the file, and how it fares in the cluster; one without a name is not
 * yet a router.
 */
export function lensesOf(
  file: YamlFile,
  cluster?: ClusterFacts,
  places: SliceMemo<readonly LensPlace[]> = lensPlaces(),
): readonly Lens[] {
  return file.slices.flatMap((slice) =>
    (places.of(slice) ?? []).flatMap(({ span, target }) => {
      const live = liveStateOf(target, cluster);
      const state =
        live === undefined
          ? []
          : [{ title: `● ${live.router.state} in ${live.context}`, command: revealCommand }];
      return [...actions, ...state].map((action) => ({
        ...action,
        span: moved(span, slice.start),
        target: { ...target, span: moved(target.span, slice.start) },
      }));
    }),
  );
}

export type LensPlace = Pick<Lens, 'span' | 'target'>;

/** The places of lenses, of as many documents as have not changed since they were last asked for. */
export function lensPlaces(): SliceMemo<readonly LensPlace[]> {
  return new SliceMemo(({ text }, { objects, source }) =>
    objects.flatMap((object) => {
      if (object.kind !== 'router' || object.hasParameters === true) return [];
      const { root, reading } = object;
      const { name, namespace } = reading;
      if (name === undefined) return [];
      const parsed = source.parsed();
      const target = {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        span: objectSpan(text, parsed, root),
      };
      // What a template fills in is yet to become a manifest.
      if (overlapsAny(parsed.holes, target.span)) return [];
      return [{ span: spanOf(parsed, { path: [...root, 'apiVersion'], at: 'key' }), target }];
    }),
  );
}

const actions = [
  { title: 'Deploy', command: deployCommand },
  { title: 'Diff', command: diffCommand },
  { title: 'Expose', command: exposeCommand },
  { title: 'Tear Down', command: teardownCommand },
] as const;
