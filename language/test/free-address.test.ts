import { expect, test } from 'vitest';
import { parseClusterFacts } from '#core/relations/cluster-facts.ts';
import { readYamlFile } from '#language/document.ts';
import { codeActionsAt } from '#language/features/fixes/code-actions.ts';
import { withFreeAddresses } from '#language/features/fixes/free-address.ts';
import { toFacts } from '#language/objects.ts';
import { applyEdits } from '#language/text/text-edit.ts';
import { Workspace } from '#language/workspace.ts';
import { cursorIn, router } from './cursor.ts';

/** The file as the fix of the address at the cursor makes it; undefined where there is none. */
function fixed(source: string, others: readonly string[], liveAddress?: string): string | undefined {
  const { text, offset } = cursorIn(source);
  const files = [text, ...others].map((one) => readYamlFile(one));
  const workspace = new Workspace();
  for (const [index, file] of files.entries()) workspace.setFile(`${index}.yaml`, file);
  const usedAddresses = [{ ip: liveAddress, by: 'the printer' }];
  const cluster = liveAddress === undefined ? undefined : parseClusterFacts({ usedAddresses });
  if (cluster !== undefined) workspace.setContext({ cluster });
  const facts = files.flatMap(({ slices }) =>
    slices.flatMap(({ content }) => (content?.objects ?? []).map(toFacts)),
  );
  const [file] = files;
  if (file === undefined) throw new Error('There is no file.');
  const [action] = codeActionsAt(
    file,
    { start: offset, end: offset },
    {
      quickFixes: true,
      fixAll: false,
      lookUps: false,
      lateFixes: false,
      diagnosticsOf: (slice) =>
        withFreeAddresses(slice, workspace.diagnosticsIn('0.yaml', slice), () => ({
          facts,
          ...(cluster === undefined ? {} : { cluster }),
        })),
    },
  );
  return action?.kind === 'quick-fix' ? applyEdits(text, action.edits) : undefined;
}

const other = router.replace('partner-api', 'billing');

test('an address that another router has gives way to the next free one', () =>
  expect(fixed(`# one\n---\n${router.replace('.99/24', '.9|9/24')}`, [other])).toBe(
    `# one\n---\n${router.replace('.99/24', '.100/24')}`,
  ));
test('in its quotes, and past those that are taken', () =>
  expect(
    fixed(router.replace('192.168.12.99/24', '"192.168.12.9|9/24"'), [
      other,
      router.replace('partner-api', 'shop').replace('.99/24', '.100/24'),
    ]),
  ).toBe(router.replace('192.168.12.99/24', '"192.168.12.101/24"')));
test('an address that something of the cluster has', () =>
  expect(fixed(router.replace('.99/24', '.9|9/24'), [], '192.168.12.99')).toBe(
    router.replace('.99/24', '.100/24'),
  ));
test('a network that is full', () =>
  expect(
    fixed(router.replace('.99/24', '.9|9/31').replace('12.1\n', '12.98\n'), [
      other.replace('.99/24', '.99/31').replace('12.1\n', '12.98\n'),
    ]),
  ).toBeUndefined());
