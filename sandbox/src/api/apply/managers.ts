import type { JsonObject } from '#core/schema/json-schema.ts';
import { objectAt, objectsAt, textAt } from '../json.ts';
import {
  type FieldSet,
  fromFieldsV1,
  isEmptySet,
  setOfPaths,
  toFieldsV1,
  withoutBelow,
} from './field-set.ts';

/** Who wrote: two entries with the same of these four are the same manager. */
export interface ManagerId {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string;
}

export interface Manager extends ManagerId {
  readonly time: string;
  readonly fields: FieldSet;
}

export function isSameManager(a: ManagerId, b: ManagerId): boolean {
  return (
    a.manager === b.manager &&
    a.operation === b.operation &&
    (a.subresource ?? '') === (b.subresource ?? '') &&
    // An applier keeps its fields when it moves to another version of the API.
    (a.operation === 'Apply' || a.apiVersion === b.apiVersion)
  );
}

export function readManagers(object: JsonObject): readonly Manager[] {
  return objectsAt(object, 'metadata', 'managedFields').map((entry) => {
    const subresource = textAt(entry, 'subresource');
    return {
      manager: textAt(entry, 'manager') ?? '',
      operation: textAt(entry, 'operation') === 'Apply' ? 'Apply' : 'Update',
      apiVersion: textAt(entry, 'apiVersion') ?? '',
      ...(subresource === undefined ? {} : { subresource }),
      time: textAt(entry, 'time') ?? '',
      fields: fromFieldsV1(objectAt(entry, 'fieldsV1')),
    };
  });
}

/** `metadata.managedFields`: appliers first, then by time. Managers that own nothing are left out. */
export function writeManagers(managers: readonly Manager[]): readonly JsonObject[] {
  return managers
    .map((manager) => ({ ...manager, fields: withoutBelow(manager.fields, unowned) }))
    .filter(({ fields }) => !isEmptySet(fields))
    .toSorted(
      (a, b) => order(a.operation, b.operation) || order(a.time, b.time) || order(a.manager, b.manager),
    )
    .map(({ manager, operation, apiVersion, time, fields, subresource }) => ({
      manager,
      operation,
      apiVersion,
      time,
      fieldsType: 'FieldsV1',
      fieldsV1: toFieldsV1(fields),
      ...(subresource === undefined ? {} : { subresource }),
    }));
}

/** What belongs to the server, or is part of the object's identity: no one's field. */
const unowned = setOfPaths(
  ['apiVersion'],
  ['kind'],
  ...['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'generation'].map((key) => [
    'metadata',
    key,
  ]),
  ...['managedFields', 'resourceVersion'].map((key) => ['metadata', key]),
);

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
