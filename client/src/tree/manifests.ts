import type { ManifestsUpdate } from '#client/language-server.ts';
import { isInStep } from '#client/manifest-step.ts';
import type { ObjectName } from '#cluster/object-ref.ts';
import type { RouterView } from '#cluster/view.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { DocumentTarget, Manifest } from '#core/protocol.ts';

/** What the workspace says of a router. */
export type ManifestsView =
  | { readonly kind: 'looking' }
  | { readonly kind: 'found'; readonly manifests: readonly ManifestView[] };

export interface ManifestView {
  readonly step:
    | 'in-step'
    | 'drifted'
    /** The router is being read. */
    | 'comparing'
    /** The document has an error or waits for something to be filled in, or the router cannot be read. */
    | 'unknown';
  readonly target: DocumentTarget;
}

export interface ManifestsOptions {
  /** Tells where the routers of the workspace are written: now, and whenever that changes. */
  readonly follow: (listener: (update: ManifestsUpdate) => void) => Promise<void>;
  readonly read: (router: ObjectName) => Promise<KubernetesObject | undefined>;
  /** Where documents go that name no namespace. */
  readonly defaultNamespace: () => string | undefined;
  /** Something else is to be said: of one router, or of any. */
  readonly onChange: (router: ObjectName | undefined) => void;
  readonly log: (line: string) => void;
}

/** Looks up the manifests of routers, beginning with the first question. */
export class Manifests {
  readonly #options: ManifestsOptions;
  #isFollowing = false;
  /** By URI. */
  #files: Map<string, readonly Manifest[]> | undefined;
  /** What was found in the files, by name. */
  #byName: ReadonlyMap<string, readonly Place[]> = new Map();
  /** Of the routers that were asked for and have a manifest. */
  readonly #live = new Map<string, Reading>();

  constructor(options: ManifestsOptions) {
    this.#options = options;
  }

  /** Answers from what is known, and finds out the rest. */
  of(router: RouterView): ManifestsView {
    this.#follow();
    if (this.#files === undefined) return { kind: 'looking' };
    const places = this.#placesOf(router);
    if (places.length === 0) return { kind: 'found', manifests: [] };
    const live = this.#read(router);
    return {
      kind: 'found',
      manifests: places.map(({ uri, manifest }) => ({
        step: stepOf(manifest, live),
        target: toTarget(uri, manifest),
      })),
    };
  }

  #follow(): void {
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    this.#options
      .follow((update) => this.#take(update))
      .catch((error: unknown) => {
        this.#options.log(`Manifests of the workspace: ${String(error)}`);
        // Whoever looks later tries again.
        this.#isFollowing = false;
      });
  }

  #take({ files, isAll }: ManifestsUpdate): void {
    const known = isAll || this.#files === undefined ? new Map<string, readonly Manifest[]>() : this.#files;
    for (const { uri, manifests } of files) {
      if (manifests.length === 0) known.delete(uri);
      else known.set(uri, manifests);
    }
    this.#files = known;
    this.#byName = byName(known);
    this.#options.onChange(undefined);
  }

  #placesOf({ namespace, name }: ObjectName): readonly Place[] {
    const named = this.#byName.get(name) ?? [];
    const unsaid = this.#options.defaultNamespace();
    return named.filter(({ manifest }) => (manifest.namespace ?? unsaid) === namespace);
  }

  /** The router as it was read last; read again where it has changed since. */
  #read(router: RouterView): Reading {
    const key = `${router.uid ?? ''} ${router.namespace}/${router.name}`;
    const known = this.#live.get(key);
    if (known !== undefined && (known.of === router || known.isReading)) return known;
    const reading: Reading = {
      of: router,
      isReading: true,
      isRead: known?.isRead ?? false,
      object: known?.object,
    };
    this.#live.set(key, reading);
    const take = (object: KubernetesObject | undefined): void => {
      this.#live.set(key, { of: router, isReading: false, isRead: true, object });
      this.#options.onChange(router);
    };
    this.#options.read(router).then(take, (error: unknown) => {
      this.#options.log(`${router.namespace}/${router.name} cannot be compared: ${String(error)}`);
      take(undefined);
    });
    return reading;
  }
}

interface Place {
  readonly uri: string;
  readonly manifest: Manifest;
}

interface Reading {
  /** As it was when it was read. */
  readonly of: RouterView;
  readonly isReading: boolean;
  readonly isRead: boolean;
  readonly object: KubernetesObject | undefined;
}

function byName(files: ReadonlyMap<string, readonly Manifest[]>): ReadonlyMap<string, readonly Place[]> {
  const places = new Map<string, Place[]>();
  for (const [uri, manifests] of files) {
    for (const manifest of manifests) {
      const others = places.get(manifest.name);
      if (others === undefined) places.set(manifest.name, [{ uri, manifest }]);
      else others.push({ uri, manifest });
    }
  }
  return places;
}

function stepOf({ object }: Manifest, live: Reading): ManifestView['step'] {
  if (object === undefined) return 'unknown';
  if (!live.isRead) return 'comparing';
  if (live.object === undefined) return 'unknown';
  return isInStep(object, live.object) ? 'in-step' : 'drifted';
}

function toTarget(uri: string, { name, namespace, range }: Manifest): DocumentTarget {
  return namespace === undefined ? { uri, name, range } : { uri, name, namespace, range };
}
