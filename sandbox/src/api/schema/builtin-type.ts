/**
 * A built-in type's fields. A field's type is `string`, `bytes`, `integer`, `number`, `boolean`, `time`,
 * `int-or-string`, `quantity`, `any`, the name of another type, or one of these in `[...]` (a list) or in
 * `{...}` (a map by string).
 */
export interface BuiltinType {
  readonly required: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
}
