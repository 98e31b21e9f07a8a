import { expect, test } from 'vitest';
import { readYamlFile } from '#language/document.ts';
import { selectionsAt } from '#language/features/selection.ts';
import { cursorIn, router } from './cursor.ts';

/** `wanted`: what is selected, from the innermost; of a text of several lines, the first and the last. */
function check(title: string, source: string, wanted: readonly string[]): void {
  test(title, () => {
    const { text, offset } = cursorIn(source);
    const spans = selectionsAt(readYamlFile(text), offset);
    const shown = spans.map(({ start, end }) => {
      const lines = text.slice(start, end).trim().split('\n');
      return lines.length === 1 ? lines[0] : `${lines[0]} … ${lines.at(-1)?.trim()}`;
    });
    expect(shown).toEqual(wanted);
    for (const [index, { start, end }] of spans.entries()) {
      const outer = spans[index + 1] ?? { start: 0, end: text.length };
      expect(start).toBeGreaterThanOrEqual(outer.start);
      expect(end).toBeLessThanOrEqual(outer.end);
    }
  });
}

const outer = [
  'addresses: … gateway: 192.168.12.1',
  'addresses: … targetPort: 80',
  'spec: … targetPort: 80',
  'apiVersion: network.operator.openshift.io/v1 … targetPort: 80',
];
check('a value', router.replace('.12.1\n', '.12|.1\n'), [
  '192.168.12.1',
  'gateway: 192.168.12.1',
  'ip: 192.168.12.99/24 … gateway: 192.168.12.1',
  '- ip: 192.168.12.99/24 … gateway: 192.168.12.1',
  ...outer,
  'apiVersion: network.operator.openshift.io/v1 … targetPort: 80',
]);
check('a key', `a: 1\n---\n${router.replace('gateway', 'gate|way')}`, [
  'gateway',
  'gateway: 192.168.12.1',
  'ip: 192.168.12.99/24 … gateway: 192.168.12.1',
  '- ip: 192.168.12.99/24 … gateway: 192.168.12.1',
  ...outer,
  'a: 1 … targetPort: 80',
]);
check('another document', `x: [1, 2|2]\n---\n${router}`, [
  '22',
  '[1, 22]',
  'x: [1, 22]',
  'x: [1, 22] … targetPort: 80',
]);
check('an empty file', '|', ['']);
