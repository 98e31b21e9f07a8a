import { expect, test } from 'vitest';
import { parseClusterFacts } from '#core/relations/cluster-facts.ts';
import { readSettings, sectionOf } from '#server/settings.ts';
import { Situation } from '#server/situation.ts';

/** `wanted`: who reconciles, without a cluster, with one of the platform's and with one of nobody's. */
function check(section: unknown, wanted: readonly string[]): void {
  test(JSON.stringify(section) ?? 'nothing', () => {
    const found = [undefined, { reconciler: 'cno' }, { context: 'lab' }].map((facts) => {
      const situation = new Situation();
      situation.configure(readSettings(section));
      situation.connect(facts === undefined ? undefined : parseClusterFacts(facts));
      return situation.reconciler;
    });
    expect(found).toEqual(wanted);
  });
}

const auto = ['unknown', 'cno', 'unknown'];
check(undefined, auto);
check(null, auto);
check({ reconciler: 'auto' }, auto);
check({ reconciler: 'nobody' }, auto);
check({ reconciler: 'agent' }, ['agent', 'agent', 'agent']);
check({ reconciler: 'cno', other: 1 }, ['cno', 'cno', 'cno']);

test('pushed settings hold the section among others', () => {
  expect(sectionOf({ yaml: {}, egressRouter: { reconciler: 'cno' } })).toEqual({ reconciler: 'cno' });
  expect(sectionOf({ yaml: {} })).toBeUndefined();
  expect(sectionOf(null)).toBeUndefined();
});

test('a cluster that is gone says nothing any more', () => {
  const situation = new Situation();
  situation.connect(parseClusterFacts({ reconciler: 'agent' }));
  expect(situation.reconciler).toBe('agent');
  situation.connect(undefined);
  expect([situation.reconciler, situation.cluster]).toEqual(['unknown', undefined]);
});
