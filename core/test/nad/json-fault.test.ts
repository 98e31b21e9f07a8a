import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findJsonFault, repairJson } from '#core/nad/json-fault.ts';

/** « and » stand around what is marked; `repaired` is the text after all repairs. */
function check(marked: string, message: string, repaired?: string): void {
  test(marked, () => {
    const text = marked.replace(/[«»]/g, '');
    const fault = findJsonFault(text);
    const found =
      fault && `${text.slice(0, fault.start)}«${text.slice(fault.start, fault.end)}»${text.slice(fault.end)}`;
    expect(found).toBe(marked);
    expect(fault?.message).toContain(message);
    expect(repairJson(text)).toBe(repaired);
  });
}

check('{"a": 1«,»}', 'no comma before }', '{"a": 1}');
check('["a"«,»\n]', 'no comma before ]', '["a"\n]');
check('{"a": 1 «"»b": 2}', 'A comma is missing', '{"a": 1, "b": 2}');
check('["a" «"»b"]', 'A comma is missing', '["a", "b"]');
check("{«'a'»: 'b'}", 'double quotes', '{"a": "b"}');
check('{«a»: 1, b: 2}', 'Put the key between double quotes', '{"a": 1, "b": 2}');
check('{"a": «Bridge»}', 'put text between double quotes');
check('{"a" «1»}', 'A colon is due');
check('{"a": «}»', 'No value of JSON begins like this');
check('«{»"a": 1', 'never closed: add }');
check('{"a": «"»x}', 'add ".');
check('{"a": "«\\x»"}', 'escape');
check('{"a": 1} «}»', 'has ended before this');
check('{«1»}', 'A key between double quotes');
check('{ «//» why\n "a": 1}', 'no comments');
check('[«//» why\n 1]', 'no comments');
check('{"a": «08080»}', 'No value of JSON begins like this');
check('{"a":«:» 1}', 'No value of JSON begins like this');

test('a fault is told where there is one, and only there', () => {
  const isJson = (text: string): boolean => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      // What the parser of the language takes is JSON, and nothing else.
      return false;
    }
  };
  const rough = fc.string({
    unit: fc.constantFrom(...'{}[],:"\\\'-+.01eu/# \n\ttrue'.split(''), 'null', '\0'),
  });
  fc.assert(
    fc.property(fc.oneof(rough, fc.json()), (text) => {
      const fault = findJsonFault(text);
      expect(fault === undefined).toBe(isJson(text));
      if (fault !== undefined) {
        expect(fault.start).toBeLessThanOrEqual(fault.end);
        expect(fault.end).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 2000 },
  );
  expect(findJsonFault('['.repeat(100_000))?.message).toContain('too deep');
});
