import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readYamlFile, type YamlFile } from '#language/document.ts';
import { completionsAt } from '#language/features/completion/completion.ts';
import { foldsOf } from '#language/features/folding.ts';
import { hintsIn } from '#language/features/hints.ts';
import { hoverAt } from '#language/features/hover/hover.ts';
import { lensesOf } from '#language/features/lenses.ts';
import { definitionsAt, referencesAt } from '#language/features/navigation/definition.ts';
import { highlightsAt } from '#language/features/navigation/highlights.ts';
import { linksOf } from '#language/features/navigation/links.ts';
import { renameAt } from '#language/features/navigation/rename.ts';
import { selectionsAt } from '#language/features/selection.ts';
import { symbolsOf } from '#language/features/symbols.ts';
import type { Span } from '#language/text/span.ts';
import { roughText, router } from './cursor.ts';

const base = { hover: () => Promise.resolve(undefined), format: () => Promise.resolve(undefined) };

/** All that the features say of a text, at one place of it. */
async function spansOf(file: YamlFile, offset: number): Promise<readonly Span[]> {
  const at = { uri: 'file:///a.yaml', file };
  const hover = await hoverAt(file, offset, base);
  const renaming = renameAt([at], at, offset, 'another');
  return [
    ...completionsAt(file, offset).map(({ span }) => span),
    ...(hover === undefined ? [] : [hover.span]),
    ...definitionsAt([at], at, offset).map(({ span }) => span),
    ...referencesAt([at], at, offset, { withDefinition: true }).map(({ span }) => span),
    ...highlightsAt(at, offset),
    ...hintsIn(file, { start: 0, end: file.text.length }).map((hint) => ({
      start: hint.offset,
      end: hint.offset,
    })),
    ...lensesOf(file).map(({ span }) => span),
    ...linksOf([at], at).map(({ span }) => span),
    ...(renaming.kind === 'edits' ? [...renaming.edits.values()].flat().map(({ span }) => span) : []),
    ...selectionsAt(file, offset),
    ...symbolsOf(file).flatMap(({ span, selection }) => [span, selection]),
  ];
}

test('whatever a text is, every feature answers with places in it', async () => {
  const start = fc.nat(router.length);
  const text = fc.tuple(start, fc.nat(40), roughText, fc.boolean()).map(([from, length, rough, isTwice]) => {
    const changed = router.slice(0, from) + rough + router.slice(from + length);
    return isTwice ? `${changed}---\n${router}` : changed;
  });
  await fc.assert(
    fc.asyncProperty(text, fc.nat(), async (source, at) => {
      const file = readYamlFile(source);
      for (const { start: from, end } of await spansOf(file, at % (source.length + 1))) {
        expect(from).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThanOrEqual(from);
        expect(end).toBeLessThanOrEqual(source.length);
      }
      const lines = source.split(/\r\n?|\n/).length;
      for (const { startLine, endLine } of foldsOf(file)) {
        expect(endLine).toBeGreaterThan(startLine);
        expect(endLine).toBeLessThan(lines);
      }
    }),
    { numRuns: 300 },
  );
});

test('what completion writes makes no broken YAML of a sound manifest', () => {
  const places = [...router.matchAll(/\n/g)].map(({ index }) => index + 1);
  for (const at of places) {
    const indent = /^ */.exec(router.slice(at))?.[0] ?? '';
    const source = `${router.slice(0, at)}${indent}\n${router.slice(at)}`;
    for (const { snippet, span, label } of completionsAt(readYamlFile(source), at + indent.length)) {
      // As an editor does: each line gets the blanks that the first one begins with.
      const plain = snippet
        .replace(/\$\{\d+:([^}]*)\}/g, '$1')
        .replace(/\$\{\d+\|([^,|]*)[^}]*\}/g, '$1')
        .replaceAll('\n', `\n${indent}`);
      const written = source.slice(0, span.start) + plain + source.slice(span.end);
      const found = readYamlFile(written).slices.flatMap(({ content }) => content?.diagnostics ?? []);
      expect(
        found.filter(
          ({ code }) => code === 'yaml-syntax' || code === 'unknown-field' || code === 'duplicate-key',
        ),
        `${label} in\n${written}`,
      ).toEqual([]);
    }
  }
});
