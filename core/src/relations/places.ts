import type { Path, RelatedPlace } from '#core/problem.ts';
import type { AddressFact, Facts, Known, WrittenPlace } from './facts.ts';

/** A place in another object, or another place in this one's document. */
export function placeIn(known: Known, path: Path, message: string, at?: 'key'): RelatedPlace {
  return {
    document: known.document,
    path: [...known.root, ...path],
    ...(at === undefined ? {} : { at }),
    message,
  };
}

/** Where an address itself is written. */
export function placeOfAddress({ path, place }: Pick<AddressFact, 'path' | 'place'>): WrittenPlace {
  return place ?? { path: [...path, 'ip'] };
}

/** `web/partner-api`, as far as it is known. */
export function fullName({ name = 'without a name', namespace }: Pick<Facts, 'name' | 'namespace'>): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
