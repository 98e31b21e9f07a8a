// Writes docs/diagnostics/README.md, the list of the pages beside it, each by its code and its title.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

const folder = 'docs/diagnostics';
export const target = `${folder}/README.md`;

export async function generateDiagnosticIndex() {
  const names = (await readdir(folder))
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .toSorted();
  const rows = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(path.join(folder, name), 'utf8');
      return `| [${path.basename(name, '.md')}](${name}) | ${/^# (.+)$/m.exec(text)?.[1] ?? ''} |`;
    }),
  );
  return [
    '# What the checks say',
    '',
    'A page for each code that the editor and `egress-router lint` show: what it means, why it matters, what to do.',
    'Made by `npm run generate`.',
    '',
    '| code | |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n');
}
