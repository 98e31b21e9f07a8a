// Writes the import rules of .oxlintrc.json from scripts/import-table.mjs; the file's other rules stay as they are.
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { toLinterOverrides } from './import-table.mjs';

export const target = '.oxlintrc.json';

export async function generateLintRules() {
  const config = JSON.parse(await readFile(target, 'utf8'));
  const others = config.overrides.filter(({ rules }) => rules['no-restricted-imports'] === undefined);
  const text = JSON.stringify({ ...config, overrides: [...others, ...toLinterOverrides()] });
  const biome = ['node_modules/@biomejs/biome/bin/biome', 'format', `--stdin-file-path=${target}`];
  const formatted = spawnSync(process.execPath, biome, { input: text, encoding: 'utf8' });
  if (formatted.status !== 0) throw new Error(`Biome could not format ${target}: ${formatted.stderr}`);
  return formatted.stdout;
}
