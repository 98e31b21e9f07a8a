import { expect, test } from 'vitest';
import { applyDefaults } from '#core/schema/defaults.ts';
import type { JsonSchema } from '#core/schema/json-schema.ts';
import { compileSchema, validate } from '#core/schema/validate.ts';

function check(schema: JsonSchema, value: unknown, ...expected: string[]): void {
  expect(validate(schema, value).map(({ code, path }) => [code, ...path].join(' '))).toEqual(expected);
}

test('types', () => {
  check({ type: 'integer' }, 1);
  check({ type: 'integer' }, 1.5, 'wrong-type');
  check({ type: 'string' }, null, 'wrong-type');
  check({ type: 'string', nullable: true }, null);
  check({ type: 'object' }, [], 'wrong-type');
  check({ type: 'array', items: { type: 'boolean' } }, [true, 'no'], 'wrong-type 1');
  check({ 'x-kubernetes-int-or-string': true }, '80%');
  check({ 'x-kubernetes-int-or-string': true }, 0.5, 'wrong-type');
});

test('bounds', () => {
  check({ minimum: 1, maximum: 2 }, 3, 'out-of-range');
  check({ minLength: 1 }, '', 'wrong-length');
  check({ maxLength: 1 }, '🜨');
  check({ maxItems: 1 }, [1, 2], 'wrong-length');
  check({ pattern: '^a' }, 'b', 'pattern-mismatch');
  check({ enum: [{ a: 1 }] }, { a: 1 });
  check({ enum: ['a'] }, 'b', 'not-in-enum');
});

test('objects', () => {
  check({ required: ['a'] }, {}, 'missing-field');
  check(
    { properties: { a: { type: 'string' } }, additionalProperties: false },
    { a: 1, b: 1 },
    'wrong-type a',
    'unknown-field b',
  );
  check({ additionalProperties: { type: 'string' } }, { a: 1 }, 'wrong-type a');
  check(
    { properties: {}, additionalProperties: false },
    JSON.parse('{"__proto__": 1}'),
    'unknown-field __proto__',
  );
});

test('variants', () => {
  check({ anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] }, 'x', 'wrong-format');
  check({ oneOf: [{ required: ['a'] }] }, {}, 'missing-field');
  check({ oneOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: 1, b: 1 }, 'no-variant');
  check({ anyOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: 1, b: 1 });
  check({ not: { required: ['a'] } }, { a: 1 }, 'no-variant');
  check({ allOf: [{ minimum: 2 }, { maximum: 0 }] }, 1, 'out-of-range', 'out-of-range');
});

test('dates', () => {
  check({ format: 'date-time' }, '2026-01-31T12:00:00Z');
  check({ format: 'date-time' }, '2026-01-31 12:00', 'wrong-format');
});

test('defaults go in where a key is absent, and are completed by those below', () => {
  const schema: JsonSchema = {
    properties: {
      mode: { default: 'Redirect' },
      net: { default: {}, properties: { macvlan: { default: { mode: 'Bridge' } } } },
      list: { items: { properties: { n: { default: 1 } } } },
    },
  };
  expect(applyDefaults(schema, { list: [{}, { n: 2 }] })).toEqual({
    mode: 'Redirect',
    net: { macvlan: { mode: 'Bridge' } },
    list: [{ n: 1 }, { n: 2 }],
  });
  expect(applyDefaults(schema, { mode: null })).toEqual({
    mode: 'Redirect',
    net: { macvlan: { mode: 'Bridge' } },
  });
  expect(applyDefaults(schema, 'text')).toBe('text');
});

test('a compiled schema keeps nothing of a value', () => {
  const validator = compileSchema({
    anyOf: [{ type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] }, { type: 'string' }],
    properties: { b: { enum: [1] } },
  });
  const codes = (value: unknown) =>
    validator(value, ['x']).map(({ code, path }) => [code, ...path].join(' '));
  for (let round = 0; round < 2; round += 1) {
    expect(codes({ a: 'no', b: 2 })).toEqual(['not-in-enum x b', 'no-variant x']);
    expect(codes({ a: 1, b: 1 })).toEqual([]);
    expect(codes('text')).toEqual([]);
  }
});
