import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TextFile } from '../read-files.ts';

/**
 * The kustomizations in the folders of files that were named one by one, as a hook before a commit does: without
 * them, a patch would be taken for a whole manifest. Not those that were read already.
 */
export function kustomizationsBeside(
  named: readonly string[],
  files: readonly TextFile[],
): readonly TextFile[] {
  const known = new Set(files.map(({ path }) => path));
  const folders = new Set(named.filter((path) => known.has(path)).map((path) => dirname(path)));
  return [...folders].flatMap((folder) =>
    ['kustomization.yaml', 'kustomization.yml'].flatMap((name) => {
      const path = join(folder, name);
      return known.has(path) ? [] : (read(path) ?? []);
    }),
  );
}

function read(path: string): TextFile | undefined {
  try {
    return { path, text: readFileSync(path, 'utf8') };
  } catch {
    // There is none, or none that may be read: then nothing is known to be a patch.
    return undefined;
  }
}
