import { expect, test } from 'vitest';
import { ageOf } from '#sandbox/api/kinds/columns.ts';
import { valuesAtJsonPath } from '#sandbox/api/kinds/json-path.ts';
import { parseTarget } from '#sandbox/api/request/target.ts';

const core = { kind: 'resource', group: '', version: 'v1' };

test.each([
  ['/api/v1/pods', { ...core, plural: 'pods' }],
  ['/api/v1/nodes/n1', { ...core, plural: 'nodes', name: 'n1' }],
  ['/api/v1/namespaces', { ...core, plural: 'namespaces' }],
  ['/api/v1/namespaces/n', { ...core, plural: 'namespaces', name: 'n', namespace: 'n' }],
  [
    '/api/v1/namespaces/n/finalize',
    { ...core, plural: 'namespaces', name: 'n', namespace: 'n', subresource: 'finalize' },
  ],
  ['/api/v1/namespaces/n/pods', { ...core, plural: 'pods', namespace: 'n' }],
  [
    '/api/v1/namespaces/n/pods/p/log',
    { ...core, plural: 'pods', namespace: 'n', name: 'p', subresource: 'log' },
  ],
  [
    '/apis/apps/v1/namespaces/n/deployments/d%2E1',
    { kind: 'resource', group: 'apps', version: 'v1', plural: 'deployments', namespace: 'n', name: 'd.1' },
  ],
  ['/apis/apps/v1', { kind: 'path', path: '/apis/apps/v1' }],
  ['/version', { kind: 'path', path: '/version' }],
])('%s', (path, expected) => expect(parseTarget(path)).toEqual(expected));

const router = {
  spec: { mode: 'Redirect', addresses: [{ ip: 'a' }, { ip: 'b' }] },
  status: {
    conditions: [
      { type: 'Available', status: 'True' },
      { type: 'Degraded', status: 'False' },
    ],
  },
  metadata: { labels: { 'x.y': 'z' } },
};

test.each([
  ['.spec.mode', ['Redirect']],
  ['.spec.addresses[1].ip', ['b']],
  ['.spec.addresses[*].ip', ['a', 'b']],
  ['.status.conditions[?(@.type=="Degraded")].status', ['False']],
  ["['metadata']['labels']['x.y']", ['z']],
  ['.metadata.labels.x\\.y', ['z']],
  ['.spec.none.at.all', []],
])('JSONPath %s', (path, expected) => expect(valuesAtJsonPath(router, path)).toEqual(expected));

test.each([
  [5, '5s'],
  [119, '119s'],
  [190, '3m10s'],
  [3600, '60m'],
  [4 * 3600 + 120, '4h2m'],
  [30 * 3600, '30h'],
  [3 * 86400, '3d'],
])('an age of %i seconds is %s', (seconds, expected) => {
  const now = Date.parse('2026-01-31T00:00:00Z');
  expect(ageOf(new Date(now - seconds * 1000).toISOString(), now)).toBe(expected);
});
