import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkRelations } from '#core/relations/checks.ts';
import type { Facts } from '#core/relations/facts.ts';
import { RelationIndex } from '#core/relations/relation-index.ts';
import { legacyFacts, routerFacts, serviceFacts } from './objects.ts';

const order = {
  fileOf: (document: string) => document.slice(0, 1),
  // Two files are applied as one.
  unitOf: (document: string) => (document.startsWith('h') ? 'h' : 'fg'),
  compare: (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0),
};

const name = fc.constantFrom('a', 'b');
const namespace = fc.constantFrom({}, { namespace: 'web' }, { namespace: 'shop' });
const port = fc.constantFrom(80, 81);

const facts: fc.Arbitrary<Facts> = fc.oneof(
  fc.record({ name, namespace, host: fc.constantFrom(5, 6, 7), port, gateway: fc.boolean() }).map((one) =>
    routerFacts({
      name: one.name,
      ...one.namespace,
      ip: `192.168.12.${one.host}/24`,
      ...(one.gateway ? { gateway: '192.168.12.1' } : {}),
      rules: [`${one.port} TCP 203.0.113.25`],
    }),
  ),
  fc
    .record({
      name,
      namespace,
      port,
      selector: fc.constantFrom({ app: 'egress-router-cni' }, { app: 'egress-router' }, { name: 'a' }),
    })
    .map((one) =>
      serviceFacts([{ port: one.port }], { name: one.name, ...one.namespace, selector: one.selector }),
    ),
  fc
    .record({ name, namespace, label: name, key: fc.constantFrom('k', 'kk'), isRules: fc.boolean() })
    .map((one) =>
      legacyFacts({
        name: one.name,
        ...one.namespace,
        labels: { name: one.label },
        configMaps: [
          { name: 'm', key: one.key, path: ['spec'], ...(one.isRules ? { isDestination: true } : {}) },
        ],
      }),
    ),
  fc.record({ namespace, texts: fc.constantFrom({ k: 'no rule' }, { kk: '80 tcp 203.0.113.25' }, {}) }).map(
    ({ namespace: own, texts }): Facts => ({
      kind: 'configMap',
      name: 'm',
      ...own,
      keys: Object.keys(texts),
      texts,
    }),
  ),
  fc.record({ namespace, isOwned: fc.boolean() }).map(
    (one): Facts => ({
      kind: 'nad',
      name: 'egress-router-cni-nad',
      ...one.namespace,
      isOwned: one.isOwned,
      config: {
        addresses: [],
        addressesPath: [],
        gatewayPath: [],
        rules: routerFacts({ rules: ['80 TCP 203.0.113.25'] }).rules,
        destinationsPath: [],
      },
    }),
  ),
);

const documents = ['f1', 'f2', 'f3', 'g1', 'g2', 'h1'] as const;
const step = fc.record({ document: fc.constantFrom(...documents), all: fc.array(facts, { maxLength: 2 }) });

function problemsOf(index: RelationIndex, document: string): unknown {
  return (['cno', 'agent'] as const).map((reconciler) =>
    index.in(document).map((known) => checkRelations(known, index, { reconciler })),
  );
}

test('after any changes, an index tells what a new one tells, and tells whose problems are others', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 24 }), (steps) => {
      const index = new RelationIndex(order);
      const told = new Map<string, unknown>();
      const last = new Map<string, readonly Facts[]>();
      for (const { document, all } of steps) {
        const affected =
          all.length === 0
            ? index.delete(document)
            : index.set(
                document,
                all.map((one, at) => ({ root: ['items', at], facts: one })),
              );
        last.set(document, all);
        for (const one of affected) told.set(one, problemsOf(index, one));
      }
      const fresh = new RelationIndex(order);
      fresh.load(
        [...last].map(([document, all]) => [
          document,
          all.map((one, at) => ({ root: ['items', at], facts: one })),
        ]),
      );
      for (const document of last.keys()) {
        expect(told.get(document)).toEqual(problemsOf(fresh, document));
      }
    }),
    { numRuns: 1000 },
  );
});

test('a change of a router in a crowded namespace concerns it alone', () => {
  const index = new RelationIndex(order);
  const of = (at: number, port: number) =>
    routerFacts({
      name: `r${at}`,
      namespace: 'web',
      ip: `10.0.${at >> 8}.${at & 255}/8`,
      rules: [`${port} TCP 203.0.113.25`],
    });
  const document = (at: number): string => `f${String(at).padStart(5, '0')}`;
  for (let at = 1; at <= 1000; at += 1) index.set(document(at), [{ root: [], facts: of(at, 80) }]);
  for (const at of [1, 2, 500, 1000]) {
    expect([...index.set(document(at), [{ root: [], facts: of(at, 81) }])]).toEqual([document(at)]);
  }
  expect([...index.delete(document(500))]).toEqual([document(500)]);
  expect(index.delete(document(1)).size).toBe(999);
});
