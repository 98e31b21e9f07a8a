import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readYamlFile } from '#language/document.ts';
import { codeActionsAt } from '#language/features/fixes/code-actions.ts';
import { fixText, safeFixOf } from '#language/features/fixes/fix-all.ts';
import { fixEdits } from '#language/features/fixes/fix-edits.ts';
import { applyEdits } from '#language/text/text-edit.ts';
import { parseSlice } from '#language/yaml/parsed.ts';
import { router } from './cursor.ts';
import { addressRows } from './rows/address.ts';
import { changed } from './rows/changed.ts';
import { legacyRows } from './rows/legacy.ts';
import { nadRows } from './rows/nad.ts';
import { ruleRows } from './rows/rules.ts';
import { schemaRows } from './rows/schema.ts';
import { yamlRows } from './rows/yaml.ts';

function check(title: string, text: string, wanted: string): void {
  test(title, () => expect(fixText(readYamlFile(text)).text).toBe(wanted));
}

check('what is sound stays', router, router);
check('what is no manifest of ours stays', 'a:   yes\nb: 010\n', 'a:   yes\nb: 010\n');
check('what can be meant in two ways stays', changed('8080', '010'), changed('8080', '010'));
check(
  'two faults of one entry',
  changed('TCP', 'tcp # c').replace('port: 8080', 'port: "8080"'),
  changed('TCP', 'TCP # c'),
);
check(
  'each document of a file',
  `${changed('TCP', 'tcp')}---\n${changed('TCP', 'udp')}`,
  `${router}---\n${changed('TCP', 'UDP')}`,
);
check(
  'two equal rules after the first',
  `${router}      - &a\n        port: 8080\n        protocol: TCP\n        destinationIP: 203.0.113.25\n        targetPort: 80\n`.replace(
    '&a\n        ',
    '',
  ) + '      - {port: 8080, protocol: TCP, destinationIP: 203.0.113.25, targetPort: 80}\n',
  router,
);
check(
  'what a fault had hidden',
  changed('TCP', 'tcp').replace('  redirect:\n', '\u00A0\u00A0redirect:\n'),
  router,
);
check(
  'beside a template',
  changed('TCP', 'tcp').replace('8080', '{{ .Values.port }}'),
  changed('8080', '{{ .Values.port }}'),
);
check(
  'line ends of Windows',
  changed('TCP', 'tcp').replaceAll('\n', '\r\n'),
  router.replaceAll('\n', '\r\n'),
);

test('what was done is told, and what is left', () => {
  const { applied, left } = fixText(readYamlFile(changed('TCP', 'tcp').replace('.12.1\n', '.13.1\n')));
  expect(applied).toEqual([{ code: 'protocol-lower-case', title: 'Use TCP' }]);
  expect(left.map(({ diagnostic }) => diagnostic.code)).toEqual(['gateway-outside-subnet']);
});

test('only the code that is asked for', () => {
  const text = changed('TCP', 'tcp').replace('port: 8080', 'port: "8080"');
  expect(fixText(readYamlFile(text), { code: 'wrong-type' }).text).toBe(changed('TCP', 'tcp'));
});

const faulty = [...schemaRows, ...addressRows, ...ruleRows, ...nadRows, ...legacyRows, ...yamlRows]
  .flatMap(({ raises }) => (typeof raises === 'string' ? [raises] : Object.values(raises)))
  .map((text) => text.replace(/[«»]/g, ''));

/** Faults of one router laid over those of another, so that some are in each other's way. */
const file = fc
  .array(fc.tuple(fc.constantFrom(...faulty), fc.constantFrom(...faulty), fc.nat(40)), {
    minLength: 1,
    maxLength: 3,
  })
  .map((pairs) => pairs.map(([one, other, line]) => crossed(one, other, line)).join('---\n'));

function crossed(one: string, other: string, line: number): string {
  return [...one.split('\n').slice(0, line), ...other.split('\n').slice(line)].join('\n');
}

test('nothing that is certain is left, and a second time nothing changes', () => {
  let mended = 0;
  fc.assert(
    fc.property(file, (text) => {
      const { text: fixed, applied, left } = fixText(readYamlFile(text));
      const again = left.filter(({ slice, diagnostic }) => {
        const fix = safeFixOf(diagnostic);
        return fix !== undefined && fixEdits(slice, fix) !== undefined;
      });
      expect(again.map(({ diagnostic }) => diagnostic)).toEqual([]);
      expect(fixText(readYamlFile(fixed))).toMatchObject({ text: fixed, applied: [] });
      if (applied.length > 0) mended += 1;
    }),
    { numRuns: 150 },
  );
  expect(mended).toBeGreaterThan(10);
});

test('every fix that is offered can be made, and leaves the YAML as sound as it was', () => {
  fc.assert(
    fc.property(file, (text) => {
      const read = readYamlFile(text);
      const actions = codeActionsAt(
        read,
        { start: 0, end: text.length },
        {
          quickFixes: true,
          fixAll: true,
          lookUps: true,
          lateFixes: false,
          diagnosticsOf: ({ content }) => content?.diagnostics ?? [],
        },
      );
      for (const action of actions) {
        if (action.kind !== 'quick-fix') continue;
        const { slice, edits } = action;
        const after = applyEdits(text, edits);
        expect(after).not.toBe(text);
        const grown = after.length - text.length;
        const now = parseSlice(after.slice(slice.start, slice.start + slice.text.length + grown));
        // What made the text unreadable may have hidden other faults of its writing.
        if (action.diagnostic.code === 'yaml-syntax') continue;
        const before = parseSlice(slice.text).faults.length;
        expect(now.faults.length).toBeLessThanOrEqual(before);
      }
    }),
    { numRuns: 60 },
  );
});

test('however many faults of one kind there are, the text is read once for all of them', () => {
  const rule = '      - {port: 8080, protocol: TCP, destinationIP: 203.0.113.25, targetPort: 80}\n';
  const once = { mostCharacters: 0 };
  const { text, applied } = fixText(readYamlFile(router + rule.repeat(2500)), once);
  expect(text).toBe(router);
  expect(applied.length).toBe(2500);
});
