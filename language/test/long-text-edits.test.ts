import { expect, test } from 'vitest';
import type { ValueEdit } from '#core/problem.ts';
import { toTextEdits } from '#language/edits/value-edits.ts';
import { applyEdits } from '#language/text/text-edit.ts';
import { parseSlice } from '#language/yaml/parsed.ts';

/**
 * An edit in a long document is made as in a short one, although most of the text is not looked at: whatever its entry
 * stands among, and wherever in its list.
 */
const count = 300;
const places = [0, 2, 3, 150, count - 4, count - 1];

interface Writing {
  /** The whole text. */
  readonly text: string;
  /** Of the list. */
  readonly path: readonly string[];
  /** As it is written, without what stands around it. */
  readonly entry: (index: number) => string;
}

const blockEntry = (index: number): string => `- port: ${index}\n      name: n${index}`;
const flowEntry = (index: number): string => `{port: ${index}, name: n${index}}`;
const jsonEntry = (index: number): string => `{"port": ${index}, "name": "n${index}"}`;
const entries = (entry: (index: number) => string, joint: (index: number) => string): string =>
  Array.from({ length: count }, (_one, index) => joint(index) + entry(index)).join('');

const writings: Readonly<Record<string, Writing>> = {
  'a block with comments': {
    text: `a: 1\nlist:\n  rules:${entries(blockEntry, (index) => `\n    # before ${index}\n    `)} # last\nb: {c: 2}\n`,
    path: ['list', 'rules'],
    entry: blockEntry,
  },
  'a block in the column of its key': {
    text: `list:\n  first: x\n  rules:${entries(
      (index) => blockEntry(index).replace('      ', '    '),
      () => '\n  ',
    )}\n`,
    path: ['list', 'rules'],
    entry: (index) => blockEntry(index).replace('      ', '    '),
  },
  'a block of flows': {
    text: `rules:${entries(
      (index) => `- ${flowEntry(index)}`,
      () => '\n',
    )}\n`,
    path: ['rules'],
    entry: flowEntry,
  },
  'a flow over lines': {
    text: `rules: [${entries(flowEntry, (index) => (index === 0 ? '\n  ' : ',\n  '))}\n  ]\n`,
    path: ['rules'],
    entry: flowEntry,
  },
  'JSON in one line': {
    text: `{"list": {"rules": [${entries(jsonEntry, (index) => (index === 0 ? '' : ', '))}]}, "b": 2}`,
    path: ['list', 'rules'],
    entry: jsonEntry,
  },
};

for (const [title, { text, path, entry }] of Object.entries(writings)) {
  const parsed = parseSlice(text);
  const check = (what: string, edit: ValueEdit, wanted: string): void => {
    const made = toTextEdits(parsed, [edit]);
    expect(made && applyEdits(text, made), what).toBe(wanted);
  };
  test.each(places)(`${title}, entry %i`, (index) => {
    const own = entry(index);
    const changed = (from: string, to: string): string => text.replace(own, own.replace(from, to));
    const inEntry = [...path, index];
    check(
      'replaced',
      { kind: 'replace', path: [...inEntry, 'name'], value: 'other' },
      changed(`n${index}`, 'other'),
    );
    check('renamed', { kind: 'rename', path: [...inEntry, 'name'], key: 'title' }, changed('name', 'title'));
    check('its last key removed', { kind: 'remove', path: [...inEntry, 'name'] }, withoutName(text, own));
  });
}

/** With the line of it in a block, and the comma before it in a flow. */
function withoutName(text: string, entry: string): string {
  const shorter = entry.replace(/(?:,\s*"?name"?: [^}\n]*|\n *name: [^}\n]*)/, '');
  // What stands behind it on its line goes with the line.
  return text.replace(entry.endsWith('}') ? entry : new RegExp(`${entry}(?: #[^\n]*)?(?=\n)`), shorter);
}

const block = writings['a block with comments']?.text ?? '';
test.each<[string, ValueEdit, string]>([
  [
    'an entry is removed with its lines, not with the comment before it',
    { kind: 'remove', path: ['list', 'rules', 150] },
    block.replace(`    ${blockEntry(150)}\n`, ''),
  ],
  [
    'an entry is added behind the last one and its comment',
    { kind: 'add', path: ['list', 'rules', count], value: { port: 1 } },
    block.replace(' # last\n', ' # last\n    - port: 1\n'),
  ],
  [
    'a key is added behind all of a long list',
    { kind: 'add', path: ['list', 'mode'], value: 'x' },
    block.replace(' # last\n', ' # last\n  mode: x\n'),
  ],
  ['a key is added to the document', { kind: 'add', path: ['d'], value: 3 }, `${block}d: 3\n`],
  [
    'a key beside the list changes',
    { kind: 'replace', path: ['b', 'c'], value: 3 },
    block.replace('{c: 2}', '{c: 3}'),
  ],
  ['the list goes', { kind: 'remove', path: ['list', 'rules'] }, 'a: 1\nlist: {}\nb: {c: 2}\n'],
])('%s', (_title, edit, wanted) => {
  const made = toTextEdits(parseSlice(block), [edit]);
  expect(made && applyEdits(block, made)).toBe(wanted);
});

test('an object of many keys', () => {
  const text = `${Array.from({ length: 2000 }, (_one, index) => `k${index}: ${index} # c\n`).join('')}`;
  const made = (edit: ValueEdit): string => applyEdits(text, toTextEdits(parseSlice(text), [edit]) ?? []);
  expect(made({ kind: 'replace', path: ['k1000'], value: 'x' })).toBe(
    text.replace('k1000: 1000', 'k1000: x'),
  );
  expect(made({ kind: 'remove', path: ['k0'] })).toBe(text.replace('k0: 0 # c\n', ''));
  expect(made({ kind: 'remove', path: ['k1999'] })).toBe(text.replace('k1999: 1999 # c\n', ''));
  expect(made({ kind: 'add', path: ['z'], value: 1 })).toBe(`${text}z: 1\n`);
});
