import { expect, test } from 'vitest';
import { parseRouter } from '#core/egress-router/parse.ts';
import { appliedPart } from '#core/manifest/applied-part.ts';
import { portsInStep, portsRenamed } from '#core/manifest/service-ports.ts';
import { toPort } from '#core/net/port.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { manifest, rule } from '../egress-router/manifests.ts';

/** The ports that a Service comes to have, each as `name port>target`. */
function check(
  redirect: object,
  present: readonly object[],
  extra: readonly number[],
  expected: readonly string[],
): void {
  const { router } = parseRouter(manifest({ redirect }));
  if (router === undefined) throw new Error('The router has faults.');
  const ports = portsInStep(
    router,
    present,
    extra.map((port) => ({ port: toPort(port), protocol: 'TCP' as const })),
  );
  expect(
    ports.map(({ name, port, targetPort }) => `${String(name)} ${Number(port)}>${Number(targetPort)}`),
  ).toEqual(expected);
}

const rules = { redirectRules: [rule({ port: 8080 }), rule({ port: 8443 })] };
const fallback = { fallbackIP: '203.0.113.26' };
const web = { name: 'web', port: 80, protocol: 'TCP', targetPort: 8080, nodePort: 30080 };
const old = { name: 'tcp-9000', port: 9000, protocol: 'TCP', targetPort: 9000 };

test('ports follow the rules, and keep what leads somewhere', () => {
  check(rules, [], [], ['tcp-8080 8080>8080', 'tcp-8443 8443>8443']);
  check(rules, [web, old], [], ['web 80>8080', 'tcp-8443 8443>8443']);
  check(
    { ...rules, ...fallback },
    [old],
    [],
    ['tcp-9000 9000>9000', 'tcp-8080 8080>8080', 'tcp-8443 8443>8443'],
  );
  check(fallback, [], [], []);
  check(fallback, [], [53, 53], ['tcp-53 53>53']);
  check(fallback, [old], [9000], ['tcp-9000 9000>9000']);
  check(rules, [{ ...web, protocol: 'UDP' }], [], ['tcp-8080 8080>8080', 'tcp-8443 8443>8443']);
  check(
    rules,
    [{ ...web, targetPort: 'http' }, { port: 'x' }],
    [],
    ['tcp-8080 8080>8080', 'tcp-8443 8443>8443'],
  );
});

test("of several ports each has a name, also one that is somebody else's", () => {
  const { router } = parseRouter(manifest({ redirect: rules }));
  if (router === undefined) throw new Error('The router has faults.');
  const { name: _, ...bare } = web;
  const names = (present: readonly object[], isEntry = false, isName = false) =>
    portsInStep(router, present, [], () => ({ isEntry, isName })).map(({ name, port }) => [name, port]);
  const mine = [
    ['tcp-8080', 8080],
    ['tcp-8443', 8443],
  ];
  expect(names([bare])).toEqual([['tcp-80', 80], mine[1]]);
  expect(names([{ ...bare, targetPort: 9090 }])).toEqual(mine);
  expect(names([{ ...bare, targetPort: 9090 }], true)).toEqual([['tcp-80', 80], ...mine]);
  expect(names([{ ...web, targetPort: 9090 }], true, true)).toEqual(mine);
  expect(names([bare, { ...old, name: 'tcp-80', targetPort: 8443 }])).toEqual([
    ['tcp-80-a', 80],
    ['tcp-80', 9000],
  ]);
  const like = { ...web, name: 'tcp-8443' };
  expect(names([like])).toEqual([
    ['tcp-8443', 80],
    ['tcp-8443-a', 8443],
  ]);
  expect(names([{ ...like, targetPort: 9090 }], true, true)).toEqual([mine[0], ['tcp-8443-a', 8443]]);
  expect(names([{ ...like, targetPort: 9090 }])).toEqual(mine);
});

test('a node port that the cluster gave out is not applied', () => {
  const { router } = parseRouter(manifest({ redirect: rules }));
  if (router === undefined) throw new Error('The router has faults.');
  expect(portsInStep(router, [web])[0]).toEqual({ name: 'web', port: 80, protocol: 'TCP', targetPort: 8080 });
});

const live = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'a',
    labels: { app: 'x', other: 'y' },
    annotations: { team: 'blue' },
    managedFields: [
      { manager: 'kubectl', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:clusterIP': {} } } },
      { manager: 'me', operation: 'Update', fieldsV1: { 'f:metadata': { 'f:labels': { 'f:other': {} } } } },
      {
        manager: 'me',
        operation: 'Apply',
        fieldsV1: {
          'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} }, 'f:annotations': { 'f:gone': {} } },
          'f:spec': { 'f:type': {}, 'f:selector': {}, 'f:ports': { 'k:{"port":80}': { '.': {} } } },
        },
      },
    ],
  },
  spec: { type: 'NodePort', clusterIP: '172.30.0.1', selector: { app: 'x' }, ports: [{ port: 80 }] },
};

test('what a manager has applied of an object, without its lists', () => {
  expect(appliedPart(live, 'me')).toEqual({
    metadata: { labels: { app: 'x' }, annotations: {} },
    spec: { type: 'NodePort', selector: { app: 'x' } },
  });
  expect(appliedPart(live, 'kubectl')).toEqual({ spec: { clusterIP: '172.30.0.1' } });
  expect(appliedPart(live, 'nobody')).toEqual({});
  expect(appliedPart({ ...live, metadata: { name: 'a' } }, 'me')).toEqual({});
});

test.each<readonly [string, readonly object[], readonly string[] | undefined]>([
  ['nobody else has a port', [{ name: 'tcp-8080', port: 8080, protocol: 'TCP' }], undefined],
  ['theirs has a name', [{ name: 'web', port: 80 }], undefined],
  ['the wanted one has another name', [{ name: 'web', port: 8080 }], undefined],
  ['theirs has none', [{ port: 80, targetPort: 8080 }], ['tcp-8080 8080', 'tcp-80 80']],
  ['theirs has that of a wanted one', [{ name: 'tcp-8080', port: 80 }], ['tcp-8080 8080', 'tcp-80 80']],
  [
    'both, and a third has the name that would be theirs',
    [
      { name: '', port: 80, protocol: 'UDP' },
      { name: 'tcp-8080', port: 90 },
      { name: 'udp-80', port: 91 },
    ],
    ['tcp-8080 8080', 'udp-80-a 80', 'tcp-90 90', 'udp-80 91'],
  ],
])('of a Service that the operator keeps, where %s', (_, present, expected) => {
  const wanted = [{ name: 'tcp-8080', protocol: 'TCP', port: 8080, targetPort: 8080 }];
  const ports = portsRenamed(present.filter(isJsonObject), wanted);
  expect(ports?.map(({ name, port }) => `${String(name)} ${Number(port)}`)).toEqual(expected);
});
