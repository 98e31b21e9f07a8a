import type { Path } from '#core/problem.ts';
import type { Facts } from '#core/relations/facts.ts';
import { selects, selectsRouter } from '#core/relations/selection.ts';
import type { FileSlice, YamlFile } from '../../document.ts';
import { toFacts } from '../../objects.ts';
import { sliceAt } from '../../text/slices.ts';
import { moved, type Span } from '../../text/span.ts';
import { pathAt } from '../../yaml/path-at.ts';
import { spanOf } from '../../yaml/source-map.ts';

/** A file by which documents refer to each other, open or not. */
export interface NamedFile {
  readonly uri: string;
  readonly file: YamlFile;
}

/** An object where it is written. */
export interface Placed<F extends Facts = Facts> {
  readonly uri: string;
  readonly slice: FileSlice;
  readonly root: Path;
  readonly facts: F;
}

export interface PlaceInFile {
  readonly uri: string;
  readonly span: Span;
}

type FactsOf<Kind extends Facts['kind']> = Extract<Facts, { kind: Kind }>;

/** The objects of some files, in order. Those that a template or a parameter fills in are among them. */
export interface RelatedObjects {
  readonly all: readonly Placed[];
  /** Those in the same namespace for certain: where none is written, the others of the file without one. */
  together(placed: Placed): readonly Placed[];
}

export function relatedObjects(files: readonly NamedFile[]): RelatedObjects {
  const all = files.flatMap(({ uri, file }) =>
    file.slices.flatMap((slice) =>
      (slice.content?.objects ?? []).map(
        (object): Placed => ({ uri, slice, root: object.root, facts: toFacts(object) }),
      ),
    ),
  );
  const groups = new Map<string, Placed[]>();
  for (const placed of all) {
    const group = groups.get(groupOf(placed)) ?? [];
    groups.set(groupOf(placed), group);
    group.push(placed);
  }
  return { all, together: (placed) => groups.get(groupOf(placed)) ?? [] };
}

export function areTogether(one: Placed, other: Placed): boolean {
  return groupOf(one) === groupOf(other);
}

function groupOf({ uri, facts: { namespace } }: Placed): string {
  return namespace === undefined ? `in ${uri}` : `namespace ${namespace}`;
}

/** What a cursor stands on: an object, and a path in it. */
export function cursorAt(
  { uri, file }: NamedFile,
  offset: number,
): { readonly self: Placed; readonly path: Path; readonly span: Span } | undefined {
  const slice = sliceAt(file.slices, offset);
  const content = slice?.content;
  if (slice === undefined || content === undefined) return undefined;
  const place = pathAt(content.source.parsed(), offset - slice.start);
  if (place === undefined || place.missing) return undefined;
  const object = content.objects.find(({ root }) => root.every((step, index) => step === place.path[index]));
  if (object === undefined) return undefined;
  const self = { uri, slice, root: object.root, facts: toFacts(object) };
  return { self, path: place.path.slice(object.root.length), span: moved(place.span, slice.start) };
}

/** Where a value of an object is written, or its key. */
export function placeIn(
  { uri, slice, root }: Placed,
  path: Path,
  at: 'key' | 'value' = 'value',
): PlaceInFile {
  const parsed = slice.content?.source.parsed();
  const span = parsed === undefined ? { start: 0, end: 0 } : spanOf(parsed, { path: [...root, ...path], at });
  return { uri, span: moved(span, slice.start) };
}

export function isKind<Kind extends Facts['kind']>(
  kind: Kind,
): (placed: Placed) => placed is Placed<FactsOf<Kind>> {
  return (placed): placed is Placed<FactsOf<Kind>> => placed.facts.kind === kind;
}

/** The routers that a Service or NAD is for: those of its name before all that it could mean. */
export function routersOf(
  self: Placed<FactsOf<'service'> | FactsOf<'nad'>>,
  objects: RelatedObjects,
): readonly Placed<FactsOf<'router'>>[] {
  const isFor = isKind('service')(self) ? selectionOf(self) : () => true;
  const near = objects
    .together(self)
    .filter(isKind('router'))
    .filter(({ facts }) => isFor(facts.name));
  const namesakes = near.filter(({ facts }) => facts.name === self.facts.name);
  return namesakes.length > 0 ? namesakes : near;
}

/** The routers of OpenShift SDN that a Service selects. */
export function legaciesOf(
  service: Placed<FactsOf<'service'>>,
  objects: RelatedObjects,
): readonly Placed<FactsOf<'legacy'>>[] {
  const { selector } = service.facts;
  if (selector === undefined || Object.keys(selector).length === 0) return [];
  return objects
    .together(service)
    .filter(isKind('legacy'))
    .filter((legacy) => selects(selector, legacy.facts.labels));
}

export function servicesOf(
  router: Placed<FactsOf<'router'>>,
  objects: RelatedObjects,
): readonly Placed<FactsOf<'service'>>[] {
  return objects
    .together(router)
    .filter(isKind('service'))
    .filter((service) => routersOf(service, objects).some((one) => isSame(one, router)));
}

export function isSame(one: Placed, other: Placed): boolean {
  return (
    one.uri === other.uri &&
    one.slice.start === other.slice.start &&
    one.root.join('/') === other.root.join('/')
  );
}

/** Of which routers, by their names, a Service selects the pods. */
function selectionOf({
  slice,
  facts: { selector },
}: Placed<FactsOf<'service'>>): (router: string | undefined) => boolean {
  const reconciler = slice.content?.reconciler;
  return (router) =>
    selector !== undefined && Object.keys(selector).length > 0 && selectsRouter(selector, router, reconciler);
}
