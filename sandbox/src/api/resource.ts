import type { JsonObject, JsonSchema } from '#core/schema/json-schema.ts';
import type { FieldError } from './field-error.ts';
import type { Store } from './store.ts';

/** One kind of object at one version of the API: where it is served and how it behaves. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly isNamespaced: boolean;
  readonly isCustom: boolean;
  /** The versions of a kind share one table. */
  readonly table: string;
  readonly schema: JsonSchema;
  readonly hasStatus: boolean;
  readonly scale?: ScalePaths;
  /** Besides `status` and `scale`. */
  readonly subresources: readonly string[];
  readonly columns: readonly Column[];
  readonly behavior: Behavior;
  /** Parts that every object of the kind has from its birth, so that no one comes to own them as such. */
  readonly seed?: JsonObject;
}

/** Where `scale` finds its numbers, as paths of keys. */
export interface ScalePaths {
  readonly specReplicas: readonly string[];
  readonly statusReplicas: readonly string[];
  readonly selector?: readonly string[];
}

/** A column of `kubectl get`. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly description?: string;
  readonly format?: string;
  /** Above 0: shown with `-o wide` only. */
  readonly priority: number;
  readonly cell: (object: JsonObject) => string | number | boolean | null;
}

/** What the kind's own code does with an object. Functions are pure except that `world` may be read. */
export interface Behavior {
  readonly bumpsGeneration: boolean;
  /** A delete answers with the object, as the older kinds do, and not with a Status. */
  readonly returnsDeleted: boolean;
  readonly setDefaults?: (object: JsonObject) => JsonObject;
  /** Fills in what the server decides for a new object: addresses, phases. May refuse it. */
  readonly onCreate?: (object: JsonObject, world: World) => JsonObject;
  readonly onUpdate?: (object: JsonObject, before: JsonObject, world: World) => JsonObject;
  readonly validate?: (object: JsonObject, before: JsonObject | undefined) => readonly FieldError[];
  /** What a field selector may name besides `metadata.name` and `metadata.namespace`. */
  readonly selectable?: (object: JsonObject) => Readonly<Record<string, string>>;
  /** Between what is stored and what this version shows, where they differ. */
  readonly toStored?: (object: JsonObject) => JsonObject;
  readonly fromStored?: (object: JsonObject) => JsonObject;
}

export interface World {
  readonly store: Store;
  readonly serviceNetworks: ServiceNetworks;
}

/** CIDRs that cluster IPs are taken from. */
export interface ServiceNetworks {
  readonly ip4: string;
  /** Absent where Services have IPv4 addresses only. */
  readonly ip6?: string;
  /** The family of a Service that asks for none, where it is not 4. */
  readonly first?: 6;
}

export function apiVersionOf({
  group,
  version,
}: {
  readonly group: string;
  readonly version: string;
}): string {
  return group === '' ? version : `${group}/${version}`;
}

export function tableOf(group: string, plural: string): string {
  return group === '' ? plural : `${plural}.${group}`;
}
