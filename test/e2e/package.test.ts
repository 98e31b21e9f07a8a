// What a person installs: the tests of this ring run it.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { packageExtension } from '../../scripts/package.mjs';

test('the package has the sandbox in it, and no more than 4 MB', async () => {
  const bytes = await readFile(await packageExtension());
  expect(bytes.length).toBeLessThanOrEqual(4_000_000);
  // Names stand in a ZIP file as they are.
  const wanted = ['sandbox.mjs', 'sandbox/operator.mjs', 'agent/router.mjs'];
  expect(wanted.filter((file) => !bytes.includes(`extension/dist/${file}`))).toEqual([]);
});
