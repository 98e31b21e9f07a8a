import { inEffect } from '#core/egress-router/in-effect.ts';
import type { Path } from '#core/problem.ts';
import type { ClusterFacts } from '#core/relations/cluster-facts.ts';
import type { Facts } from '#core/relations/facts.ts';
import type { BaseService } from '../../base-service.ts';
import type { YamlFile } from '../../document.ts';
import { objectAt, type RouterObject, toFacts } from '../../objects.ts';
import type { SliceContent } from '../../slice-content.ts';
import { sliceAt } from '../../text/slices.ts';
import { moved, overlapsAny, type Span } from '../../text/span.ts';
import type { Parsed } from '../../yaml/parsed.ts';
import { writtenAt } from '../../yaml/path-at.ts';
import { isWritten } from '../../yaml/source-map.ts';
import { objectSpan } from '../routers.ts';
import { fieldMarkdown, optionMarkdown } from './field-markdown.ts';
import { configMapHover, legacyHover } from './legacy-hover.ts';
import { nadHover } from './nad-hover.ts';
import { platformNote } from './platform-note.ts';
import { routerSummary } from './router-summary.ts';
import { serviceHover } from './service-hover.ts';
import { valueSentence } from './value-sentence.ts';

export interface Hover {
  readonly markdown: string;
  readonly span: Span;
}

/**
 * What is to be said of the field or value under the cursor: its consequence first, then what it is for.
 * @param factsAround of the objects of the workspace, looked up where others tell what the place is for
 */
export async function hoverAt(
  file: YamlFile,
  offset: number,
  base: BaseService,
  cluster?: ClusterFacts,
  factsAround: () => readonly Facts[] = () => [],
): Promise<Hover | undefined> {
  const slice = sliceAt(file.slices, offset);
  if (slice?.content === undefined) return undefined;
  const parsed = slice.content.source.parsed();
  const place = writtenAt(parsed, offset - slice.start);
  if (place === undefined) return undefined;
  const found = objectAt(slice.content.objects, place.path);
  if (found?.object.kind === 'nad') {
    const said = nadHover(place, found.path);
    return said === undefined ? undefined : { markdown: said, span: moved(place.span, slice.start) };
  }
  if (found?.object.kind === 'service') {
    const said = serviceHover(found.path, found.object.facts);
    return said === undefined ? undefined : { markdown: said, span: moved(place.span, slice.start) };
  }
  if (found?.object.kind === 'legacy') {
    const at = { root: found.object.root, path: found.path };
    const said = legacyHover(parsed, place, at, offset - slice.start, found.object.reading);
    return said === undefined ? undefined : { ...said, span: moved(said.span, slice.start) };
  }
  if (found?.object.kind === 'config-map') {
    const at = { root: found.object.root, path: found.path };
    const own = file.slices.flatMap(({ content }) =>
      (content?.objects ?? []).filter(({ kind }) => kind === 'legacy').map(toFacts),
    );
    const facts = [...own, ...factsAround()];
    const said = configMapHover(parsed, place, at, offset - slice.start, found.object.facts, facts);
    return said === undefined ? undefined : { ...said, span: moved(said.span, slice.start) };
  }
  if (found?.object.kind !== 'router') return undefined;
  const { object, path } = found;
  const markdown = [
    ...sayings(slice.content, parsed, object, path, cluster),
    fieldMarkdown(path) ??
      optionMarkdown(path) ??
      // It knows whole documents only.
      (object.root.length === 0 ? await base.hover(parsed.masked, offset - slice.start) : undefined),
  ]
    .filter((part) => part !== undefined && part !== '')
    .join('\n\n---\n\n');
  return markdown === '' ? undefined : { markdown, span: moved(place.span, slice.start) };
}

/** What follows for this router, in this cluster. */
function sayings(
  { reconciler }: SliceContent,
  parsed: Parsed,
  { root, reading }: RouterObject,
  path: Path,
  cluster: ClusterFacts | undefined,
): readonly (string | undefined)[] {
  const note = platformNote(path, reconciler);
  if (!isOfTheWhole(path)) {
    // What an ignored address is, is told; what a rule does, follows from what takes effect.
    const router = path[1] === 'redirect' ? inEffect(reading, reconciler) : reading;
    return [valueSentence(path, router), note];
  }
  // What is not written, a template may write.
  const mayBeThere = overlapsAny(parsed.holes, objectSpan(parsed.text, parsed, root));
  const isThere = (inner: Path): boolean => mayBeThere || isWritten(parsed, [...root, ...inner]);
  return [routerSummary(reading, isThere, cluster, reconciler), note];
}

/** Where a person asks of the router and not of a field of it. */
function isOfTheWhole(path: Path): boolean {
  return ['kind', 'metadata.name', 'spec'].includes(path.join('.'));
}
