import { expect, test } from 'vitest';
import type { Fix } from '#core/problem.ts';
import type { JsonSchema } from '#core/schema/json-schema.ts';
import { validate } from '#core/schema/validate.ts';

/** The fixes of the one fault of the value, each as `title: edits`, with `safe` before what is. */
function check(schema: JsonSchema, value: unknown, ...expected: string[]): void {
  const problems = validate(schema, value, ['at']);
  expect(problems).toHaveLength(1);
  expect((problems[0]?.fixes ?? []).map(textOf)).toEqual(expected);
}

function textOf({ title, edits, isSafe }: Fix): string {
  const text = edits.map((edit) => {
    const what = 'value' in edit ? ` ${JSON.stringify(edit.value)}` : 'key' in edit ? ` ${edit.key}` : '';
    return `${edit.kind} ${edit.path.join('.')}${what}`;
  });
  return `${isSafe === true ? 'safe ' : ''}${title}: ${text.join(', ')}`;
}

test('a string that holds exactly the number or the word that is wanted', () => {
  check({ type: 'integer' }, '8080', 'safe Write 8080 without quotes: replace at 8080');
  check({ type: 'integer' }, '08080');
  check({ type: 'integer' }, '8080 ');
  check({ type: 'integer' }, '8080.5');
  check({ type: 'number' }, '0.5', 'safe Write 0.5 without quotes: replace at 0.5');
  check({ type: 'boolean' }, 'true', 'safe Write true without quotes: replace at true');
  check({ type: 'boolean' }, 'yes');
});

test('a number where a string is wanted', () => {
  check({ type: 'string' }, 1, 'Write 1 in quotes: replace at "1"');
  check({ type: 'string' }, true, 'Write true in quotes: replace at "true"');
  check({ type: 'string' }, []);
});

test('an empty value that has a default', () => {
  check({ type: 'string', default: 'Redirect' }, null, 'Use Redirect: replace at "Redirect"');
  check({ type: 'string', const: 'v1' }, null, 'Use v1: replace at "v1"');
  check({ type: 'string' }, null);
  check({ type: 'object', default: {} }, null);
});

test('a word that is near one of those allowed', () => {
  const modes = ['Bridge', 'Private', 'VEPA'];
  check({ enum: modes }, 'bridge', 'safe Use Bridge: replace at "Bridge"');
  check({ enum: modes }, ' vepa', 'safe Use VEPA: replace at "VEPA"');
  check({ enum: modes }, 'Brige', 'Use Bridge: replace at "Bridge"');
  check({ enum: modes }, 'ipvlan');
  check({ const: 'v1' }, 'anything', 'Use v1: replace at "v1"');
});

test('a missing field that can have one value only', () => {
  const properties = {
    mode: { default: 'Bridge' },
    kind: { const: 'Pod' },
    name: {},
    net: { default: { a: 1 } },
  };
  check({ required: ['mode'], properties }, {}, 'safe Add mode: Bridge: add at.mode "Bridge"');
  check({ required: ['kind'], properties }, {}, 'safe Add kind: Pod: add at.kind "Pod"');
  check({ required: ['net'], properties }, {}, 'safe Add "net" with its default: add at.net {"a":1}');
  check({ required: ['name'], properties }, {});
  check({ required: ['other'], properties }, {});
});

test('an unknown field', () => {
  const schema = { properties: { port: { type: 'integer' }, ip: {} }, additionalProperties: false } as const;
  const remove = (key: string) => `Remove "${key}": remove at.${key}`;
  check(schema, { prot: 1 }, remove('prot'));
  check(schema, { Port: 1 }, 'safe Rename to "port": rename at.Port port', remove('Port'));
  check(schema, { Port: 'x' }, 'Rename to "port": rename at.Port port', remove('Port'));
  check(schema, { ports: 1, port: 1 }, remove('ports'));
  const both = validate(schema, { ports: 1, Port: 1 }).map(({ fixes }) => fixes?.[0]?.isSafe);
  expect(both).toEqual([undefined, undefined]);
});
