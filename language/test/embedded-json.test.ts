import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isScalar } from 'yaml';
import type { JsonValue, Path } from '#core/problem.ts';
import { embeddedAt, encode, encodeJson, outward, scalarAt } from '#language/yaml/embedded-json.ts';
import { parseSlice } from '#language/yaml/parsed.ts';
import { pathAt } from '#language/yaml/path-at.ts';
import { readScalarSource, sourceSpan, valueOffset } from '#language/yaml/scalar-source.ts';
import { isWritten, regionOf, spanOf } from '#language/yaml/source-map.ts';
import { cursorIn, roughText } from './cursor.ts';

const path = ['spec', 'config'];

/** How people write a string of JSON in YAML. Undefined where a style cannot hold it. */
const styles: Readonly<Record<string, (json: string) => string | undefined>> = {
  literal: (json) => `|\n${indented(json, '    ')}\n`,
  'literal, indented and clipped': (json) => `|2-\n${indented(json, '    ')}\nx: 1\n`,
  'literal, kept, with CRLF': (json) => `|+\r\n${indented(json, '      ').replaceAll('\n', '\r\n')}\r\n\r\n`,
  'literal with a comment': (json) => `| # {"a": 1}\n\n${indented(json, '   ')}\n`,
  folded: (json) => `>\n${indented(json, '    ')}\n`,
  'folded, clipped': (json) => `>-\n${indented(json.replaceAll('\n', '\n\n'), '    ')}\nx: 1\n`,
  single: (json) => `'${json.replaceAll("'", "''").replaceAll('\n', '\n    ')}'\n`,
  'single with empty lines': (json) =>
    `'${json.replaceAll("'", "''").replaceAll('\n', '  \n  \n    ')}' # c\n`,
  double: (json) => `${JSON.stringify(json)}\n`,
  'double with escapes': (json) => `"${Array.from(json, escaped).join('')}"\n`,
  'double on several lines': (json) => {
    const lines = json.split('\n').map((line) => JSON.stringify(line).slice(1, -1));
    const [last = '', ...others] = lines.toReversed();
    const before = others.toReversed().map((line, index) => line + (index % 2 === 0 ? ' \t' : '\\'));
    return `"${[...before, last].join('\n      ')}"\n`;
  },
};

function indented(text: string, by: string): string {
  return text
    .split('\n')
    .map((line) => by + line)
    .join('\n');
}

function escaped(sign: string, index: number): string {
  const code = sign.codePointAt(0) ?? 0;
  if (index % 3 === 0) return `\\U${code.toString(16).padStart(8, '0')}`;
  if (index % 3 === 1 && code < 256) return `\\x${code.toString(16).padStart(2, '0')}`;
  return JSON.stringify(sign).slice(1, -1);
}

/** Two braces would begin a template. */
const word = fc
  .string({ unit: fc.constantFrom(...'ab 1.:/#\'"\\{}[],-é\u2028'.split(''), '😀', "''") })
  .filter((text) => !text.includes('{{'));
const scalar = fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null));
const plainObject = { noNullPrototype: true, maxKeys: 3 } as const;
const json: fc.Arbitrary<Readonly<Record<string, JsonValue>>> = fc.dictionary(
  word.filter((key) => !['<<', '__proto__'].includes(key)),
  fc.oneof(scalar, fc.array(fc.oneof(scalar, fc.dictionary(word, scalar, plainObject)), { maxLength: 4 })),
  { ...plainObject, maxKeys: 4 },
);

function leavesOf(value: JsonValue, at: Path = []): readonly (readonly [Path, JsonValue])[] {
  if (typeof value !== 'object' || value === null) return [[at, value]];
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(inner, [...at, Array.isArray(value) ? Number(key) : key]),
  );
}

for (const [name, write] of Object.entries(styles)) {
  test(`values of JSON in a string are found where they are written: ${name}`, () => {
    fc.assert(
      fc.property(json, fc.constantFrom(0, 2), (value, width) => {
        const text = JSON.stringify(value, undefined, width);
        const scalarText = write(text);
        const parsed = parseSlice(`a: 1\nspec:\n  config: ${scalarText}`);
        const written = scalarAt(parsed, path);
        expect(JSON.parse(written?.value ?? '')).toEqual(value);
        for (const [inner, leaf] of leavesOf(value)) {
          const { start, end } = spanOf(parsed, { path: [...path, ...inner] });
          const source = parsed.text.slice(start, end);
          // Read as its style reads, the marked text is the value's JSON.
          expect(JSON.parse(decoded(source, name))).toEqual(leaf);
          expect(isWritten(parsed, [...path, ...inner])).toBe(true);
          const region = regionOf(parsed, [...path, ...inner]);
          expect(region.start <= start && end <= region.end).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });
}

function decoded(source: string, style: string): string {
  if (style.startsWith('single')) return source.replaceAll("''", "'");
  if (style.startsWith('double')) return String(parseSlice(`"${source}"`).value);
  return source;
}

test('every stretch of every string is found, and edits of it are read as they were meant', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(styles)),
      json,
      fc.nat(),
      fc.nat(20),
      word,
      (write, value, at, length, put) => {
        const parsed = parseSlice(`spec:\n  config: ${write(JSON.stringify(value, undefined, 2))}`);
        const found = scalarAt(parsed, path);
        if (found === undefined) throw new Error('no scalar');
        const start = at % (found.value.length + 1);
        // No cursor stands within a character.
        if (/[\udc00-\udfff]/.test(found.value.charAt(start))) return;
        const end = Math.min(found.value.length, start + length);
        const span = sourceSpan(found.source, { start, end });
        expect(span.end).toBeGreaterThanOrEqual(span.start);
        const before = valueOffset(found.source, span.start);
        expect(found.value.slice(before, start).trim()).toBe('');
        const newText = encode(found.source, put);
        // Where the edit cuts into one character's escape, or makes a first line of another depth, all is open.
        if (newText === undefined || isDelicate(found.value, start, end) || /^\s|\s$/.test(put)) return;
        const edited = parsed.text.slice(0, span.start) + newText + parsed.text.slice(span.end);
        const wanted = found.value.slice(0, start) + put + found.value.slice(end);
        if (wanted.includes('{{')) return;
        const again = scalarAt(parseSlice(edited), path);
        expect(again?.value).toBe(wanted);
      },
    ),
    { numRuns: 400 },
  );
});

/** Where line breaks or blanks are a part of it, folding is at work. */
function isDelicate(value: string, start: number, end: number): boolean {
  return (
    /[\s\ud800-\udfff\u2028]/.test(value.slice(Math.max(0, start - 1), end + 1)) ||
    start < 2 ||
    end > value.length - 2
  );
}

function checkSpan(title: string, text: string, at: Parameters<typeof spanOf>[1], wanted: string): void {
  test(title, () => {
    const { start, end } = spanOf(parseSlice(text), at);
    expect(text.slice(start, end)).toBe(wanted);
  });
}

const destination = ['spec', 'config', 'ip', 'destinations', 0];
const literal =
  'spec:\n  config: |\n    {"type": "egress-router",\n     "ip": {"destinations": ["80 TCP 1.2.3.4"], "gateway": ""}}\n';
checkSpan('a value', literal, { path: ['spec', 'config', 'type'] }, '"egress-router"');
checkSpan('a key', literal, { path: ['spec', 'config', 'type'], at: 'key' }, '"type"');
checkSpan('an object by its key', literal, { path: ['spec', 'config', 'ip'] }, '"ip"');
checkSpan('an entry', literal, { path: destination }, '"80 TCP 1.2.3.4"');
checkSpan('a part of an entry', literal, { path: destination, within: { start: 3, end: 6 } }, 'TCP');
checkSpan('a value that is not there', literal, { path: ['spec', 'config', 'ip', 'x'] }, '"ip"');
checkSpan('no value of the object', literal, { path: ['spec', 'config', 'x'] }, 'config');
checkSpan('the whole string by its key', literal, { path: ['spec', 'config'] }, 'config');
checkSpan(
  'a part of an escaped string',
  `spec: {config: ${JSON.stringify(JSON.stringify({ ip: { destinations: ['80 "TCP" 1.2.3.4'] } }))}}`,
  { path: destination, within: { start: 3, end: 8 } },
  '\\\\\\"TCP\\\\\\"',
);
checkSpan('what is beyond the string', 'a: text\n', { path: ['a'], within: { start: 2, end: 99 } }, 'xt');
checkSpan('a part of a number', 'a: 123\n', { path: ['a'], within: { start: 0, end: 1 } }, '123');
checkSpan('a string of no JSON', 'a: text\n', { path: ['a', 'b'] }, 'text');
checkSpan('JSON in JSON', `a: '{"b": "{\\"c\\": [1, 22]}"}'\n`, { path: ['a', 'b', 'c', 1] }, '22');
checkSpan('JSON that is broken', `a: '{"b": [1, {"c": "x"'\n`, { path: ['a', 'b', 1, 'c'] }, '"x"');
checkSpan(
  'a line of a text',
  'a: |\n  8080 tcp 1.2.3.4\n  81 tcp 1.2.3.5\n',
  { path: ['a'], within: { start: 17, end: 19 } },
  '81',
);

function checkPlace(source: string, wanted: string | undefined): void {
  test(source, () => {
    const { text, offset } = cursorIn(source);
    const place = pathAt(parseSlice(text), offset);
    const found = place && `${place.missing ? '~' : ''}${place.kind} ${place.path.join('.')} "${place.text}"`;
    expect(found).toBe(wanted);
    expect(place?.embedded === undefined).toBe(wanted === 'value a "text"' || wanted === undefined);
  });
}

checkPlace(`a: '{"b": "x|y"}'`, 'value a.b "xy"');
checkPlace(`a: '{"b|": 1}'`, 'key a.b "b"');
checkPlace(`a: '{"b": 1, |}'`, '~key a. ""');
checkPlace(`a: "{\\"b\\": {\\"c|\\"}}"`, 'key a.b.c "c"');
checkPlace(`a: >-\n  {"b":\n  ["x", |]}\n`, '~value a.b.1 ""');
checkPlace(`a: "{\\"b\\": |}"`, '~value a.b ""');
checkPlace(`a: '{|}'`, '~key a. ""');
checkPlace('a: te|xt', 'value a "text"');

const json2: readonly [style: string, source: string, newText: string, wanted: string][] = [
  ['single', `a: '{"b": 1}'`, '"it\'s"', `a: '{"b": "it''s"}'`],
  ['double', `a: "{\\"b\\": 1}"`, '"x\\n"', `a: "{\\"b\\": \\"x\\\\n\\"}"`],
  ['literal', `a: |\n  {"b": 1}\n`, '[\n  2\n]', `a: |\n  {"b": [\n    2\n  ]}\n`],
  ['folded', `a: >\n  {"b": 1}\n`, '[\n  2\n]', `a: >\n  {"b": [ 2 ]}\n`],
];
for (const [style, source, newText, wanted] of json2) {
  test(`an edit in a string, ${style}`, () => {
    const parsed = parseSlice(source);
    const found = embeddedAt(parsed, ['a', 'b']);
    if (found === undefined) throw new Error('no JSON');
    const span = outward(found.embedded, spanOf(found.embedded.parsed, { path: ['b'] }));
    const encoded = encodeJson(found.embedded.source, newText);
    if (encoded === undefined) throw new Error('it cannot be written there');
    expect(source.slice(0, span.start) + encoded + source.slice(span.end)).toBe(wanted);
  });
}

test('a style that cannot hold a text says so', () => {
  const source = scalarAt(parseSlice('a: plain'), ['a'])?.source;
  if (source === undefined) throw new Error('no scalar');
  expect(encode(source, 'b: c')).toBe(undefined);
  expect(encodeJson(source, '{}')).toBe(undefined);
});

test('no text makes it throw', () => {
  const anyScalar = fc
    .tuple(
      fc.constantFrom('', '"', "'", '|', '|1-', '>', '>2+', '|\n  ', '>\n   ', '"{', "'[", '&a '),
      roughText,
    )
    .map(([start, rest]) => `a: ${start}${rest}`);
  fc.assert(
    fc.property(anyScalar, fc.nat(60), fc.nat(60), (text, start, end) => {
      const parsed = parseSlice(text);
      const span = spanOf(parsed, { path: ['a'], within: { start, end } });
      expect(0 <= span.start && span.start <= span.end && span.end <= text.length).toBe(true);
      spanOf(parsed, { path: ['a', 'b', 0] });
      regionOf(parsed, ['a', 0]);
      pathAt(parsed, Math.min(start, text.length));
      const node = parsed.document.contents;
      if (isScalar(node)) readScalarSource(parsed.masked, node);
    }),
    { numRuns: 400 },
  );
});
