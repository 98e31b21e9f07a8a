import { expect, test } from 'vitest';
import { type PlacedDiagnostic, withoutRepeated } from '#client/repeated.ts';

test.each<{ title: string; ours: PlacedDiagnostic; other: PlacedDiagnostic; isKept: boolean }>([
  {
    title: 'a fault of YAML that the YAML extension tells as well',
    ours: at(4, 'yaml-syntax'),
    other: { ...at(5, 0), source: 'YAML' },
    isKept: false,
  },
  {
    title: 'a key that is there twice, in JSON',
    ours: at(4, { value: 'duplicate-key' }),
    other: { ...at(4, 0), source: 'jsonc' },
    isKept: false,
  },
  {
    title: 'a quote that the YAML extension misses at the end of the file',
    ours: at(4, 'yaml-syntax'),
    other: { ...at(20, 0), source: 'YAML' },
    isKept: false,
  },
  {
    title: 'a fault of YAML behind the one that the YAML extension tells',
    ours: at(9, 'yaml-syntax'),
    other: { ...at(4, 0), source: 'YAML' },
    isKept: true,
  },
  {
    title: 'a key that is there twice, elsewhere',
    ours: at(4, 'duplicate-key'),
    other: { ...at(9, 0), source: 'YAML' },
    isKept: true,
  },
  {
    title: 'what a value means',
    ours: at(4, 'gateway-outside-subnet'),
    other: { ...at(4, 0), source: 'YAML' },
    isKept: true,
  },
  {
    title: 'a fault of YAML where a linter of another kind has something to say',
    ours: at(4, 'yaml-syntax'),
    other: { ...at(4, 0), source: 'cSpell' },
    isKept: true,
  },
])('$title: kept $isKept', ({ ours, other, isKept }) => {
  expect(withoutRepeated([ours], [other])).toEqual(isKept ? [ours] : []);
});

function at(line: number, code: NonNullable<PlacedDiagnostic['code']>): PlacedDiagnostic {
  return { range: { start: { line }, end: { line } }, code };
}
