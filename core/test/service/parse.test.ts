import { expect, test } from 'vitest';
import { readService } from '#core/service/parse.ts';

const read = (spec: object) =>
  readService({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', namespace: 'web' }, spec });

test('what is read of a Service', () => {
  const selector = { app: 'egress-router-cni' };
  const ports = [
    { name: 'dns', port: 53, protocol: 'UDP', targetPort: 8053 },
    { name: 'http', port: 80, targetPort: '8080' },
  ];
  expect(read({ type: 'ClusterIP', selector, ports })).toEqual({
    kind: 'service',
    name: 'a',
    namespace: 'web',
    type: 'ClusterIP',
    isHeadless: false,
    selector,
    ports: [
      { port: 53, protocol: 'UDP', isProtocolWritten: true, targetPort: 8053, path: ['spec', 'ports', 0] },
      {
        port: 80,
        protocol: 'TCP',
        isProtocolWritten: false,
        targetPort: 8080,
        isTargetText: true,
        path: ['spec', 'ports', 1],
      },
    ],
    isWhole: true,
  });
});

test('what cannot be read is left out, and told', () => {
  const ports = ['x', { port: 0 }, { port: 80, protocol: 'tcp' }, { port: 80, targetPort: 0 }, { port: 81 }];
  const facts = read({ ports, selector: { app: 1 }, clusterIP: 'None' });
  expect(facts?.ports.map(({ path }) => path)).toEqual([['spec', 'ports', 4]]);
  expect(facts).toMatchObject({ isWhole: false, isHeadless: true });
  const faults = facts?.faults?.map(({ code, path }) => `${code} ${path.slice(2).join('.')}`);
  expect(faults).toEqual([
    'wrong-type 0',
    'out-of-range 1.port',
    'not-in-enum 2.protocol',
    ...[1, 2, 3, 4].map((index) => `missing-field ${index}`),
  ]);
  expect(facts?.selector).toBeUndefined();
  expect(read({ ports: {} })?.isWhole).toBe(false);
});

test('what is no Service', () => {
  expect(readService({ apiVersion: 'serving.knative.dev/v1', kind: 'Service' })).toBeUndefined();
  expect(readService({ apiVersion: 'v1', kind: 'Pod' })).toBeUndefined();
  expect(readService([])).toBeUndefined();
});
