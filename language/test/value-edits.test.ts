import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Document, isCollection, isScalar, Scalar, visit } from 'yaml';
import type { JsonValue, Path, ValueEdit } from '#core/problem.ts';
import { changedValue } from '#language/edits/changed-value.ts';
import { toTextEdits } from '#language/edits/value-edits.ts';
import { marksReadOnce, parseWithMarks } from '#language/edits/written.ts';
import { applyEdits } from '#language/text/text-edit.ts';
import { parseSlice } from '#language/yaml/parsed.ts';

/** The text after one edit; undefined where it cannot be made. */
function check(
  title: string,
  text: string,
  edits: ValueEdit | readonly ValueEdit[],
  wanted: string | undefined,
): void {
  test(title, () => {
    const parsed = parseSlice(text);
    const made = toTextEdits(parsed, 'kind' in edits ? [edits] : edits);
    expect(made === undefined ? undefined : applyEdits(text, made)).toBe(wanted);
  });
}

const at = (...path: (string | number)[]): Path => path;

// Replace.
check('a plain value', 'a: 1 # c\n', { kind: 'replace', path: at('a'), value: 2 }, 'a: 2 # c\n');
check(
  'quotes stay',
  `a: 'x'\nb: "y"\n`,
  { kind: 'replace', path: at('a'), value: "it's" },
  `a: 'it''s'\nb: "y"\n`,
);
check('a number needs none', 'a: "80"\n', { kind: 'replace', path: at('a'), value: 80 }, 'a: 80\n');
check(
  'text that looks like a number',
  'a: x\n',
  { kind: 'replace', path: at('a'), value: '010' },
  'a: "010"\n',
);
check(
  'text that YAML 1.1 takes for true',
  'a: x\n',
  { kind: 'replace', path: at('a'), value: 'yes' },
  'a: "yes"\n',
);
check(
  'text that YAML 1.1 takes for a time',
  'a: x\n',
  { kind: 'replace', path: at('a'), value: '1:30' },
  'a: "1:30"\n',
);
check('an IPv6 address', 'a: x\n', { kind: 'replace', path: at('a'), value: 'fd12::1' }, 'a: fd12::1\n');
check(
  'an IPv6 network in flow',
  '{a: x, b: 1}',
  { kind: 'replace', path: at('a'), value: '::/64' },
  '{a: "::/64", b: 1}',
);
check('an empty value', 'a: # c\nb:\n', { kind: 'replace', path: at('a'), value: 'TCP' }, 'a: TCP # c\nb:\n');
check(
  'an empty entry',
  'a:\n  -\n  - 1\n',
  { kind: 'replace', path: at('a', 0), value: 0 },
  'a:\n  - 0\n  - 1\n',
);
check(
  'a value beside a variable in braces',
  'a: {b: ${P}, c: x}\n',
  { kind: 'replace', path: at('a', 'c'), value: 'z' },
  'a: {b: ${P}, c: z}\n',
);
check('JSON', '{"a": "x"}', { kind: 'replace', path: at('a'), value: 'y' }, '{"a": "y"}');
check(
  'text of several lines',
  'a: |\n  x\n\n# c\nb: 1\n',
  { kind: 'replace', path: at('a'), value: 'z' },
  'a: z\n\n# c\nb: 1\n',
);
check(
  'JSON in a block, of which one value changes',
  'config: | # c\n  {\n    "type": "x",\n    "a": 1\n  }\n',
  { kind: 'replace', path: at('config', 'type'), value: 'y' },
  'config: | # c\n  {\n    "type": "y",\n    "a": 1\n  }\n',
);
check(
  'JSON in a block, of which a key goes',
  'config: |\n  {\n    "type": "x",\n    "a": 1\n  }\nb: 1\n',
  { kind: 'remove', path: at('config', 'a') },
  'config: |\n  {\n    "type": "x"\n  }\nb: 1\n',
);
check(
  'JSON in quotes',
  `config: '{"type": "x"}'\n`,
  { kind: 'add', path: at('config', 'a'), value: [1] },
  `config: '{"type": "x", "a": [1]}'\n`,
);
check(
  'JSON in double quotes',
  `config: "{\\"type\\": \\"x\\"}"\n`,
  { kind: 'rename', path: at('config', 'type'), key: 'kind' },
  `config: "{\\"kind\\": \\"x\\"}"\n`,
);

check(
  'JSON in a block, of which the first key goes',
  'config: |\n  {\n    "type": "x",\n    "a": 1\n  }\nb: 1\n',
  { kind: 'remove', path: at('config', 'type') },
  'config: |\n  {\n    "a": 1\n  }\nb: 1\n',
);

// JSON in a string of several lines: what is not changed stays in its lines.
const inLines = (json: string, open = "'", close = "'"): string =>
  `a: 1\nconfig: ${open}${json.replaceAll('\n', '\n  ')}${close} # c\nb: 1\n`;
const lines = '{\n  "type": "x",\n  "ip": {\n    "gateway": "y",\n    "mtu": 1\n  }\n}';
check(
  'folded, a value',
  inLines(lines),
  { kind: 'replace', path: at('config', 'ip', 'gateway'), value: "z's" },
  inLines(lines.replace('"y"', `"z''s"`)),
);
check(
  'folded, a key',
  inLines(lines),
  { kind: 'rename', path: at('config', 'type'), key: 'kind' },
  inLines(lines.replace('type', 'kind')),
);
check(
  'folded, a line that goes',
  inLines(lines),
  { kind: 'remove', path: at('config', 'type') },
  inLines(lines.replace('"type": "x",\n  ', '')),
);
check(
  'folded, the last line of an object',
  inLines(lines),
  { kind: 'remove', path: at('config', 'ip', 'mtu') },
  inLines(lines.replace(',\n    "mtu": 1', '')),
);
check(
  'folded, a key that is added',
  inLines(lines),
  { kind: 'add', path: at('config', 'ip', 'on'), value: [true] },
  inLines(lines.replace('1\n', '1, "on": [true]\n')),
);
check(
  'folded, with line ends of Windows',
  inLines(lines).replaceAll('\n', '\r\n'),
  { kind: 'replace', path: at('config', 'type'), value: 'z' },
  inLines(lines.replace('"x"', '"z"')).replaceAll('\n', '\r\n'),
);
check(
  'folded, with empty lines',
  inLines(lines.replace(',\n', ',\n\n')),
  { kind: 'replace', path: at('config', 'ip', 'mtu'), value: 2 },
  inLines(lines.replace(',\n', ',\n\n').replace('1', '2')),
);
check(
  'folded between double quotes',
  inLines(lines.replaceAll('"', '\\"'), '"', '"'),
  [
    { kind: 'remove', path: at('config', 'type') },
    { kind: 'replace', path: at('config', 'ip', 'gateway'), value: 'z' },
  ],
  inLines(lines.replace('"type": "x",\n  ', '').replace('"y"', '"z"').replaceAll('"', '\\"'), '"', '"'),
);
check(
  'between double quotes, with line ends that are written out',
  `config: ${JSON.stringify(lines)}\n`,
  { kind: 'add', path: at('config', 'on'), value: 1 },
  `config: ${JSON.stringify(lines.replace(/\n\}$/, ',\n  "on": 1\n}'))}\n`,
);
check(
  'in a folded block',
  `config: >-\n  ${lines.replaceAll('\n', '\n  ')}\nb: 1\n`,
  { kind: 'replace', path: at('config', 'ip', 'mtu'), value: 2 },
  `config: >-\n  ${lines.replaceAll('\n', '\n  ').replace('1', '2')}\nb: 1\n`,
);
check(
  'in a block with line ends of Windows',
  `config: |\n  ${lines.replaceAll('\n', '\n  ')}\nb: 1\n`.replaceAll('\n', '\r\n'),
  { kind: 'add', path: at('config', 'on'), value: 1 },
  `config: |\n  ${lines.replace(/\n\}$/, ',\n  "on": 1\n}').replaceAll('\n', '\n  ')}\nb: 1\n`.replaceAll(
    '\n',
    '\r\n',
  ),
);
check(
  'folded, beside it and within',
  inLines(lines),
  [
    { kind: 'replace', path: at('b'), value: 2 },
    { kind: 'replace', path: at('config', 'type'), value: 'z' },
  ],
  inLines(lines.replace('"x"', '"z"')).replace('b: 1', 'b: 2'),
);
check(
  'folded, beside a template',
  inLines(lines.replace('"y"', '"{{ y }}"')),
  { kind: 'replace', path: at('config', 'type'), value: 'z' },
  inLines(lines.replace('"y"', '"{{ y }}"').replace('"x"', '"z"')),
);
check(
  'a string that cannot hold it in its lines',
  inLines(lines),
  { kind: 'replace', path: at('config', 'type'), value: 'a\u0000' },
  inLines(lines.replace('"x"', '"a\\u0000"')),
);
check(
  'a string with an anchor',
  `${inLines(lines, "&x '")}c: *x\n`,
  { kind: 'replace', path: at('config', 'type'), value: 'z' },
  undefined,
);

for (const [style, config] of Object.entries({
  literal: `|\n  ${lines.replaceAll('\n', '\n  ')}`,
  folded: `'${lines.replaceAll('\n', '\n  ')}'`,
})) {
  test(`an edit within a string is no longer than what it changes, ${style}`, () => {
    const text = `config: ${config}\n`;
    const made = toTextEdits(parseSlice(text), [
      { kind: 'replace', path: at('config', 'ip', 'mtu'), value: 2 },
    ]);
    const start = text.indexOf('1');
    expect(made).toEqual([{ span: { start, end: start + 1 }, newText: '2' }]);
  });
}

// Rename.
check('a key', 'gatway: 1\n', { kind: 'rename', path: at('gatway'), key: 'gateway' }, 'gateway: 1\n');
check('a quoted key', '"a": 1\n', { kind: 'rename', path: at('a'), key: 'b' }, '"b": 1\n');
check('a key that needs quotes', 'a: 1\n', { kind: 'rename', path: at('a'), key: 'on' }, '"on": 1\n');

// Remove.
check('a line', 'a: 1\nb: 2 # c\nc: 3\n', { kind: 'remove', path: at('b') }, 'a: 1\nc: 3\n');
check(
  'comments above stay',
  'a: 1\n# c\nb: 2\nc: 3\n',
  { kind: 'remove', path: at('b') },
  'a: 1\n# c\nc: 3\n',
);
check(
  'several lines',
  'a:\n  - b:\n      - c: |\n          x\n\n  - d\n',
  { kind: 'remove', path: at('a', 0) },
  'a:\n\n  - d\n',
);
check('the last, without a line end', 'a: 1\nb: 2', { kind: 'remove', path: at('b') }, 'a: 1\n');
check(
  'line ends of Windows',
  'a: 1\r\nb: 2\r\nc: 3\r\n',
  { kind: 'remove', path: at('b') },
  'a: 1\r\nc: 3\r\n',
);
check(
  'the first key behind a dash',
  'a:\n  - b: 1 # c\n    # d\n    c: 2\n',
  { kind: 'remove', path: at('a', 0, 'b') },
  'a:\n  - # d\n    c: 2\n',
);
check('the only key', 'a: # c\n  b: 1\nc: 2\n', { kind: 'remove', path: at('a', 'b') }, 'a: {} # c\nc: 2\n');
check('the only entry', 'a:\n- 1\nc: 2\n', { kind: 'remove', path: at('a', 0) }, 'a: []\nc: 2\n');
check(
  'the only key behind a dash',
  'a:\n  - b: 1\n',
  { kind: 'remove', path: at('a', 0, 'b') },
  'a:\n  - {}\n',
);
check('the only key of all', 'a: 1\n', { kind: 'remove', path: at('a') }, '{}\n');
check('in flow, the first', '{a: 1, b: 2}', { kind: 'remove', path: at('a') }, '{b: 2}');
check('in flow, the last', '{a: 1, b: 2 }', { kind: 'remove', path: at('b') }, '{a: 1 }');
check('in flow, the only one', '[ 1 ]', { kind: 'remove', path: at(0) }, '[]');
check(
  'in JSON, the last line',
  '{\n  "a": 1,\n  "b": [\n    2\n  ]\n}\n',
  { kind: 'remove', path: at('b') },
  '{\n  "a": 1\n}\n',
);
check(
  'in JSON, the first line',
  '{\n  "a": 1,\n  "b": 2\n}\n',
  { kind: 'remove', path: at('a') },
  '{\n  "b": 2\n}\n',
);
check(
  'in flow, beside comments',
  '[\n  1, # c\n  2 # d\n]\n',
  { kind: 'remove', path: at(1) },
  '[\n  1 # c\n]\n',
);
check(
  'two of a list',
  'a:\n  - 1\n  - 2\n  - 3\n',
  [
    { kind: 'remove', path: at('a', 0) },
    { kind: 'remove', path: at('a', 2) },
  ],
  'a:\n  - 2\n',
);
check(
  'all of a list',
  'a:\n  - 1\n  - 2\n',
  [
    { kind: 'remove', path: at('a', 0) },
    { kind: 'remove', path: at('a', 1) },
  ],
  'a: []\n',
);

// Add.
check(
  'a key',
  'a:\n  b: 1 # c\n  # d\ne: 2\n',
  { kind: 'add', path: at('a', 'x'), value: 'TCP' },
  'a:\n  b: 1 # c\n  x: TCP\n  # d\ne: 2\n',
);
check(
  'behind a dash',
  'a:\n  - b: 1\n',
  { kind: 'add', path: at('a', 0, 'c'), value: 2 },
  'a:\n  - b: 1\n    c: 2\n',
);
check('without a line end', 'a: 1', { kind: 'add', path: at('b'), value: 2 }, 'a: 1\nb: 2');
check(
  'after text of several lines',
  'a: |\n  x\n\nb: 1\n',
  { kind: 'remove', path: at('b') },
  'a: |\n  x\n\n',
);
check(
  'below text of several lines',
  'a: |\n  x\n\n',
  { kind: 'add', path: at('b'), value: 2 },
  'a: |\n  x\nb: 2\n\n',
);
check(
  'below text that keeps its blank lines',
  'a: |+\n  x\n\n',
  { kind: 'add', path: at('b'), value: 2 },
  'a: |+\n  x\n\nb: 2\n',
);
check(
  'below an empty key',
  'spec: # c\nb: 1\n',
  { kind: 'add', path: at('spec', 'x'), value: 1 },
  'spec: # c\n  x: 1\nb: 1\n',
);
check(
  'below a null',
  'a:\n    spec: null\n',
  { kind: 'add', path: at('a', 'spec', 'x'), value: 1 },
  'a:\n    spec:\n        x: 1\n',
);
check(
  'an object',
  'a: 1\r\n',
  { kind: 'add', path: at('b'), value: { c: ['yes'] } },
  'a: 1\r\nb:\r\n  c:\r\n    - "yes"\r\n',
);
check(
  'an entry at the end of a list',
  'a:\n  - b: 1\n    c: 2 # c\n\nd: 1\n',
  { kind: 'add', path: at('a', 1), value: { b: 'yes', c: 3 } },
  'a:\n  - b: 1\n    c: 2 # c\n  - b: "yes"\n    c: 3\n\nd: 1\n',
);
check(
  'an entry of a list that is not indented',
  'a:\n- 1\nd: 1\n',
  { kind: 'add', path: at('a', 1), value: 2 },
  'a:\n- 1\n- 2\nd: 1\n',
);
check('an entry in flow', 'a: [1]\n', { kind: 'add', path: at('a', 1), value: { b: 1 } }, 'a: [1, {b: 1}]\n');
check(
  'the first entry',
  '{"a": []}\n',
  { kind: 'add', path: at('a', 0), value: { b: 1 } },
  '{"a": [{"b": 1}]}\n',
);
check('no entry beyond the end', 'a:\n  - 1\n', { kind: 'add', path: at('a', 2), value: 2 }, undefined);
check('into flow', 'a: {b: 1}\n', { kind: 'add', path: at('a', 'c'), value: [1] }, 'a: {b: 1, c: [1]}\n');
check('into nothing', 'a: {}\n', { kind: 'add', path: at('a', 'c'), value: '010' }, 'a: {c: "010"}\n');
check(
  'into JSON',
  '{\n  "a": 1\n}\n',
  { kind: 'add', path: at('b'), value: { c: 'x' } },
  '{\n  "a": 1,\n  "b": {"c": "x"}\n}\n',
);
check(
  'two keys',
  'a: 1\n',
  [
    { kind: 'add', path: at('b'), value: 2 },
    { kind: 'add', path: at('c'), value: 3 },
  ],
  'a: 1\nb: 2\nc: 3\n',
);
check(
  'a key for another',
  'a:\n  b: 1\n',
  [
    { kind: 'remove', path: at('a', 'b') },
    { kind: 'add', path: at('a', 'c'), value: 3 },
  ],
  'a:\n  c: 3\n',
);

// What cannot be done.
check('broken YAML', 'a: [\n', { kind: 'remove', path: at('a') }, undefined);
check('what is not there', 'a: 1\n', { kind: 'remove', path: at('b') }, undefined);
check('behind an alias', 'a: &x {b: 1}\nc: *x\n', { kind: 'remove', path: at('c', 'b') }, undefined);
check('an anchor that is in use', 'a: &x 1\nc: *x\n', { kind: 'remove', path: at('a') }, undefined);
check('a value with an anchor', 'a: &x 1\nc: *x\n', { kind: 'replace', path: at('a'), value: 2 }, undefined);
check('an alias itself', 'a: &x 1\nc: *x\n', { kind: 'replace', path: at('c'), value: 2 }, 'a: &x 1\nc: 2\n');
check(
  'a key that is merged in',
  'a: &x {b: 1}\nc: {<<: *x}\n',
  { kind: 'remove', path: at('c', 'b') },
  undefined,
);
check('a template', 'a: {{ x }}\nb: 1\n', { kind: 'replace', path: at('a'), value: 2 }, undefined);
check(
  'beside a template',
  'a: {{ x }}\nb: 1\n',
  { kind: 'replace', path: at('b'), value: 2 },
  'a: {{ x }}\nb: 2\n',
);

const scalar = fc.oneof(
  fc.integer({ min: -9, max: 99 }),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(
    '',
    'TCP',
    'yes',
    '010',
    '1:30',
    'a: b',
    '# x',
    '- a',
    "it's",
    '"q"',
    '192.168.12.99/24',
    'fd12::1',
    '*a',
    '1_000',
    '2026-01-31',
    ' x',
    'é',
    '0o10',
    '.5',
    '...',
    '---',
  ),
  fc.string({ maxLength: 4 }),
);
const { value: anyValue } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'ip', 'on', '010', 'a b', 'x-y'), tie('value'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  ),
}));
const root = fc.dictionary(fc.constantFrom('spec', 'kind', 'metadata', 'n'), anyValue, {
  minKeys: 1,
  noNullPrototype: true,
});

/** Chooses, as often as it is asked. */
type Choose = (below: number) => number;
const choices = fc
  .array(fc.nat(1000), { minLength: 40, maxLength: 40 })
  .map((numbers): (() => Choose) => () => {
    let index = 0;
    return (below) => {
      index += 1;
      return (numbers[index % numbers.length] ?? 0) % below;
    };
  });

/** The value as a person could have written it: any style, with comments. */
function written(value: JsonValue, choose: Choose): string {
  const document = new Document(value, { version: '1.1' });
  const isJson = choose(6) === 0;
  visit(document, {
    Node: (_key, node) => {
      if (isCollection(node)) node.flow = isJson || choose(4) === 0;
      if (isScalar(node) && typeof node.value === 'string') {
        const types = [Scalar.PLAIN, Scalar.QUOTE_DOUBLE, Scalar.QUOTE_SINGLE] as const;
        node.type = isJson ? Scalar.QUOTE_DOUBLE : (types[choose(3)] ?? Scalar.PLAIN);
      }
    },
  });
  const text = document.toString({
    lineWidth: 0,
    indent: [2, 4][choose(2)] ?? 2,
    indentSeq: choose(2) === 0,
    flowCollectionPadding: choose(2) === 0,
  });
  const commented = isJson
    ? text
    : text.replace(/\n(?=( *))/g, (_found, indent: string, offset: number) =>
        commentsAfter(indent, offset, choose),
      );
  return choose(3) === 0 ? commented.replaceAll('\n', '\r\n') : commented;
}

/** What stands between two lines. */
function commentsAfter(indent: string, offset: number, choose: Choose): string {
  const trailing = choose(3) === 0 ? ` # t${offset}.` : '';
  return `${trailing}\n${choose(4) === 0 ? `${indent}# o${offset}.\n` : ''}`;
}

function pathsIn(value: JsonValue, path: Path = []): readonly Path[] {
  const inner: readonly [string | number, JsonValue][] = Array.isArray(value)
    ? value.map((one, index): [number, JsonValue] => [index, one])
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
      : [];
  return [
    ...inner.map(([step]) => [...path, step]),
    ...inner.flatMap(([step, one]) => pathsIn(one, [...path, step])),
  ];
}

function valueOf(value: JsonValue, path: Path): unknown {
  return path.reduce<unknown>((one, step) => Object(one)[step], value);
}

function editOf(value: JsonValue, choose: Choose, put: JsonValue): ValueEdit | undefined {
  const paths = pathsIn(value);
  const path = paths[choose(paths.length)] ?? [];
  const found = valueOf(value, path);
  const isObject = typeof found === 'object' && found !== null;
  switch (choose(4)) {
    case 0:
      return isObject || typeof put === 'object' ? undefined : { kind: 'replace', path, value: put };
    case 1:
      if (Array.isArray(found)) return { kind: 'add', path: [...path, found.length], value: put };
      return found !== null && !isObject ? undefined : { kind: 'add', path: [...path, 'added'], value: put };
    case 2:
      return { kind: 'remove', path };
    default:
      return typeof path.at(-1) === 'number' ? undefined : { kind: 'rename', path, key: 'renamed' };
  }
}

test('the text reads as the value changed, and comments stay', () => {
  let done = 0;
  fc.assert(
    fc.property(root, anyValue, choices, (value, put, chooser) => {
      // A template expression is nothing that could be written, or written over.
      fc.pre(!JSON.stringify([value, put]).includes('{{'));
      const choose = chooser();
      const text = written(value, choose);
      const parsed = parseSlice(text);
      fc.pre(parsed.faults.length === 0 && JSON.stringify(parsed.value) === JSON.stringify(value));
      const edit = editOf(value, choose, put);
      fc.pre(edit !== undefined);
      const edits = toTextEdits(parsed, [edit]);
      if (edits === undefined) throw new Error(`Cannot ${JSON.stringify(edit)} in ${JSON.stringify(text)}`);
      const after = applyEdits(text, edits);
      expect(parseSlice(after).value).toEqual(changedValue(value, [edit]));
      const comments = edit.kind === 'remove' ? [] : [...text.matchAll(/# [ot][0-9]+\./g)];
      expect(comments.filter(([comment]) => !after.includes(comment))).toEqual([]);
      if (text.includes('\r\n')) expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      done += 1;
    }),
    { numRuns: 200 },
  );
  expect(done).toBeGreaterThan(60);
});

test('for the fixes of one request the marks of a text are read once', () => {
  const read: string[] = [];
  const readMarks = marksReadOnce((masked) => {
    read.push(masked);
    return parseWithMarks(masked);
  });
  const text = 'a: 1\nb: 2\nc: 3\n';
  const parsed = parseSlice(text);
  const made = ['a', 'b', 'c'].map((key) =>
    toTextEdits(parsed, [{ kind: 'remove', path: [key] }], readMarks),
  );
  expect(made.map((edits) => applyEdits(text, edits ?? []))).toEqual([
    'b: 2\nc: 3\n',
    'a: 1\nc: 3\n',
    'a: 1\nb: 2\n',
  ]);
  expect(read).toEqual([text]);
});
