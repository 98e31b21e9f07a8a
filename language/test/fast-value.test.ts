import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isCollection, isNode, isPair, isScalar } from 'yaml';
import { falseBlanks } from '#language/features/checks/look-alikes.ts';
import { writtenValues } from '#language/features/checks/yaml-values.ts';
import { toSlices } from '#language/text/slices.ts';
import { fastNodes, fastValue } from '#language/yaml/fast-value.ts';
import { KnownLines } from '#language/yaml/known-lines.ts';
import { parseFully } from '#language/yaml/parsed.ts';
import { roughText, router } from './cursor.ts';

/** Of all the documents before, each of which may have left a line that means something else in another one. */
const knownLines = new KnownLines();

/** Where the fast reader has an answer, it is that of the full parser, which has nothing to find fault with. */
function agrees(text: string): boolean {
  const fast = fastValue(text);
  const nodes = fastNodes(text);
  // Read once more, all of its lines are known.
  for (const lines of [knownLines, knownLines]) expect(fastValue(text, lines)).toEqual(fast);
  if (!text.includes('\r')) expect(nodes?.value).toEqual(fast?.value);
  if (fast === undefined) return false;
  const parsed = parseFully(text);
  const { faults, holes, value } = parsed;
  const yaml = { written: writtenValues(parsed, [{ root: [] }]), blanks: falseBlanks(parsed) };
  expect({ faults, holes, value, ...yaml }, text).toEqual({
    faults: [],
    holes: [],
    value: fast.value,
    written: [],
    blanks: undefined,
  });
  if (nodes !== undefined) expect(told(nodes.contents, text)).toEqual(told(parsed.document.contents, text));
  return true;
}

/** All that is looked at of a node. The full parser lets a block go on to the next thing that is written. */
function told(node: unknown, text: string): unknown {
  if (isPair(node)) return [told(node.key, text), told(node.value, text)];
  if (!isNode(node)) return node;
  const [start, end] = node.range ?? [];
  if (isScalar(node)) {
    const { value, type, source, tag, anchor } = node;
    // A text that was folded over lines has another source; none of those is read fast.
    return { value, type, source: String(source), tag, anchor, start, end };
  }
  if (!isCollection(node)) return node;
  const { flow = false, items, tag, anchor } = node;
  if (!flow) expect(text.slice(lastEnd(node), end).replaceAll(/#.*/g, '').trim()).toBe('');
  return {
    items: items.map((item) => told(item, text)),
    flow,
    tag,
    anchor,
    start,
    end: flow ? end : lastEnd(node),
  };
}

function lastEnd(node: unknown): number {
  if (isPair(node)) return lastEnd(node.value);
  if (isCollection(node) && node.flow !== true) return lastEnd(node.items.at(-1));
  return isNode(node) ? (node.range?.[1] ?? 0) : 0;
}

/** `isRead`: whether the fast reader takes the text at all. */
function check(text: string, isRead: boolean): void {
  test(`${isRead ? 'read' : 'left to the full parser'}: ${JSON.stringify(text.slice(0, 90))}`, () => {
    expect(agrees(text)).toBe(isRead);
  });
}

check(router, true);
check(router.replaceAll('\n', '\r\n'), true);
check(`# comment\n\n---  # begins\n${router}\n# ends\n...\n`, true);
check(JSON.stringify({ a: [1, 'x: y', { b: '{"c": "\\n"}' }], d: {}, e: [], f: null, g: -1 }, null, 2), true);
check(JSON.stringify({ a: [1, 'x', { b: 'c' }] }), true);
check('a: {b: 1, c: [x, "y", \'z\'], ip: fd12::99/64}  # c\nd:\n- 1\n- e: 2\n  f:\n  - g\n', true);
check('a: |\n  x\n    y # no comment\n\n  z\n# comment\nb: |-\n    x\n\nc: 1\n', true);
check("a: it's # c\nb: x#y\nc: a:b\nd: \"#\"\ne: 'it''s'\n", true);
check('- - a\n  - b\n-\n  c: 1\n-\n- d\n', true);
check('a: ~\nb: null\nc:\nd: True\ne: FALSE\nf: nullable\n', true);

for (const value of [
  '010',
  '0o10',
  '0x1f',
  '1_000',
  '1:30',
  '1e3',
  '1.5',
  '+1',
  '.5',
  '.inf',
  '-.INF',
  '.nan',
  '12345678901234567890',
  'yes',
  'No',
  'ON',
  'off',
  'y',
  'N',
  '2026-01-31',
  '2026-01-31T12:00:00Z',
  '&a 1',
  '*a',
  '!!str a',
  '>\n  a',
  '|2\n   a',
  '|+\n  a',
  '|\n\n  a',
  '|\n  a\n   \n  b',
  '|\n  a',
  'a\n  b',
  '"a\n  b"',
  '"\\x41"',
  '"\\',
  "'a' b",
  '"a"#b',
  'a: b',
  '- b',
  '@a',
  '`a`',
  '%a',
  '?',
  '? a',
  '-',
  '{{ .a }}',
  '{a: 1,}',
  '{a}',
  '{a: 1, a: 2}',
  '{a:1}',
  '[a: 1]',
  '[a, # c\n  b]',
  '[\n]',
  '[a\n  b]',
  '[1',
  '\t1',
  'a\u00a0b',
  '\ud83d\ude00',
]) {
  check(`a: ${value}`, false);
}
for (const text of [
  '',
  '# nothing\n',
  '---\n',
  '%YAML 1.2\n---\na: 1\n',
  '--- a: 1\n',
  'a\n',
  '"a"\n',
  'a: 1\n---\nb: 2\n',
  'a: 1\na: 2\n',
  'a: 1\n  b: 2\n',
  '  a: 1\nb: 2\n',
  'a:\n    b: 1\n  c: 2\n',
  'a: 1\n- b\n',
  'a:\n  b\n',
  '8080: a\n',
  'true: a\n',
  'null: a\n',
  '<<: {a: 1}\n',
  '"<<": {a: 1}\n',
  '__proto__: 1\n',
  'a : 1\n',
  '{a: 1}: b\n',
  '{\n"a": 1\n}\nb: 1\n',
  '{"a": 1}\n{"b": 2}\n',
  'a: 1\n... # c\n',
  'a: 1\n...\nb: 1\n',
  `${'['.repeat(100)}${']'.repeat(100)}`,
  `${'- '.repeat(100)}a\n`,
  `${'a'.repeat(2000)}: 1\n`,
]) {
  check(text, false);
}

test('every sample is read fast', () => {
  const root = new URL('../../', import.meta.url);
  for (const path of globSync('samples/*.yaml', { cwd: root })) {
    for (const { text } of toSlices(readFileSync(new URL(path, root), 'utf8')))
      expect(agrees(text)).toBe(true);
  }
});

const manifest = `# A router
apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: "partner-api"
  labels: {team: web, 'app': a}
spec:
  addresses:
  - ip: fd12::99/64
    gateway: fd12::1

  -   ip: 192.168.12.99/24   # comment
  redirect:
    redirectRules:
      - port: 8080
        protocol: TCP
        destinationIP: 203.0.113.25
      -
        port: 1
    config: |
      { "a": 1 }

      b
    other: '{"x": [1, {"y": "z"}]}'
    flow: [1, [a, "b"],
      {c: d}]
`;
const json = JSON.stringify({ kind: 'List', items: [{ a: 1, b: [null, true, 'x'] }] }, null, 2);
const bits = [
  '\n',
  '\n\n',
  '  ',
  ' ',
  '- ',
  '-',
  ': ',
  ':',
  ' #',
  '# c\n',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ',',
  '|\n',
  '|-',
  '&a ',
  '*a',

  '\\',
  '\\n',
  '...\n',
  '---\n',
  'a: 1\n',
  'a:\n',
  '  b: c\n',
  '?',
  '? ',
  '0',
  '1',
  '-1',
  'null',
  'yes',
  '~',
  '!',
  '%',
  '@',
  '\r\n',

  '  - x\n',
  '- x\n',
  '      y\n',
  '\n    z',
  '<<: ',
  '=',
  '.',
  '+',
  '1:2',
  '_',
  '\u00e9',
  '\u2028',
  '\uFEFF',
  '    \n',
  '{{',
  '}}',
];
const piece = fc.oneof(fc.constantFrom(...bits), fc.string({ maxLength: 3 }));
const edits = fc.array(fc.tuple(fc.nat(), fc.nat(6), piece), { maxLength: 3 });
const damaged = fc
  .tuple(fc.constantFrom(manifest, router, json, manifest.slice(300), router.replaceAll('\n', '\r\n')), edits)
  .map(([text, all]) =>
    all.reduce((before, [at, length, put]) => {
      const place = at % (before.length + 1);
      return before.slice(0, place) + put + before.slice(place + length);
    }, text),
  );
/** Lines put together as they come, of which some make sense. */
const assembled = fc
  .array(
    fc.tuple(fc.constantFrom('', '', ' ', '  ', '  ', '    ', '   '), fc.array(piece, { maxLength: 5 })),
    { maxLength: 8 },
  )
  .map((lines) => lines.map(([indent, parts]) => indent + parts.join('')).join('\n'));

test('what is read fast is read as the full parser reads it', () => {
  let read = 0;
  fc.assert(
    fc.property(fc.oneof({ weight: 3, arbitrary: damaged }, assembled, roughText), (text) => {
      if (agrees(text)) read += 1;
    }),
    { numRuns: 1500 },
  );
  expect(read).toBeGreaterThan(100);
});
