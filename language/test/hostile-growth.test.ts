import { afterAll, expect, test } from 'vitest';
import { readYamlFile } from '#language/document.ts';
import { completionsAt } from '#language/features/completion/completion.ts';
import { type CodeActionsWanted, codeActionsAt } from '#language/features/fixes/code-actions.ts';
import { fixText } from '#language/features/fixes/fix-all.ts';
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
import { migrationsAt } from '#language/migration/migration.ts';
import { Workspace } from '#language/workspace.ts';
import {
  head,
  lines,
  nadHead,
  netConf,
  networkOf,
  quotedRule,
  router,
  routerItem,
  ruleOf,
} from './hostile-parts.ts';
import { WorkCount } from './work.ts';

const work = new WorkCount();
afterAll(() => work.end());

/** By a size: texts that nobody writes, and that a disk may hold. */
const texts: Readonly<Record<string, (size: number) => string>> = {
  'equal rules': (size) => router + lines(size / 2, () => ruleOf(8080, 'TCP')),
  'rules in lower case': (size) => router + lines(size / 2, (index) => ruleOf(index + 1, 'tcp')),
  networks: (size) => `${head}spec:\n  addresses:\n${lines(size, networkOf)}`,
  'words on a line': (size) => `${head}spec: ${'word '.repeat(10 * size)}\n`,
  'blanks before a word': (size) => `${head}${' '.repeat(10 * size)}x\n`,
  'blanks behind a key': (size) => `${head}spec:${' '.repeat(10 * size)}\n  mode: Redirect\n`,
  'a long key': (size) => `${head}${'k'.repeat(20 * size)}: 1\n`,
  'colons on a line': (size) => `${head}spec: ${'a: '.repeat(5 * size)}\n`,
  'brackets on a line': (size) => `${head}spec: ${'['.repeat(5 * size)}\n`,
  'dashes on a line': (size) => `${head}spec:\n  ${'- '.repeat(5 * size)}x\n`,
  tabs: (size) => `${head}spec:\n${'\t'.repeat(5 * size)}x: 1\n`,
  'tabs in brackets': (size) => `${head}spec: {\n${'\t\ta: [b,\n\t],\n'.repeat(size / 4)}}\n`,
  'tabs behind dashes': (size) => `${head}spec:\n${'  -\t a\n   \t b\n'.repeat(size / 4)}`,
  'blank lines': (size) => `${head}${'\n'.repeat(5 * size)}`,
  comments: (size) => `${head}${'# x\n'.repeat(5 * size)}spec:\n  mode: Redirect\n`,
  'destinations in a string': (size) => `${nadHead}  config: '${netConf(lines(size, quotedRule))}"1"'\n`,
  'a List of routers': (size) => `apiVersion: v1\nkind: List\nitems:\n${lines(size / 5, routerItem)}`,
  'documents of one name': (size) => `${router}---\n`.repeat(size / 5),
};

const base = { hover: () => Promise.resolve(undefined), format: () => Promise.resolve(undefined) };

/** All that an editor asks of a text, once it is open. */
function askAll(text: string): void {
  const file = readYamlFile(text);
  const at = { uri: 'file:///a.yaml', file };
  const workspace = new Workspace();
  workspace.setFile(at.uri, file);
  workspace.diagnosticsOf(at.uri);
  const whole = { start: 0, end: text.length };
  foldsOf(file);
  symbolsOf(file);
  lensesOf(file);
  linksOf([at], at);
  hintsIn(file, whole);
  codeActionsAt(file, whole, wanted);
  fixText(file);
  migrationsAt(file, whole);
  for (const offset of [text.indexOf('name: ') + 8, text.length >> 1, text.length]) {
    completionsAt(file, offset);
    void hoverAt(file, offset, base);
    definitionsAt([at], at, offset);
    referencesAt([at], at, offset, { withDefinition: true });
    highlightsAt(at, offset);
    renameAt([at], at, offset, 'other');
    selectionsAt(file, offset);
    codeActionsAt(file, { start: offset, end: offset }, wanted);
  }
}

const wanted: CodeActionsWanted = {
  quickFixes: true,
  fixAll: true,
  lookUps: true,
  lateFixes: false,
  diagnosticsOf: ({ content }) => content?.diagnostics ?? [],
};

/**
 * Twice as long a text takes twice the work, which is counted, not timed. Not here: what is bounded by a thousand
 * findings, and so grows faster up to there; `test/lsp/hostile.test.ts` asks the built server of texts long enough.
 */
test.each(Object.entries(texts))(
  'the work for %s grows as they do',
  { timeout: 60_000 },
  (_title, textOf) => {
    expect(work.growth(textOf, askAll, 100)).toBeLessThan(2.3);
  },
);
