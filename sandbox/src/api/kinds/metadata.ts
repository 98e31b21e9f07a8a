import type { JsonObject } from '#core/schema/json-schema.ts';
import { type FieldError, forbiddenField, invalid, required } from '../field-error.ts';
import { isDeleting, nameOf, objectAt, objectsAt, stringsAt, textAt, textsAt } from '../json.ts';
import { labelValue, qualifiedName, type TextRule } from './name-rules.ts';

/** Faults in the metadata that every kind has. */
export function validateMetadata(
  object: JsonObject,
  before: JsonObject | undefined,
  nameRule: TextRule,
): readonly FieldError[] {
  const name = nameOf(object);
  const nameFault = nameRule(name);
  const nameErrors =
    name === '' ? [missingName] : nameFault === undefined ? [] : [faultyName(name, nameFault)];
  return [
    ...nameErrors,
    ...validateLabels(textsAt(object, 'metadata', 'labels'), 'metadata.labels'),
    ...Object.keys(objectAt(object, 'metadata', 'annotations')).flatMap((key) => {
      const fault = qualifiedName(key.toLowerCase());
      return fault === undefined ? [] : [invalid('metadata.annotations', key, fault)];
    }),
    ...validateFinalizers(object, before),
    ...validateOwners(object),
  ];
}

export function validateLabels(
  labels: Readonly<Record<string, string>>,
  field: string,
): readonly FieldError[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const keyFault = qualifiedName(key);
    if (keyFault !== undefined) return [invalid(field, key, keyFault)];
    const valueFault = labelValue(value);
    return valueFault === undefined ? [] : [invalid(field, value, valueFault)];
  });
}

const missingName = required('metadata.name', 'name or generateName is required');

function faultyName(name: string, fault: string): FieldError {
  return invalid('metadata.name', name, fault);
}

function validateFinalizers(object: JsonObject, before: JsonObject | undefined): readonly FieldError[] {
  const finalizers = stringsAt(object, 'metadata', 'finalizers');
  const faults = finalizers.flatMap((finalizer) => {
    const fault = qualifiedName(finalizer);
    return fault === undefined ? [] : [invalid('metadata.finalizers', finalizer, fault)];
  });
  if (before === undefined || !isDeleting(before)) return faults;
  const known = stringsAt(before, 'metadata', 'finalizers');
  const added = finalizers.filter((finalizer) => !known.includes(finalizer));
  if (added.length === 0) return faults;
  const list = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
  return [...faults, forbiddenField('metadata.finalizers', detail)];
}

function validateOwners(object: JsonObject): readonly FieldError[] {
  const owners = objectsAt(object, 'metadata', 'ownerReferences');
  const errors = owners.flatMap((owner) =>
    ['apiVersion', 'kind', 'name', 'uid']
      .filter((key) => (textAt(owner, key) ?? '') === '')
      .map((key) =>
        invalid(
          `metadata.ownerReferences.${key}`,
          '',
          `${key === 'apiVersion' ? 'version' : key} must not be empty`,
        ),
      ),
  );
  const controllers = owners.filter((owner) => owner['controller'] === true);
  const [first, second] = controllers;
  if (first === undefined || second === undefined) return errors;
  const detail =
    'Only one reference can have Controller set to true. Found "true" in references for ' +
    `${textAt(first, 'kind')}/${textAt(first, 'name')} and ${textAt(second, 'kind')}/${textAt(second, 'name')}`;
  return [...errors, invalid('metadata.ownerReferences', owners, detail)];
}
