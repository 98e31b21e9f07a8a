// npm run generate [-- --check]: writes every file that is made from another; with --check only says which differ.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as diagnosticIndex from './generate-diagnostic-index.mjs';
import * as lintRules from './generate-lint-rules.mjs';
import * as schema from './generate-schema.mjs';
import { onNode24, root } from './node24.mjs';

await onNode24(import.meta.url);
const builtinTypes = await import('./generate-builtin-types.mjs');
const l10n = await import('./generate-l10n.mjs');
const { manifests } = await import('./generate-manifests.mjs');

const generated = [
  { target: schema.target, make: schema.generateSchema },
  { target: lintRules.target, make: lintRules.generateLintRules },
  { target: diagnosticIndex.target, make: diagnosticIndex.generateDiagnosticIndex },
  { target: l10n.target, make: l10n.generateL10n },
  { target: builtinTypes.target, make: builtinTypes.generateBuiltinTypes },
  ...manifests,
];

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
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, wanted);
    console.error(`Wrote ${target}.`);
  }
}
