import { expect, test } from 'vitest';
import { readService } from '#core/service/parse.ts';
import { refusedSpecs, type SpecCase, serviceOf, takenSpecs, untoldSpecs } from './service-cases.ts';

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
  const selector = { app: 'egress-router-cni' };
  const ports = ['x', { port: 0 }, { port: 80, protocol: 'tcp' }, { port: 80, targetPort: 0 }, { port: 81 }];
  const facts = read({ ports, selector, clusterIP: 'None' });
  expect(facts?.ports.map(({ path }) => path)).toEqual([['spec', 'ports', 4]]);
  expect(facts).toMatchObject({ isWhole: false, isHeadless: true });
  const faults = facts?.faults?.map(({ code, path }) => `${code} ${path.slice(2).join('.')}`);
  expect(faults).toEqual([
    'wrong-type 0',
    'out-of-range 1.port',
    'not-in-enum 2.protocol',
    ...[1, 2, 3, 4].map((index) => `missing-field ${index}`),
  ]);
  expect(read({ selector: { app: 1 } })?.selector).toBeUndefined();
  expect(read({ ports: {} })?.isWhole).toBe(false);
});

test('what is no Service', () => {
  expect(readService({ apiVersion: 'serving.knative.dev/v1', kind: 'Service' })).toBeUndefined();
  expect(readService({ apiVersion: 'v1', kind: 'Pod' })).toBeUndefined();
  expect(readService([])).toBeUndefined();
});

/** By code and path within `spec`. */
const told = (fields: SpecCase): readonly string[] =>
  (readService(serviceOf(fields))?.faults ?? []).map(({ code, path, severity }) =>
    `${severity === 'error' ? '' : 'not '}${code} ${path.slice(1).join('.')}`.trimEnd(),
  );

test.each([...takenSpecs, ...untoldSpecs])('%j is no fault', (fields) => {
  expect(told(fields).filter((one) => !one.startsWith('not '))).toEqual([]);
});

test.each(refusedSpecs.map(([fields, ...problems]) => ({ fields, problems })))(
  '$fields is refused',
  ({ fields, problems }) => {
    expect(told(fields)).toEqual(problems);
  },
);

test('the name of a Service is a single label', () => {
  const codes = (name: string) =>
    readService({ ...serviceOf({}), metadata: { name } })?.faults?.map(({ code }) => code) ?? [];
  expect(codes('a'.repeat(63))).toEqual([]);
  expect(codes('a'.repeat(64))).toEqual(['invalid-name']);
  expect(codes('partner.api')).toEqual(['invalid-name']);
  expect(codes('partner_api')).toEqual(['invalid-name']);
});

test('a field beside the spec that there is not', () => {
  const faults = readService({ ...serviceOf({}), data: {}, status: {} })?.faults;
  expect(faults?.map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual(['unknown-field data']);
});
