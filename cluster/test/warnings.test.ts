import { expect, test } from 'vitest';
import { toKept } from '#cluster/kept-fields.ts';
import { stillTrue, toWarnings } from '#cluster/warnings.ts';

const event = (message: string, lastTimestamp: string) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'e' },
  involvedObject: { kind: 'ReplicaSet', name: 'router-5d8' },
  type: 'Warning',
  reason: 'FailedCreate',
  message,
  lastTimestamp,
});

test('attempts to make a pod are one warning, whatever each would have been called', () => {
  const said = (pod: string) => `Error creating: pods "router-5d8-${pod}" is forbidden: no room`;
  const events = [
    event(said('x2f9z'), '2026-01-01T00:00:03Z'),
    event('Error creating: pods "router-5d8-b74lb" is forbidden: too many', '2026-01-01T00:00:02Z'),
    event(said('aaaaa'), '2026-01-01T00:00:01Z'),
    event(`(combined from similar events): ${said('bbbbb')}`, '2026-01-01T00:00:00Z'),
  ];
  expect(toWarnings(events).map(({ message, count, lastSeen }) => [message, count, lastSeen])).toEqual([
    [said('x2f9z'), 3, '2026-01-01T00:00:03Z'],
    ['Error creating: pods "router-5d8-b74lb" is forbidden: too many', 1, '2026-01-01T00:00:02Z'],
  ]);
});

const minute = (n: number): string => `2026-01-01T00:${String(n).padStart(2, '0')}:00Z`;
const about = (kind: string, reason: string, when: number) => ({
  ...event(reason, minute(when)),
  involvedObject: { kind, name: 'a' },
  ...(kind === 'EgressRouter' ? { source: { component: 'egress-router-operator' } } : {}),
  reason,
});

test.each<[string, object, readonly string[]]>([
  ['no conditions', {}, ['InvalidSpec', 'NameTaken', 'Unplugged', 'Unhealthy', 'NoEndpoints', 'Late']],
  [
    'degraded',
    { Degraded: ['True', 3] },
    ['InvalidSpec', 'NameTaken', 'Unplugged', 'Unhealthy', 'NoEndpoints', 'Late'],
  ],
  ['no longer degraded', { Degraded: ['False', 3] }, ['Unplugged', 'Unhealthy', 'NoEndpoints', 'Late']],
  [
    'never yet up',
    { Degraded: ['False', 3], Available: ['False', 4] },
    ['Unplugged', 'Unhealthy', 'NoEndpoints', 'Late'],
  ],
  ['up since', { Degraded: ['False', 3], Available: ['True', 4] }, ['Unplugged', 'NoEndpoints', 'Late']],
  ['up before', { Degraded: ['False', 3], Available: ['True', 0] }, ['Unplugged', 'NoEndpoints', 'Late']],
  [
    'of no known time',
    { Degraded: ['False', undefined] },
    ['InvalidSpec', 'NameTaken', 'Unplugged', 'Unhealthy', 'NoEndpoints', 'Late'],
  ],
])('what is over is not warned of any more: %s', (_, states, expected) => {
  const conditions = Object.entries(states).map(([type, [status, since]]) => ({
    type,
    status,
    lastTransitionTime: since === undefined ? undefined : minute(since),
  }));
  const router = { apiVersion: 'v1', kind: 'EgressRouter', metadata: { name: 'a' }, status: { conditions } };
  const events = [
    about('EgressRouter', 'InvalidSpec', 1),
    about('EgressRouter', 'NameTaken', 3),
    { ...about('EgressRouter', 'Unplugged', 1), source: { component: 'cable-watcher' } },
    about('Pod', 'Unhealthy', 2),
    about('Service', 'NoEndpoints', 1),
    about('EgressRouter', 'Late', 9),
  ];
  expect(stillTrue(events, router).map(({ reason }) => reason)).toEqual(expected);
  const kept = events.flatMap((one) => toKept('event', one) ?? []);
  expect(stillTrue(kept, router).map(({ reason }) => reason)).toEqual(expected);
});
