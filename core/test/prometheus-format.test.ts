import { expect, test } from 'vitest';
import { metricsFaults } from './prometheus-format.ts';

const head = '# HELP a_total What.\n# TYPE a_total counter\n';

test.each([
  ['nothing', '', ['no line end at the end']],
  ['a counter', `${head}a_total{l="\\"\\\\\\n"} 1\na_total 2.5e-7\n`, []],
  [
    'a label that is not escaped',
    `${head}a_total{l="""} 1\n`,
    ['not a sample of a_total: a_total{l="""} 1', 'a_total has no samples'],
  ],
  ['a sample without family', 'a 1\n', ['not a sample of : a 1']],
  ['a series twice', `${head}a_total 1\na_total 2\n`, ['a_total stands there twice']],
  ['a family twice', `${head}a_total 1\n${head}a_total{l="x"} 2\n`, ['a_total stands there twice']],
  [
    'a gauge by the name of a counter',
    '# HELP a_total What.\n# TYPE a_total gauge\na_total 1\n',
    ['a_total is a gauge'],
  ],
  ['no HELP', '# TYPE a gauge\na 1\n', ['a has no HELP before its TYPE']],
  [
    'buckets that shrink',
    '# HELP a What.\n# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n',
    ['the buckets of a do not add up'],
  ],
])('%s', (_, text, faults) => {
  expect(metricsFaults(text)).toEqual(faults);
});
