import { expect, test } from 'vitest';
import { toWarnings } from '#cluster/warnings.ts';

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
  ];
  expect(toWarnings(events).map(({ message, count, lastSeen }) => [message, count, lastSeen])).toEqual([
    [said('x2f9z'), 2, '2026-01-01T00:00:03Z'],
    ['Error creating: pods "router-5d8-b74lb" is forbidden: too many', 1, '2026-01-01T00:00:02Z'],
  ]);
});
