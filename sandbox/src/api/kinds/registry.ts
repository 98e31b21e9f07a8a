import { type JsonObject, jsonEqual } from '#core/schema/json-schema.ts';
import { isDeleting, nameOf, objectAt, objectsAt, stringsAt, textAt, timestamp, withValue } from '../json.ts';
import type { Resource } from '../resource.ts';
import { BuiltinSchemas } from '../schema/builtin-schema.ts';
import type { Store } from '../store.ts';
import { builtinResources } from './builtin.ts';
import { crdFinalizer, crdTable } from './crd.ts';
import { customResources } from './custom.ts';

/** The kinds that are served now: the built-in ones, and those of every established CRD. */
export class Registry {
  readonly schemas = new BuiltinSchemas();
  readonly #store: Store;
  readonly #builtin: readonly Resource[];
  #custom: readonly Resource[] = [];

  constructor(store: Store) {
    this.#store = store;
    this.#builtin = builtinResources(this.schemas);
    store.subscribe(crdTable, (event) => {
      if (event.type !== 'DELETED') this.#settle(event.object);
      this.#reload();
    });
  }

  all(): readonly Resource[] {
    return [...this.#builtin, ...this.#custom];
  }

  find(group: string, version: string, plural: string): Resource | undefined {
    return this.all().find((one) => one.group === group && one.version === version && one.plural === plural);
  }

  #reload(): void {
    const metadata = this.schemas.schemaOf('V1ObjectMeta');
    this.#custom = this.#store
      .list(crdTable)
      .filter((crd) => hasCondition(crd, 'Established'))
      .flatMap((crd) => customResources(crd, metadata));
  }

  /** What apiextensions-apiserver's controllers do for a CRD: accept its names, establish it, clean up. */
  #settle(seen: JsonObject): void {
    const crd = this.#store.get(crdTable, undefined, nameOf(seen));
    if (crd === undefined) return;
    if (isDeleting(crd)) this.#finish(crd);
    else {
      const settled = withConditions(crd);
      if (!jsonEqual(settled, crd)) this.#store.put(crdTable, settled);
    }
  }

  #finish(crd: JsonObject): void {
    const finalizers = stringsAt(crd, 'metadata', 'finalizers');
    if (!finalizers.includes(crdFinalizer)) return;
    const table = nameOf(crd);
    for (const object of this.#store.list(table)) {
      if (stringsAt(object, 'metadata', 'finalizers').length === 0) this.#store.remove(table, object);
      else if (!isDeleting(object)) {
        this.#store.put(table, withValue(object, ['metadata', 'deletionTimestamp'], timestamp()));
      }
    }
    if (this.#store.list(table).length > 0) {
      // Objects that still have finalizers hold the CRD: look again when one of them goes.
      const stop = this.#store.subscribe(table, (event) => {
        if (event.type !== 'DELETED' || this.#store.list(table).length > 0) return;
        stop();
        this.#settle(crd);
      });
      return;
    }
    const rest = finalizers.filter((finalizer) => finalizer !== crdFinalizer);
    const freed = withValue(crd, ['metadata', 'finalizers'], rest);
    if (rest.length === 0) this.#store.remove(crdTable, freed);
    else this.#store.put(crdTable, freed);
  }
}

function withConditions(crd: JsonObject): JsonObject {
  const names = objectAt(crd, 'spec', 'names');
  const conditions = objectsAt(crd, 'status', 'conditions');
  const wanted = [
    { type: 'NamesAccepted', reason: 'NoConflicts', message: 'no conflicts found' },
    { type: 'Established', reason: 'InitialNamesAccepted', message: 'the initial names have been accepted' },
  ];
  const missing = wanted
    .filter(({ type }) => !hasCondition(crd, type))
    .map((condition) => ({ ...condition, status: 'True', lastTransitionTime: timestamp() }));
  const stored = objectsAt(crd, 'spec', 'versions')
    .filter((version) => version['storage'] === true)
    .map((version) => textAt(version, 'name') ?? '');
  const storedVersions = [...new Set([...stringsAt(crd, 'status', 'storedVersions'), ...stored])];
  return {
    ...crd,
    status: {
      ...objectAt(crd, 'status'),
      acceptedNames: names,
      conditions: [...conditions, ...missing],
      storedVersions,
    },
  };
}

function hasCondition(crd: JsonObject, type: string): boolean {
  return objectsAt(crd, 'status', 'conditions').some(
    (one) => one['type'] === type && one['status'] === 'True',
  );
}
