import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { diagnosticCodes } from '#language/features/checks/diagnostic.ts';

const folder = new URL('../../docs/diagnostics/', import.meta.url);

test('every code has its page, and every page its code', () => {
  const pages = readdirSync(folder).filter((name) => name !== 'README.md');
  expect(pages.toSorted()).toEqual(diagnosticCodes.map((code) => `${code}.md`).toSorted());
});

test('the list of pages has every code, with the title of its page', () => {
  const index = readFileSync(new URL('README.md', folder), 'utf8');
  const listed = [...index.matchAll(/^\| \[(.+)\]\(\1\.md\) \| \S/gm)].map((match) => match[1]);
  expect(listed).toEqual(diagnosticCodes.toSorted());
});

for (const code of diagnosticCodes) {
  test(`the page of ${code} says what, why and what to do, with an example`, () => {
    const text = readFileSync(new URL(`${code}.md`, folder), 'utf8');
    expect(text).toMatch(/^# .+\n\n`([a-z0-9.-]+)`\n\n\S/);
    expect(/^`(.+)`$/m.exec(text)?.[1]).toBe(code);
    expect([...text.matchAll(/^## (.+)$/gm)].map((match) => match[1])).toEqual([
      'Why it matters',
      'What to do',
      'Example',
    ]);
    const right = /```yaml\n# wrong\n[\s\S]+\n\n# right\n([\s\S]+)```\n$/.exec(text)?.[1] ?? '';
    expect(right).not.toBe('');
    for (const document of parseAllDocuments(right)) expect(document.errors).toEqual([]);
  });
}
