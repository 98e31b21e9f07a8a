import { kindsIn, knownIn, type SliceContent } from './slice-content.ts';

/**
 * Which documents hold the router of a name, and which others have asked for it, since what they say of it may be
 * something else once it changes. Nothing is kept before somebody asks.
 */
export class RouterDocuments<Document extends { readonly content: SliceContent }> {
  readonly #all: () => Iterable<Document>;
  #byName: Map<string, Set<Document>> | undefined;
  readonly #askers = new Map<string, Set<Document>>();

  /** @param all documents that there are */
  constructor(all: () => Iterable<Document>) {
    this.#all = all;
  }

  /** @param asker is told of changes of what it has been given, or was not, for as long as it is known */
  named(name: string, asker: Document): readonly Document[] {
    addTo(this.#askers, name, asker);
    this.#byName ??= byName(this.#all());
    return [...(this.#byName.get(name) ?? [])];
  }

  /**
   * Takes what a document held and holds now; undefined for one that is new, or gone.
   * @returns those that have asked for a router of it
   */
  change(
    document: Document,
    before: SliceContent | undefined,
    now: SliceContent | undefined,
  ): ReadonlySet<Document> {
    if (this.#byName === undefined || before === now) return nobody;
    const [namesBefore, names] = [namesIn(before), namesIn(now)];
    for (const name of namesBefore) removeFrom(this.#byName, name, document);
    for (const name of names) addTo(this.#byName, name, document);
    if (now === undefined) for (const name of this.#askers.keys()) removeFrom(this.#askers, name, document);
    return new Set([...namesBefore, ...names].flatMap((name) => [...(this.#askers.get(name) ?? [])]));
  }
}

const nobody: ReadonlySet<never> = new Set();

function byName<Document extends { readonly content: SliceContent }>(
  documents: Iterable<Document>,
): Map<string, Set<Document>> {
  const found = new Map<string, Set<Document>>();
  for (const document of documents)
    for (const name of namesIn(document.content)) addTo(found, name, document);
  return found;
}

function namesIn(content: SliceContent | undefined): readonly string[] {
  if (content === undefined || !kindsIn(content).includes('router')) return [];
  return knownIn(content).flatMap(({ kind, facts }) => (kind === 'router' ? (facts.name ?? []) : []));
}

function addTo<T>(sets: Map<string, Set<T>>, name: string, one: T): void {
  const set = sets.get(name);
  if (set === undefined) sets.set(name, new Set([one]));
  else set.add(one);
}

function removeFrom<T>(sets: Map<string, Set<T>>, name: string, one: T): void {
  const set = sets.get(name);
  set?.delete(one);
  if (set?.size === 0) sets.delete(name);
}
