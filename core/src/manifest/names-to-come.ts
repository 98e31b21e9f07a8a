import { documentedNames, namesOfFurther, type RouterNames } from './router-names.ts';

/** What there is in a namespace before new routers come to it. */
export interface NamesTaken {
  /** Something that will not go bears one of the documented names. */
  readonly isDocumentedTaken: boolean;
  /** Routers that are there already. */
  readonly hasRouters: boolean;
}

/**
 * What this project's operator will call the objects of routers that are new in one namespace: the oldest has the
 * documented names, where they are free.
 *
 * @param routers names, in the order in which they are made
 * @returns for each of them; undefined where it depends on what the operator sees first
 */
export function namesToCome(
  routers: readonly string[],
  { isDocumentedTaken, hasRouters }: NamesTaken,
): readonly (RouterNames | undefined)[] {
  if (isDocumentedTaken) return routers.map(namesOfFurther);
  // Made within a second they are of one age, and then the name decides.
  const [first = ''] = routers;
  const isFirstOldest = !hasRouters && routers.every((name) => first <= name);
  if (!isFirstOldest) return routers.map(() => undefined);
  return routers.map((name, index) => (index === 0 ? documentedNames : namesOfFurther(name)));
}
