import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isKustomization, patchFilesNamedIn } from '#language/kustomization.ts';
import { bytesOfPath } from '../path-bytes.ts';
import { readFile, type TextFile } from '../read-files.ts';

/**
 * The kustomizations in the folders of files that were named one by one, as a hook before a commit does, and the
 * patches that they name: without them, a patch would be taken for a whole manifest, and an address that a patch
 * replaces for one that is in use. Not those that were read already.
 */
export function kustomizationsBeside(
  named: readonly string[],
  files: readonly TextFile[],
): readonly TextFile[] {
  const known = new Set(files.map(({ path }) => path));
  const folders = new Set(named.filter((path) => known.has(path)).map((path) => dirname(path)));
  if (folders.size === 0) return [];
  const beside = [...folders].flatMap((folder) =>
    ['kustomization.yaml', 'kustomization.yml'].flatMap((name) => {
      const path = join(folder, name);
      return known.has(path) ? [] : (read(path) ?? []);
    }),
  );
  const kustomizations = [...files.filter(({ path }) => isKustomization(path)), ...beside];
  const patches = new Set(
    kustomizations.flatMap(({ path, text }) =>
      patchFilesNamedIn(text).map((name) => join(dirname(path), name)),
    ),
  );
  return [...beside, ...[...patches].flatMap((path) => (known.has(path) ? [] : (read(path) ?? [])))];
}

function read(path: string): TextFile | undefined {
  try {
    // A kustomization of others may name a device or a pipe, which has no end.
    return statSync(bytesOfPath(path)).isFile() ? readFile(path) : undefined;
  } catch {
    // There is none, or none that may be read: then nothing is known to be a patch.
    return undefined;
  }
}
