import { textAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';

/** When an Event was seen last, in RFC 3339: each generation of recorders has a field of its own for that. */
export function eventTime(event: KubernetesObject): string {
  return (
    textAt(event, 'series', 'lastObservedTime') ??
    textAt(event, 'lastTimestamp') ??
    textAt(event, 'eventTime') ??
    event.metadata.creationTimestamp ??
    ''
  );
}
