import type { JsonObject } from '#core/schema/json-schema.ts';
import { type FieldError, invalid, required } from '../field-error.ts';
import { nameOf, objectAt, objectsAt, textAt, valueAt, withDefaults } from '../json.ts';
import type { Behavior } from '../resource.ts';

export const crdTable = 'customresourcedefinitions.apiextensions.k8s.io';
/** Holds a CRD back until its objects are gone. */
export const crdFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

export const crdBehavior: Behavior = {
  bumpsGeneration: true,
  returnsDeleted: false,
  setDefaults(crd) {
    const spec = objectAt(crd, 'spec');
    const names = objectAt(spec, 'names');
    const kind = textAt(names, 'kind') ?? '';
    return {
      ...crd,
      spec: withDefaults(
        {
          ...spec,
          names: withDefaults(names, { singular: kind.toLowerCase(), listKind: `${kind}List` }),
        },
        { conversion: { strategy: 'None' } },
      ),
    };
  },
  onCreate(crd) {
    const stored = objectsAt(crd, 'spec', 'versions')
      .filter((version) => version['storage'] === true)
      .map((version) => version['name']);
    return { ...crd, status: { storedVersions: stored } };
  },
  validate(crd, before) {
    return [...validateNames(crd), ...validateVersions(crd), ...validateFixed(crd, before)];
  },
};

function validateNames(crd: JsonObject): readonly FieldError[] {
  const spec = objectAt(crd, 'spec');
  const missing = [
    ...['group', 'scope'].filter((key) => (textAt(spec, key) ?? '') === '').map((key) => `spec.${key}`),
    ...['plural', 'kind']
      .filter((key) => (textAt(spec, 'names', key) ?? '') === '')
      .map((key) => `spec.names.${key}`),
  ].map((field) => required(field));
  if (missing.length > 0) return missing;
  const expected = `${textAt(spec, 'names', 'plural')}.${textAt(spec, 'group')}`;
  const isNamed = nameOf(crd) === expected;
  return isNamed ? [] : [invalid('metadata.name', nameOf(crd), 'must be spec.names.plural+"."+spec.group')];
}

function validateVersions(crd: JsonObject): readonly FieldError[] {
  const versions = objectsAt(crd, 'spec', 'versions');
  const stored = versions.filter((version) => version['storage'] === true).length;
  return [
    ...(stored === 1
      ? []
      : [invalid('spec.versions', versions, 'must have exactly one version marked as storage version')]),
    ...versions.flatMap((version, index) => {
      const at = `spec.versions[${index}].schema.openAPIV3Schema`;
      const schema = valueAt(version, 'schema', 'openAPIV3Schema');
      if (schema === undefined) return [required(at, 'schemas are required')];
      const type = textAt(schema, 'type');
      if (type === undefined) return [required(`${at}.type`, 'must not be empty at the root')];
      return type === 'object' ? [] : [invalid(`${at}.type`, type, 'must be object at the root')];
    }),
  ];
}

function validateFixed(crd: JsonObject, before: JsonObject | undefined): readonly FieldError[] {
  if (before === undefined) return [];
  return [['group'], ['scope'], ['names', 'plural'], ['names', 'kind']].flatMap((path) => {
    const now = textAt(crd, 'spec', ...path);
    return now === textAt(before, 'spec', ...path)
      ? []
      : [invalid(`spec.${path.join('.')}`, now, 'field is immutable')];
  });
}
