import { expect, test } from 'vitest';
import { readYamlFile } from '#language/document.ts';
import { codeActionsAt } from '#language/features/fixes/code-actions.ts';
import { applyEdits } from '#language/text/text-edit.ts';
import { cursorIn, router } from './cursor.ts';
import { changed } from './rows/changed.ts';

const all = { quickFixes: true, fixAll: true, lookUps: true, lateFixes: false };

/** What is offered at the cursor: its title, and what is known of it. */
function check(
  title: string,
  source: string,
  wanted: readonly string[],
  options: Partial<typeof all> = {},
): void {
  test(title, () => {
    const { text, offset } = cursorIn(source);
    const actions = codeActionsAt(
      readYamlFile(text),
      { start: offset, end: offset },
      { ...all, ...options, diagnosticsOf: ({ content }) => content?.diagnostics ?? [] },
    );
    expect(
      actions.map((action) =>
        action.kind === 'quick-fix' && action.isPreferred ? `* ${action.title}` : action.title,
      ),
    ).toEqual(wanted);
  });
}

const wrongTwice = `${changed('TCP', '|tcp')}---\n${changed('TCP', 'udp')}`;
const ofAll = 'Fix all safe problems of this file';

check('where nothing is wrong', changed('TCP', '|TCP'), []);
check('the likeliest fix first', changed('.12.1\n', '.13.1|\n'), [
  '* Use 192.168.12.1, the first host of the subnet',
  'Use 192.168.12.254, the last host of the subnet',
  'Use /23, whose network holds the gateway 192.168.13.1',
]);
check('the same in other documents', wrongTwice, [
  '* Use TCP',
  'Fix all "protocol-lower-case" in this file',
  ofAll,
]);
check('quick fixes only', wrongTwice, ['* Use TCP', 'Fix all "protocol-lower-case" in this file'], {
  fixAll: false,
});
check('all of the file only', wrongTwice, [ofAll], { quickFixes: false });
check('elsewhere in the file', changed('TCP', 'tcp').replace('name:', '|name:'), [ofAll]);
check('a name', changed('203.0.113.25', 'api.|example.com'), ['Look up the address of api.example.com']);
check('a name where nothing can be looked up', changed('203.0.113.25', 'api.|example.com'), [], {
  lookUps: false,
});
check('a number of YAML 1.1 where text is none', router.replace('port: 8080', 'port: 8_0|80'), [
  '* Write 8080',
]);
check('two faults of one place', changed('8080', '|010').replace('targetPort: 80', 'targetPort: 10'), [
  '* Write 10',
  'Write 8, as kubectl reads it',
  ofAll,
]);
check(
  'a value that stands in other places too, by its anchor',
  `${changed('protocol: TCP', 'protocol: &p |tcp')}      - {port: 53, protocol: *p, destinationIP: 203.0.113.25}\n`,
  ['Fix all "protocol-lower-case" in this file', ofAll],
);
check('a tab', changed('        protocol', '\t|protocol'), ['* Indent with spaces']);
check(
  'keys that stand twice',
  changed('        protocol: TCP\n', '        protocol: UDP\n        |protocol: TCP\n'),
  ['* Remove the first "protocol"', 'Remove this "protocol"'],
);
check('a fault that only a person can mend', changed('protocol: TCP', 'protocol: |"TCP'), []);

/** How many fixes are tried for a selection of 30 lines. */
function checkTried(title: string, keys: number, wanted: number): void {
  test(title, () => {
    const lines = Array.from({ length: keys }, (_, index) => `  unknown${index}: 1\n`).join('');
    const text = router.replace('spec:\n', `spec:\n${lines}`);
    const start = text.indexOf('  unknown0');
    const end = text.indexOf('  unknown30');
    const actions = codeActionsAt(
      readYamlFile(text),
      { start, end },
      { ...all, diagnosticsOf: ({ content }) => content?.diagnostics ?? [] },
    );
    expect(actions.filter(({ kind }) => kind === 'quick-fix')).toHaveLength(wanted);
  });
}

checkTried('as many as anyone reads', 50, 20);
checkTried('fewer in a long document, as each is tried on all of it', 900, 13);
checkTried('those of one place however long the document is', 4000, 4);

test('an edit counts from the start of the file', () => {
  const { text, offset } = cursorIn(`a: 1\n---\n${changed('TCP', '|tcp')}`);
  const [action] = codeActionsAt(
    readYamlFile(text),
    { start: offset, end: offset },
    { ...all, diagnosticsOf: ({ content }) => content?.diagnostics ?? [] },
  );
  expect(action?.kind === 'quick-fix' && applyEdits(text, action.edits)).toBe(`a: 1\n---\n${router}`);
});

test('of very many findings in a selection, the first ones get fixes of their own', () => {
  const text = Array.from({ length: 60 }, () => changed('TCP', 'tcp')).join('---\n');
  const actions = codeActionsAt(
    readYamlFile(text),
    { start: 0, end: text.length },
    { ...all, diagnosticsOf: ({ content }) => content?.diagnostics ?? [] },
  );
  expect(actions.filter(({ kind }) => kind === 'quick-fix').length).toBe(20);
  expect(actions.slice(20).map(({ title }) => title)).toEqual([
    'Fix all "protocol-lower-case" in this file',
    ofAll,
  ]);
});

test('in a long document no edit is made before it is chosen', () => {
  const text = `${changed('TCP', 'tcp')}# ${'.'.repeat(60_000)}\n`;
  const at = text.indexOf('tcp');
  const kinds = (lateFixes: boolean): readonly string[] =>
    codeActionsAt(
      readYamlFile(text),
      { start: at, end: at },
      { ...all, lateFixes, fixAll: false, diagnosticsOf: ({ content }) => content?.diagnostics ?? [] },
    ).map(({ kind }) => kind);
  expect(kinds(true)).toEqual(['late-fix']);
  expect(kinds(false)).toEqual(['quick-fix']);
});

test.for([
  ['1.10', '1.10'],
  ['1e10', '1e10'],
  ['0x1F', '0x1F'],
  ['.inf', '.inf'],
  ['12', '12'],
  ['true', 'true'],
] as const)('a label %s becomes the text that stands there', ([written, wanted]) => {
  const labeled = (label: string): string =>
    router.replace('metadata:', `metadata:\n  labels: {v: ${label}}`);
  const text = labeled(written);
  const at = text.indexOf(written);
  const [fix] = codeActionsAt(
    readYamlFile(text),
    { start: at, end: at },
    { ...all, diagnosticsOf: ({ content }) => content?.diagnostics ?? [] },
  );
  expect(fix?.title).toBe(`Write ${wanted} in quotes`);
  expect(fix?.kind === 'quick-fix' && applyEdits(text, fix.edits)).toBe(labeled(`"${wanted}"`));
});
