import { numberAt, textAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { eventTime } from './event-time.ts';
import { combined } from './sandbox-error.ts';

/**
 * What the kubelet says of a probe that keeps failing: no more than a status or an error (Kubernetes 1.36,
 * `pkg/probe/http`), without what differs with each attempt. One or two failures are part of every start: the first probe comes with the container.
 *
 * @param events about one pod, in any order
 */
export function failedProbe(events: readonly KubernetesObject[]): string | undefined {
  const [newest] = events
    .filter((event) => textAt(event, 'reason') === 'Unhealthy' && timesOf(event) >= 3)
    .toSorted((a, b) => (eventTime(a) < eventTime(b) ? 1 : -1));
  return textAt(newest, 'message')
    ?.replace(combined, '')
    .replaceAll(/\S+:\d+->/g, '…->');
}

function timesOf(event: KubernetesObject): number {
  return numberAt(event, 'series', 'count') ?? numberAt(event, 'count') ?? 1;
}
