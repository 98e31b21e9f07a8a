import type { Span } from '../../text/span.ts';
import { definitionsOf } from './definition.ts';
import { isKind, type NamedFile, type PlaceInFile, placeIn, relatedObjects } from './related-objects.ts';

export interface Link {
  readonly span: Span;
  readonly tooltip: string;
  readonly target: PlaceInFile;
}

/**
 * What a file names that another file holds: the ConfigMap that a router of OpenShift SDN reads, the router that
 * a Service selects. Nothing is linked that is not in the workspace, and nothing to its own file.
 */
export function linksOf(files: readonly NamedFile[], at: NamedFile): readonly Link[] {
  const objects = relatedObjects(files);
  return relatedObjects([at]).all.flatMap((placed) => {
    const toRouter = isKind('service')(placed)
      ? Object.keys(placed.facts.selector ?? {}).map((key) => ({
          path: ['spec', 'selector', key],
          tooltip: 'Open the router that this selects',
        }))
      : [];
    const toConfigMap = isKind('legacy')(placed)
      ? // One that all keys are taken over from is told for each of them.
        [...new Map(placed.facts.configMaps.map(({ path }) => [path.join('/'), path])).values()].map(
          (path) => ({
            path: [...path, 'name'],
            tooltip: 'Open the ConfigMap',
          }),
        )
      : [];
    return [...toRouter, ...toConfigMap].flatMap(({ path, tooltip }) => {
      const target = definitionsOf(placed, path, objects).find(({ uri }) => uri !== at.uri);
      return target === undefined ? [] : [{ span: placeIn(placed, path).span, tooltip, target }];
    });
  });
}
