import type { JsonObject } from '#core/schema/json-schema.ts';
import { invalid } from '../field-error.ts';
import { namespaceOf, objectAt, textAt, withDefaults } from '../json.ts';
import type { Behavior } from '../resource.ts';

export const coreEventBehavior: Behavior = {
  bumpsGeneration: false,
  returnsDeleted: false,
  setDefaults: (event) => withDefaults(event, { reportingComponent: '', reportingInstance: '' }),
  validate(event) {
    const about = textAt(event, 'involvedObject', 'namespace') ?? '';
    const own = namespaceOf(event) ?? '';
    const isFitting = about === own || (about === '' && own === 'default');
    return isFitting ? [] : [invalid('involvedObject.namespace', about, 'does not match event.namespace')];
  },
  selectable(event) {
    const about = objectAt(event, 'involvedObject');
    const fields = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];
    return {
      ...Object.fromEntries(fields.map((key) => [`involvedObject.${key}`, textAt(about, key) ?? ''])),
      reason: textAt(event, 'reason') ?? '',
      reportingComponent: textAt(event, 'reportingComponent') || textAt(event, 'source', 'component') || '',
      source: textAt(event, 'source', 'component') || textAt(event, 'reportingComponent') || '',
      type: textAt(event, 'type') ?? '',
    };
  },
};

/** `events.k8s.io/v1` shows the same events, with some fields under other names. */
export const eventsEventBehavior: Behavior = {
  bumpsGeneration: false,
  returnsDeleted: false,
  toStored: (event) =>
    renamed(
      event,
      renames.map(([core, events]) => [events, core] as const),
    ),
  fromStored: (event) => renamed(event, renames),
  selectable(event) {
    const about = objectAt(event, 'regarding');
    const fields = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];
    return {
      ...Object.fromEntries(fields.map((key) => [`regarding.${key}`, textAt(about, key) ?? ''])),
      reason: textAt(event, 'reason') ?? '',
      reportingController: textAt(event, 'reportingController') ?? '',
      type: textAt(event, 'type') ?? '',
    };
  },
};

const renames = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['reportingComponent', 'reportingController'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
] as const;

function renamed(event: JsonObject, names: readonly (readonly [string, string])[]): JsonObject {
  const map = new Map(names);
  return Object.fromEntries(Object.entries(event).map(([key, value]) => [map.get(key) ?? key, value]));
}
