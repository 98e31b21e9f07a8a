import { type AddressPatch, addressPatchIn, mayConcern, takesAddress } from './address-patches.ts';
import { keyOf } from './file-key.ts';
import { filesNamedIn, type NamedFiles, noFiles } from './kustomization.ts';

/** What a kustomization says of a patch beside its text. */
export interface Given {
  readonly target?: unknown;
  readonly namespace?: string;
}

/** The kustomizations that are known, and what they say of other files. */
export class Kustomizations {
  /** By their keys; files by their keys too. */
  readonly #known = new Map<string, NamedFiles>();
  /** Of all of them, once it is asked for. */
  #said: Said | undefined;
  /** What the patches in files replace, by their keys. */
  readonly #patchFiles = new Map<string, AddressPatch>();

  /**
   * @param text absent for a kustomization that is gone
   * @returns whether anything else may be said of a file now
   */
  set(kustomization: string, text?: string): boolean {
    const key = keyOf(kustomization);
    const before = this.#known.get(key);
    const now = text === undefined ? undefined : filesNamedIn(text, key);
    if (JSON.stringify(before ?? noFiles) === JSON.stringify(now ?? noFiles)) return false;
    if (now === undefined) this.#known.delete(key);
    else this.#known.set(key, now);
    this.#said = undefined;
    return true;
  }

  /** Whether a file holds parts of objects, which are put over the rest of them. */
  isPatch(uri: string): boolean {
    const { patches } = this.#all();
    return patches.size > 0 && patches.has(keyOf(uri));
  }

  /** What a file is applied with as one: the only kustomization that it is a resource of, if any, else itself. */
  unitOf(uri: string): string {
    const { owners } = this.#all();
    return (owners.size === 0 ? undefined : owners.get(keyOf(uri))) ?? uri;
  }

  /**
   * The namespace that Kustomize writes into all objects of a file, whatever they say: that of the outermost of the
   * kustomizations that it is built by. Undefined where that is none, or is not known as there are several.
   */
  namespaceOf(uri: string): string | undefined {
    const { owners } = this.#all();
    return owners.size === 0 ? undefined : this.#namespaceFrom(owners.get(keyOf(uri)));
  }

  /** What is said of the patches that a kustomization holds itself. */
  builtInto(kustomization: string): Pick<Given, 'namespace'> {
    const namespace = this.#namespaceFrom(keyOf(kustomization));
    return namespace === undefined ? {} : { namespace };
  }

  /**
   * Keys of the files that a kustomization builds, where the one patch of its own is the first to change the router of
   * a name; none where something else may do so before.
   */
  builtAsWritten(kustomization: string, router: string): ReadonlySet<string> {
    const { built } = this.#all();
    const first = keyOf(kustomization);
    const known = built.get(`${first} ${router}`);
    if (known !== undefined) return known;
    const files = new Set<string>();
    const isReached = (key: string): boolean => {
      const inner = kustomizationNames.map((name) => `${key}/${name}`).find((one) => this.#known.has(one));
      // They may lead round.
      if (files.has(inner ?? key)) return true;
      files.add(inner ?? key);
      return inner === undefined || isPlain(inner, 0);
    };
    const isPlain = (key: string, patches: number): boolean => {
      const { rewrites, given, resources } = this.#known.get(key) ?? noFiles;
      const concerning = given.filter(({ target }) => mayConcern(target, router)).length;
      return rewrites !== true && concerning <= patches && resources.every(isReached);
    };
    const found = isPlain(first, 1) ? files : new Set<string>();
    built.set(`${first} ${router}`, found);
    return found;
  }

  /** How a file is given as a patch: by each kustomization that names it. */
  givenAs(uri: string): readonly (Given & { readonly kustomization: string })[] {
    const key = keyOf(uri);
    return [...this.#known].flatMap(([kustomization, { given }]) =>
      given
        .filter(({ file }) => file === key)
        .map(({ target }) => ({
          kustomization,
          ...(target === undefined ? {} : { target }),
          ...this.builtInto(kustomization),
        })),
    );
  }

  #namespaceFrom(first: string | undefined): string | undefined {
    const { owners } = this.#all();
    let found: string | undefined;
    let owner = first;
    // They may lead round.
    for (let level = 0; owner !== undefined && level < mostLevels; level += 1) {
      found = this.#known.get(owner)?.namespace ?? found;
      const folder = owner.slice(0, owner.lastIndexOf('/'));
      if (!owners.has(folder)) return found;
      owner = owners.get(folder);
    }
    return owner === undefined ? undefined : found;
  }

  /**
   * Reads a file, if it is a patch. @param text absent for one that is gone
   * @returns whether anything else may be said of an address now
   */
  setPatch(uri: string, text?: string): boolean {
    if (!this.isPatch(uri)) return false;
    const key = keyOf(uri);
    const before = this.#patchFiles.get(key);
    const now = text === undefined ? undefined : addressPatchIn(text);
    if (JSON.stringify(before) === JSON.stringify(now)) return false;
    if (now === undefined) this.#patchFiles.delete(key);
    else this.#patchFiles.set(key, now);
    return true;
  }

  /** Whether any address may be replaced: mostly there is no patch at all. */
  get mayReplaceAddresses(): boolean {
    return this.#all().ownersOf.size > 0;
  }

  /**
   * Whether no router keeps an address of a file: wherever the file is built, a patch puts another in its place.
   * @param indexes of its entry, from either end of the list
   */
  replacesAddress(uri: string, router: string, indexes: readonly number[]): boolean {
    const { ownersOf } = this.#all();
    const seen = new Set<string>();
    const isReplaced = (key: string): boolean => {
      // They may lead round, and one may be reached in many ways.
      if (seen.has(key)) return true;
      seen.add(key);
      const owners = ownersOf.get(key) ?? [];
      return (
        owners.length > 0 &&
        owners.every(
          (owner) =>
            this.#takesAddress(owner, router, indexes) || isReplaced(owner.slice(0, owner.lastIndexOf('/'))),
        )
      );
    };
    return isReplaced(keyOf(uri));
  }

  #takesAddress(kustomization: string, router: string, indexes: readonly number[]): boolean {
    const own = this.#known.get(kustomization);
    // What a component patches is all that stands beside it.
    const ofComponents = (own?.components ?? []).flatMap((folder) =>
      kustomizationNames.map((name) => this.#known.get(`${folder}/${name}`)),
    );
    return [own, ...ofComponents].some((one) =>
      one?.given.some(({ file, inline, target }) => {
        const patch = inline ?? (file === undefined ? undefined : this.#patchFiles.get(file));
        return patch !== undefined && takesAddress(patch, target, router, indexes);
      }),
    );
  }

  #all(): Said {
    this.#said ??= {
      patches: new Set([...this.#known.values()].flatMap(({ patches }) => patches)),
      owners: ownersIn(this.#known),
      ownersOf: allOwnersIn(this.#known),
      built: new Map(),
    };
    return this.#said;
  }
}

const mostLevels = 20;

/** The kustomization that a file is a resource of; undefined where it is one of several. */
type Owners = ReadonlyMap<string, string | undefined>;

function ownersIn(known: ReadonlyMap<string, NamedFiles>): Owners {
  const owners = new Map<string, string | undefined>();
  for (const [owner, { resources }] of known) {
    for (const file of resources) owners.set(file, owners.has(file) ? undefined : owner);
  }
  return owners;
}

/** All kustomizations that a file, or the folder of another one, is a resource of. */
function allOwnersIn(known: ReadonlyMap<string, NamedFiles>): ReadonlyMap<string, readonly string[]> {
  const owners = new Map<string, string[]>();
  // Without a patch nothing is replaced.
  if ([...known.values()].every(({ given }) => given.length === 0)) return owners;
  for (const [owner, { resources }] of known) {
    for (const file of resources) {
      const all = owners.get(file) ?? [];
      all.push(owner);
      owners.set(file, all);
    }
  }
  return owners;
}

interface Said {
  readonly patches: ReadonlySet<string>;
  readonly owners: Owners;
  readonly ownersOf: ReadonlyMap<string, readonly string[]>;
  /** Answers of `builtAsWritten`. */
  readonly built: Map<string, ReadonlySet<string>>;
}

const kustomizationNames = ['kustomization.yaml', 'kustomization.yml'] as const;
