import { isEgressRouter } from '#core/egress-router/parse.ts';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { legacyRoutersIn } from '../detect.ts';
import { listAt, objectAt, valueAt, wordAt, wordsOf } from '../fields.ts';
import { fillIn, parametersWithin, readParameters } from '../parameters.ts';
import { nameOfTemplate } from '../parse.ts';

/** What stands beside a router, in its own document and in others. */
export interface Surroundings {
  readonly services: readonly ServiceLike[];
  readonly configMaps: readonly ConfigMapLike[];
  /** Egress routers of both kinds, the one that is migrated among them. */
  readonly routers: readonly Neighbor[];
}

export interface ServiceLike {
  readonly name: string;
  readonly namespace?: string;
  /** Of its Template, those that stood in it. */
  readonly parameters?: readonly string[];
  readonly selector: Readonly<Record<string, string>>;
  readonly object: JsonObject;
}

export interface ConfigMapLike {
  readonly name: string;
  readonly namespace?: string;
  /** Of its Template, those that stood in it. */
  readonly parameters?: readonly string[];
  readonly data: Readonly<Record<string, string>>;
}

export interface Neighbor {
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
  /** The name of the Template that it is in. */
  readonly template?: string;
}

/** Collects from parsed documents. Those of a Template have its parameters' values put in. */
export function surroundingsOf(documents: readonly unknown[]): Surroundings {
  const found = documents.flatMap((document) => objectsIn(document, 0));
  return {
    services: found.flatMap(({ object, parameters }) =>
      object['kind'] === 'Service'
        ? named(object, {
            selector: wordsOf(objectAt(object['spec'])['selector']),
            object,
            ...(parameters === undefined ? {} : { parameters }),
          })
        : [],
    ),
    configMaps: found.flatMap(({ object, parameters }) =>
      object['kind'] === 'ConfigMap'
        ? named(object, {
            data: wordsOf(object['data']),
            ...(parameters === undefined ? {} : { parameters }),
          })
        : [],
    ),
    routers: found.flatMap(({ object, template }) => {
      const kind = wordAt(object['kind']);
      const isRouter = isEgressRouter(object) || legacyRoutersIn(object).length > 0;
      return kind === undefined || !isRouter || isOwned(object)
        ? []
        : [{ kind, ...placeOf(object), ...(template === undefined ? {} : { template }) }];
    }),
  };
}

/** Objects that do not say are taken to be where they are looked for. */
export function mayShareNamespace(
  a: { readonly namespace?: string },
  b: { readonly namespace?: string },
): boolean {
  return a.namespace === undefined || b.namespace === undefined || a.namespace === b.namespace;
}

/**
 * Whether two are in one namespace as far as is written. Where neither says which, they go where their files are
 * applied, but the objects of a Template where that one is processed.
 */
export function shareNamespace(
  a: Pick<Neighbor, 'namespace' | 'template'>,
  b: Pick<Neighbor, 'namespace' | 'template'>,
): boolean {
  return a.namespace === b.namespace && (a.namespace !== undefined || a.template === b.template);
}

/** What made the object and would make it again, such as the ReplicaSet of a Pod. */
export function ownerOf(object: JsonObject): { readonly kind: string; readonly name: string } | undefined {
  const owners = listAt(objectAt(object['metadata'])['ownerReferences']).map(objectAt);
  const owner = owners.find(({ controller }) => controller === true);
  const [kind, name] = [wordAt(owner?.['kind']), wordAt(owner?.['name'])];
  return kind === undefined || name === undefined ? undefined : { kind, name };
}

function isOwned(object: JsonObject): boolean {
  return ownerOf(object) !== undefined;
}

interface Found {
  readonly object: JsonObject;
  readonly template?: string;
  readonly parameters?: readonly string[];
}

function objectsIn(value: unknown, depth: number): readonly Found[] {
  if (!isJsonObject(value) || depth > 4) return [];
  const { kind } = value;
  if (kind === 'Template') {
    const parameters = readParameters(value);
    const template = nameOfTemplate(value);
    return listAt(value['objects']).flatMap((item) =>
      isJsonObject(item)
        ? objectsIn(fillIn(item, parameters), depth + 1).map(({ object }) => ({
            object,
            template,
            parameters: parametersWithin(item),
          }))
        : [],
    );
  }
  const isList = typeof kind === 'string' && kind.endsWith('List');
  return isList ? listAt(value['items']).flatMap((item) => objectsIn(item, depth + 1)) : [{ object: value }];
}

function named<T extends object>(
  object: JsonObject,
  rest: T,
): readonly (T & { readonly name: string; readonly namespace?: string })[] {
  const { name, namespace } = placeOf(object);
  return name === undefined ? [] : [{ name, ...(namespace === undefined ? {} : { namespace }), ...rest }];
}

function placeOf(object: JsonObject): { readonly name?: string; readonly namespace?: string } {
  const name = wordAt(valueAt(object, ['metadata', 'name']));
  const namespace = wordAt(valueAt(object, ['metadata', 'namespace']));
  return { ...(name === undefined ? {} : { name }), ...(namespace === undefined ? {} : { namespace }) };
}
