import { expect, test } from 'vitest';
import { consoleAddress } from '#client/commands/console-address.ts';
import { eventsText } from '#client/commands/events-text.ts';
import { LogTail } from '#client/commands/log-tail.ts';

const router = { apiVersion: 'network.operator.openshift.io/v1', kind: 'EgressRouter' };

test.each([
  [
    'a router',
    { ...router, namespace: 'demo', name: 'a' },
    'k8s/ns/demo/network.operator.openshift.io~v1~EgressRouter/a',
  ],
  ['a pod', { apiVersion: 'v1', kind: 'Pod', namespace: 'demo', name: 'p' }, 'k8s/ns/demo/pods/p'],
  [
    'a Deployment',
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'demo', name: 'd' },
    'k8s/ns/demo/deployments/d',
  ],
  ['what has no namespace', { apiVersion: 'v1', kind: 'Node', name: 'n' }, 'k8s/cluster/nodes/n'],
  [
    'a name that is none',
    { apiVersion: 'v1', kind: 'Pod', namespace: 'demo', name: 'a/../b' },
    'k8s/ns/demo/pods/a%2F..%2Fb',
  ],
])('the page in the console of %s', (_, object, expected) => {
  expect(consoleAddress('https://console.test/', object)).toBe(`https://console.test/${expected}`);
});

test('events as lines', () => {
  const event = { about: 'Pod p', reason: 'Failed', message: 'one\ntwo', count: 3, isWarning: true };
  expect(
    eventsText('demo/a', 'sandbox', [
      { ...event, lastSeen: '2026-01-01T00:00:00.123456Z' },
      { ...event, count: 1, isWarning: false },
    ]),
  ).toBe(`# Events of demo/a and of what was made for it,
# in context sandbox, the newest first.

2026-01-01T00:00:00Z  [WARN] Failed  Pod p, 3 times
    one
    two

[INFO] Failed  Pod p
    one
    two
`);
});

test('no events', () => {
  expect(eventsText('demo/a', 'sandbox', [])).toMatch(/There are none: clusters keep events for an hour\./);
});

test('a log keeps its last lines, and says how many it left out', () => {
  const tail = new LogTail(10);
  for (let line = 1; line <= 30; line += 1) tail.push([`line ${line}`]);
  const lines = tail.text.trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(13);
  expect(lines.at(-1)).toBe('line 30');
  const left = 30 - (lines.length - 1);
  expect(lines[0]).toBe(`[${left} earlier lines are not shown.]`);
});

test('a line without end is cut', () => {
  const tail = new LogTail(10);
  tail.push(['x'.repeat(10_000)]);
  expect(tail.text.length).toBe(4002);
});
