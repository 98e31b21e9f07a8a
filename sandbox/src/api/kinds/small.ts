import { type JsonObject, jsonEqual } from '#core/schema/json-schema.ts';
import { type FieldError, forbiddenField, invalid, notSupported, required } from '../field-error.ts';
import { objectAt, objectsAt, stringsAt, textAt, valueAt, withDefaults } from '../json.ts';
import type { Behavior } from '../resource.ts';

/** Kinds with little behavior of their own. */
export const plainBehavior: Behavior = { bumpsGeneration: false, returnsDeleted: false };

export const serviceAccountBehavior: Behavior = { bumpsGeneration: false, returnsDeleted: true };

export const configMapBehavior: Behavior = {
  ...plainBehavior,
  validate: (object, before) => immutability(object, before, ['data', 'binaryData']),
};

export const secretBehavior: Behavior = {
  ...plainBehavior,
  setDefaults(secret) {
    const { stringData: _, ...rest } = secret;
    const added = Object.entries(objectAt(secret, 'stringData')).map(
      ([key, value]) => [key, Buffer.from(String(value)).toString('base64')] as const,
    );
    const data = { ...objectAt(secret, 'data'), ...Object.fromEntries(added) };
    const base = secret['stringData'] === undefined ? secret : { ...rest, data };
    return withDefaults(base, { type: 'Opaque' });
  },
  validate(object, before) {
    const isRetyped = before !== undefined && before['type'] !== object['type'];
    return [
      ...immutability(object, before, ['data']),
      ...(isRetyped ? [invalid('type', object['type'], 'field is immutable')] : []),
    ];
  },
  selectable: (secret) => ({ type: textAt(secret, 'type') ?? '' }),
};

export const nodeBehavior: Behavior = {
  ...plainBehavior,
  onUpdate(node, before) {
    const cidrs = stringsAt(before, 'spec', 'podCIDRs');
    if (cidrs.length === 0) return node;
    return { ...node, spec: withDefaults(objectAt(node, 'spec'), { podCIDR: cidrs[0], podCIDRs: cidrs }) };
  },
  selectable: (node) => ({ 'spec.unschedulable': String(valueAt(node, 'spec', 'unschedulable') === true) }),
};

export const endpointSliceBehavior: Behavior = {
  bumpsGeneration: true,
  returnsDeleted: false,
  setDefaults(slice) {
    const ports = objectsAt(slice, 'ports').map((port) => withDefaults(port, { name: '', protocol: 'TCP' }));
    const endpoints = objectsAt(slice, 'endpoints').map((one) => withDefaults(one, { conditions: {} }));
    return { ...slice, endpoints, ...(slice['ports'] === undefined ? {} : { ports }) };
  },
  validate(slice, before) {
    const type = textAt(slice, 'addressType') ?? '';
    const supported = ['FQDN', 'IPv4', 'IPv6'];
    return [
      ...(type === ''
        ? [required('addressType')]
        : supported.includes(type)
          ? []
          : [notSupported('addressType', type, supported)]),
      ...(before !== undefined && before['addressType'] !== type
        ? [invalid('addressType', type, 'field is immutable')]
        : []),
    ];
  },
};

export const bindingBehavior: Behavior = {
  ...plainBehavior,
  setDefaults(binding) {
    const subjects = objectsAt(binding, 'subjects').map((subject) =>
      subject['kind'] === 'ServiceAccount'
        ? subject
        : withDefaults(subject, { apiGroup: 'rbac.authorization.k8s.io' }),
    );
    const roleRef = withDefaults(objectAt(binding, 'roleRef'), { apiGroup: 'rbac.authorization.k8s.io' });
    return { ...binding, ...(binding['subjects'] === undefined ? {} : { subjects }), roleRef };
  },
  validate(binding, before) {
    const reference = objectAt(binding, 'roleRef');
    const kind = textAt(reference, 'kind') ?? '';
    const isMoved = before !== undefined && !jsonEqual(before['roleRef'], reference);
    return [
      ...((textAt(reference, 'name') ?? '') === '' ? [required('roleRef.name')] : []),
      ...(kind === 'Role' || kind === 'ClusterRole'
        ? []
        : [notSupported('roleRef.kind', kind, ['ClusterRole', 'Role'])]),
      ...(isMoved ? [invalid('roleRef', reference, 'cannot change roleRef')] : []),
    ];
  },
};

function immutability(
  object: JsonObject,
  before: JsonObject | undefined,
  fields: readonly string[],
): readonly FieldError[] {
  if (before?.['immutable'] !== true) return [];
  const detail = 'field is immutable when `immutable` is set';
  const isUnset = object['immutable'] !== true;
  const changed = fields.filter((field) => !jsonEqual(before[field], object[field]));
  return [...(isUnset ? ['immutable'] : []), ...changed].map((field) => forbiddenField(field, detail));
}
