import { routerLabel } from '#core/manifest/names.ts';
import { routerLabelValue } from '#core/manifest/router-names.ts';
import type { Path } from '#core/problem.ts';
import type { RouterFacts } from '#core/relations/facts.ts';
import { toTextEdits } from '../../edits/value-edits.ts';
import { moved, type Span } from '../../text/span.ts';
import type { Edit } from '../../text/text-edit.ts';
import {
  cursorAt,
  isKind,
  isSame,
  type NamedFile,
  type Placed,
  type RelatedObjects,
  relatedObjects,
  routersOf,
  servicesOf,
} from './related-objects.ts';

/** The name of a router or of its Service, which are one and the same to people; undefined elsewhere. */
export function renamableAt(
  files: readonly NamedFile[],
  at: NamedFile,
  offset: number,
): { readonly span: Span; readonly name: string } | undefined {
  const found = routerAt(files, at, offset);
  return found === undefined ? undefined : { span: found.span, name: found.name };
}

export type Renaming =
  | { readonly kind: 'edits'; readonly edits: ReadonlyMap<string, readonly Edit[]> }
  /** Why it cannot be done, for people. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Gives a router another name, and the Services of that name that select it, and selectors that name it; nothing else,
 * and no comments.
 */
export function renameAt(
  files: readonly NamedFile[],
  at: NamedFile,
  offset: number,
  newName: string,
): Renaming {
  const found = routerAt(files, at, offset);
  if (found === undefined) return refused('Only the name of a router, or of its Service, can be changed.');
  const { router, name, objects } = found;
  const all = servicesOf(router, objects);
  const services = all.filter(({ facts }) => facts.name === name);
  const selecting = all.filter(({ facts }) => facts.selector?.[routerLabel] === routerLabelValue(name));
  const fault = faultOf(newName, services.length > 0);
  if (fault !== undefined) return refused(fault);
  const isTaken = objects
    .together(router)
    .some((one) => one.facts.kind === 'router' && !isSame(one, router) && one.facts.name === newName);
  if (isTaken) return refused(`There is a router named ${newName} already: choose another name.`);
  const edits = new Map<string, Edit[]>();
  const changes = [
    ...[router, ...services].map((placed) => ({ placed, path: ['metadata', 'name'], value: newName })),
    ...selecting.map((placed) => ({
      placed,
      path: ['spec', 'selector', routerLabel],
      value: routerLabelValue(newName),
    })),
  ];
  for (const { placed, path, value } of changes) {
    const made = valueEdits(placed, path, value);
    if (made === undefined) {
      return refused(
        `The name in ${placed.uri} cannot be changed: its YAML is broken, or a template writes it.`,
      );
    }
    edits.set(placed.uri, [...(edits.get(placed.uri) ?? []), ...made]);
  }
  return { kind: 'edits', edits };
}

function refused(reason: string): Renaming {
  return { kind: 'refused', reason };
}

function routerAt(files: readonly NamedFile[], at: NamedFile, offset: number) {
  const cursor = cursorAt(at, offset);
  if (cursor === undefined || cursor.path.join('.') !== 'metadata.name') return undefined;
  const { self, span } = cursor;
  const { name } = self.facts;
  if (name === undefined) return undefined;
  const objects = relatedObjects(files);
  const router = isKind('router')(self) ? self : routerOf(self, name, objects);
  return router === undefined ? undefined : { router, name, span, objects };
}

function routerOf(self: Placed, name: string, objects: RelatedObjects): Placed<RouterFacts> | undefined {
  return isKind('service')(self)
    ? routersOf(self, objects).find(({ facts }) => facts.name === name)
    : undefined;
}

/** RFC 1123 for a router, and, where a Service bears the name too, RFC 1035 for its. */
function faultOf(name: string, isOfService: boolean): string | undefined {
  const isValid = isOfService
    ? /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name) && name.length <= 63
    : /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name) && name.length <= 253;
  if (isValid) return undefined;
  return isOfService
    ? `${JSON.stringify(name)} cannot be the name of a Service: at most 63 lower-case letters, digits and "-", a letter first, a letter or digit last.`
    : `${JSON.stringify(name)} cannot be a name: lower-case letters, digits, "-" or "." only, a letter or digit at both ends.`;
}

function valueEdits({ slice, root }: Placed, path: Path, value: string): readonly Edit[] | undefined {
  const parsed = slice.content?.source.parsed();
  if (parsed === undefined) return undefined;
  const edit = { kind: 'replace', path: [...root, ...path], value } as const;
  return toTextEdits(parsed, [edit])?.map((one) => ({ ...one, span: moved(one.span, slice.start) }));
}
