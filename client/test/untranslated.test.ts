// Words for people go through `t` or `told`, wherever they stand in the client.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { expect, test } from 'vitest';

const sources = path.join(path.dirname(import.meta.dirname), 'src');

/** Names that are the same in every language, ids, and lines of the log, which is in English. */
const known = [
  '; caused by {}',
  'Egress Router Language Server',
  'Egress Router Sandbox',
  'Egress Router Tools',
  'Lost: {}',
  'Multus',
  'None',
  'Pod',
  'Ready; its network is {}{}.',
  'Remove agent: {} Gone: {}',
  'Service',
  'Services',
  'Tear down: {} Gone: {}',
  'The sandbox has ended: {}.',
  'To be checked: {}',
  'To do: {}',
  '{} more',
];

test('no other text that reads like one stands in the client', () => {
  const found = globSync('**/*.ts', { cwd: sources }).flatMap((file) =>
    wordsIn(readFileSync(path.join(sources, file), 'utf8')),
  );
  expect([...new Set(found)].toSorted()).toEqual(known);
});

test.each([
  ['tell(`${name} is late`)', ['{} is late']],
  ["tell('It is late.')", ['It is late.']],
  ['tell(t`${name} is late`, `${one} · ${two}`)', []],
  ["import a from 'no such words'; log.info(`It is late`); options.log('It is late')", []],
])('in %s', (source, words) => expect(wordsIn(source)).toEqual(words));

function wordsIn(source: string): readonly string[] {
  const { program } = parseSync('source.ts', source);
  const spared: { readonly start: number; readonly end: number }[] = [];
  const texts: { readonly start: number; readonly text: string }[] = [];
  new Visitor({
    ImportDeclaration: (node) => void spared.push(node),
    TaggedTemplateExpression: ({ tag, quasi }) => {
      if (source.slice(tag.start, tag.end) === 't') spared.push({ start: quasi.start, end: quasi.start + 1 });
    },
    CallExpression: ({ callee, start, end }) => {
      if (/log(\.\w+)?$/.test(source.slice(callee.start, callee.end))) spared.push({ start, end });
    },
    Literal: ({ start, value }) => {
      if (typeof value === 'string') texts.push({ start, text: value });
    },
    TemplateLiteral: ({ start, quasis }) => {
      texts.push({ start, text: quasis.map(({ value }) => value.cooked).join('{}') });
    },
  }).visit(program);
  return texts
    .filter(({ start }) => !spared.some((range) => range.start <= start && start < range.end))
    .map(({ text }) => text)
    .filter((text) => /[a-z]{2,}[;:,.]? ([A-Za-z]{2,}|\{\})|\{\} [a-z]{2,}|^[A-Z][a-z]+[:.]?$/.test(text));
}
