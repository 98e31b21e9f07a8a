// npm run generate [-- --check]: writes every file that is made from another; with --check only says which differ.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as schema from './generate-schema.mjs';
import { root } from './node24.mjs';

const generated = [{ target: schema.target, make: schema.generateSchema }];

process.chdir(root);
const isCheck = process.argv.includes('--check');
for (const { target, make } of generated) {
  const file = path.join(root, target);
  const wanted = await make();
  if ((await readFile(file, 'utf8').catch(() => '')) === wanted) continue;
  if (isCheck) {
    console.error(`${target} is not what its source gives: run \`npm run generate\`.`);
    process.exitCode = 1;
  } else {
    await writeFile(file, wanted);
    console.error(`Wrote ${target}.`);
  }
}
