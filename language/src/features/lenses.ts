import { deployCommand, diffCommand, exposeCommand, revealCommand, teardownCommand } from '#core/protocol.ts';
import type { ClusterFacts } from '#core/relations/cluster-facts.ts';
import type { YamlFile } from '../document.ts';
import { liveStateOf } from '../live-state.ts';
import { spanOf } from '../source-map.ts';
import { moved, type Span } from '../span.ts';
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
export function lensesOf(file: YamlFile, cluster?: ClusterFacts): readonly Lens[] {
  return file.slices.flatMap(({ content, start, text }) => {
    const routers = content?.objects.filter((object) => object.kind === 'router') ?? [];
    return routers.flatMap(({ reading: { name, namespace }, root }) => {
      if (content === undefined || name === undefined) return [];
      const parsed = content.source.parsed();
      const span = moved(spanOf(parsed, { path: [...root, 'apiVersion'], at: 'key' }), start);
      const target = {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        span: moved(objectSpan(text, parsed, root), start),
      };
      const live = liveStateOf(target, cluster);
      const state =
        live === undefined
          ? []
          : [{ title: `● ${live.router.state} in ${live.context}`, command: revealCommand }];
      return [...actions, ...state].map((action) => ({ ...action, span, target }));
    });
  });
}

const actions = [
  { title: 'Deploy', command: deployCommand },
  { title: 'Diff', command: diffCommand },
  { title: 'Expose', command: exposeCommand },
  { title: 'Tear Down', command: teardownCommand },
] as const;
