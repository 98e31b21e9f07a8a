import { expect, test } from 'vitest';
import { readYamlFile } from '#language/document.ts';
import { fixEdits } from '#language/features/fixes/fix-edits.ts';
import { applyEdits } from '#language/text/text-edit.ts';
import { router } from './cursor.ts';
import { changed, withSpec } from './rows/changed.ts';

/** Each was given to kubectl 1.32, which refuses to read those with « » and takes the others. Tabs are written `→`. */
function check(name: string, written: string, fixed?: string): void {
  test(name, () => {
    const marked = written.replaceAll('→', '\t');
    const text = marked.replace(/[«»]/g, '');
    const file = readYamlFile(text);
    const found = file.slices.flatMap((slice) =>
      (slice.content?.diagnostics ?? [])
        .filter(({ code }) => code === 'yaml-syntax')
        .map((diagnostic) => ({ slice, diagnostic })),
    );
    const [first] = found;
    if (!marked.includes('«')) return expect(found.map(({ diagnostic }) => diagnostic.message)).toEqual([]);
    if (first === undefined) throw new Error('Nothing is told');
    const { start, end } = first.diagnostic.span;
    expect(`${text.slice(0, start)}«${text.slice(start, end)}»${text.slice(end)}`).toBe(marked);
    const [fix] = first.diagnostic.fixes;
    const edits = fix && fixEdits(first.slice, fix);
    expect(edits && applyEdits(text, edits)).toBe(fixed?.replaceAll('→', '\t'));
  });
}

const annotated = (lines: string): string =>
  changed('  namespace: web\n', `  namespace: web\n  annotations:\n${lines}`);

check(
  'behind a dash',
  router.replace('    - ip: 192.168.12.99/24\n      gateway: 192.168.12.1', '    -«→»{ip: 192.168.12.99/24}'),
  router.replace('    - ip: 192.168.12.99/24\n      gateway: 192.168.12.1', '    - {ip: 192.168.12.99/24}'),
);
check('behind a colon of a key', changed('ip: 192.168.12.99', 'ip:→192.168.12.99'));
check('behind a value', changed('port: 8080', 'port: 8080→'));
check('before a comment at the end', changed('port: 8080', 'port: 8080→# here'));
check('behind a question mark', withSpec('?«→»mode', ': Redirect'), withSpec('? mode', ': Redirect'));
check('behind the colon of such a key', withSpec('? mode', ':«→»Redirect'), withSpec('? mode', ': Redirect'));
check(
  'before a value in a line of its own',
  changed('destinationIP: 203', 'destinationIP:\n«          →»203'),
  changed('destinationIP: 203', 'destinationIP:\n           203'),
);
check('in brackets', withSpec('networkInterface: {', '→macvlan:→{→}', '→→}'));
check(
  'in brackets, left of their key',
  changed('spec:\n', 'spec:\n  networkInterface: {\n→macvlan: {}\n→}\n'),
);
check('in quotes', annotated('    note: "a text\n→that goes on"\n'));
check('in quotes of JSON', annotated('    note: \'{\n→"a": 1 }\'\n'));
check('in a plain text, right of its key', annotated('    note: a text\n     →that goes on\n'));
check('in a block of lines', annotated('    note: |\n      a text\n      →goes on\n'));
check('in a block of lines whose indentation is told', annotated('    note: |2\n      →a text\n      b\n'));
check(
  'before the first text of a block of lines',
  annotated('    note: |\n      «→»a text\n      b\n'),
  annotated('    note: |\n      a text\n      b\n'),
);
check('in an empty line', annotated('«→»\n    note: a text\n'), annotated('\n    note: a text\n'));
check(
  'before a comment',
  annotated('«    →»# here\n    note: a text\n'),
  annotated('# here\n    note: a text\n'),
);
check('in an empty line below a plain text', annotated('    note: a text\n     →\n'));
