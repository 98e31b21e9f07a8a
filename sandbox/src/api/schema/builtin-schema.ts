import type { JsonSchema } from '#core/schema/json-schema.ts';
import type { BuiltinType } from './builtin-type.ts';
import { builtinTypes } from './builtin-types.generated.ts';
import { atomicMaps, atomicTypes, keyDefaults, listKinds } from './merge-rules.ts';

/** The schemas of the built-in types by name. Equal types share one schema object. */
export class BuiltinSchemas {
  readonly #made = new Map<string, JsonSchema>();

  /** @throws RangeError for a name that is not in the table, which is a mistake in this program. */
  schemaOf(name: string): JsonSchema {
    const made = this.#made.get(name);
    if (made !== undefined) return made;
    const type = builtinTypes[name];
    if (type === undefined) throw new RangeError(`There is no built-in type ${name}`);
    const schema = this.#toSchema(name, type);
    this.#made.set(name, schema);
    return schema;
  }

  #toSchema(name: string, type: BuiltinType): JsonSchema {
    const properties = Object.entries(type.fields).map(([field, text]) => {
      const place = `${name}.${field}`;
      const value = keyDefaults[place];
      const schema = this.#fieldSchema(text, place);
      return [field, value === undefined ? schema : { ...schema, default: value }] as const;
    });
    return {
      type: 'object',
      title: name.replace(/^(Core|Events|Authentication|Rbac)?V1(Core|Events|Authentication|Rbac)?/, ''),
      properties: Object.fromEntries(properties),
      ...(type.required.length === 0 ? {} : { required: type.required }),
      ...(atomicTypes.has(name) ? { 'x-kubernetes-map-type': 'atomic' } : {}),
    };
  }

  #fieldSchema(text: string, place: string): JsonSchema {
    const inner = text.slice(1, -1);
    if (text.startsWith('[')) {
      return { type: 'array', items: this.#fieldSchema(inner, `${place}[]`), ...listKinds[place] };
    }
    if (text.startsWith('{')) {
      return {
        type: 'object',
        additionalProperties: this.#fieldSchema(inner, `${place}{}`),
        ...(atomicMaps.has(place) ? { 'x-kubernetes-map-type': 'atomic' } : {}),
      };
    }
    return scalars[text] ?? this.schemaOf(text);
  }
}

const scalars: Readonly<Record<string, JsonSchema>> = {
  string: { type: 'string' },
  bytes: { type: 'string', format: 'byte' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  time: { type: 'string', format: 'date-time' },
  'int-or-string': { 'x-kubernetes-int-or-string': true },
  quantity: { 'x-kubernetes-int-or-string': true, format: 'quantity' },
  any: { 'x-kubernetes-preserve-unknown-fields': true },
};
