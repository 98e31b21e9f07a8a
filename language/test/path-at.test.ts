import { expect, test } from 'vitest';
import { parseSlice } from '#language/yaml/parsed.ts';
import { pathAt } from '#language/yaml/path-at.ts';
import { cursorIn } from './cursor.ts';

/** `wanted`: kind, path, and the text under the cursor; `~` before the kind where it is yet to be written. */
function check(source: string, wanted: string | undefined): void {
  test(JSON.stringify(source), () => {
    const { text, offset } = cursorIn(source);
    const place = pathAt(parseSlice(text), offset);
    const found = place && `${place.missing ? '~' : ''}${place.kind} ${place.path.join('.')} "${place.text}"`;
    expect(found).toBe(wanted);
    if (place !== undefined) expect(text.slice(place.span.start, place.span.end)).toBe(place.text);
  });
}

// On what is there.
check('a|bc: 1', 'key abc "abc"');
check('abc|: 1', 'key abc "abc"');
check('abc: x|yz', 'value abc "xyz"');
check('abc: xyz|', 'value abc "xyz"');
check('a:\n  - b: 1\n  - c: x|y\n', 'value a.1.c "xy"');
check("a: 'x|y'", 'value a "xy"');
check('{"a": {"b": "x|y"}}', 'value a.b "xy"');
check('{"a": {"b|": 1}}', 'key a.b "b"');
check('a: [x, y|]', 'value a.1 "y"');

// In a value not yet begun.
check('a:|', '~value a ""');
check('a: |', '~value a ""');
check('a: |\nb: 1\n', '~value a ""');
check('s:\n  - ip: |\n    x: 1\n', '~value s.0.ip ""');
check('s:\n  - ip: 1\n    gateway: |\nt: 1\n', '~value s.0.gateway ""');
check('{"a": |}', '~value a ""');
check('{"a": "|"}', 'value a ""');

// On the beginning of a key.
check('|', '~key  ""');
check('a: 1\ng|', '~key g "g"');
check('s:\n  - ip: 1.2.3.4/24\n    gate|\n', '~key s.0.gate "gate"');
check('s:\n  - ip: 1.2.3.4/24\n    gate|\n    x: 1\nt: 2\n', '~key s.0.gate "gate"');
check('s:\n  - ip: 1.2.3.4/24\n    |\n', '~key s.0. ""');
check('s:\n  |\n', '~key s. ""');
check('s:\n  - |\n', '~key s.0. ""');
check('s:\n  - a: 1\n  - |\n', '~key s.1. ""');
check('s:\n  - a: 1\n  - b|\n', '~key s.1.b "b"');
check('s:\n  x: 1\n|', '~key  ""');
check('s:\r\n  x: 1\r\n  y|\r\n', '~key s.y "y"');
check('{"a": 1, |}', '~key  ""');
check('{|}', '~key  ""');
check('s: {|}', '~key s. ""');

// Where nothing can be said.
check('a: 1 # x|y', undefined);
check('# |', undefined);
check('a: {{ .V|alues }}', undefined);
check('a: 1  |', undefined);
check("a: it's # x|y", undefined);
check("a: 'it''s # x|y'", 'value a "it\'\'s # xy"');
check('a: "x # y|"', 'value a "x # y"');
check('{"a":"#|"}', 'value a "#"');

test('a long text with many quotes takes no longer than its length', () => {
  const text = `a: ${JSON.stringify('x "a":'.repeat(20_000))}`;
  const started = performance.now();
  expect(pathAt(parseSlice(text), text.length - 100)?.path).toEqual(['a']);
  expect(performance.now() - started).toBeLessThan(5000);
});
