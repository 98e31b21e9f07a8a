import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Io, UsageError } from './io.ts';

export interface TextFile {
  /** As the person named it; `(stdin)` for `-`. */
  readonly path: string;
  readonly text: string;
}

/**
 * Reads what the command line names: files as they are, folders with every YAML and JSON file below them except
 * in `node_modules` and hidden folders, `-` for standard input.
 *
 * @throws UsageError for what cannot be read
 */
export async function readFiles(paths: readonly string[], io: Io): Promise<readonly TextFile[]> {
  const files = await Promise.all(paths.map((path) => readPath(path, io)));
  return files.flat();
}

async function readPath(path: string, io: Io): Promise<readonly TextFile[]> {
  if (path === '-') return [{ path: '(stdin)', text: await io.readStdin() }];
  try {
    if (!(await stat(path)).isDirectory()) return [{ path, text: await readFile(path, 'utf8') }];
    const found = await findManifests(path);
    return await Promise.all(found.map(async (file) => ({ path: file, text: await readFile(file, 'utf8') })));
  } catch (cause) {
    throw new UsageError(`Cannot read ${path}: ${whyUnread(cause)}`, { cause });
  }
}

function whyUnread(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file.';
  if (code === 'EACCES' || code === 'EPERM') return 'you may not read it.';
  return cause.message;
}

async function findManifests(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return isSkipped(entry.name) ? [] : findManifests(path);
      return entry.isFile() && /\.(ya?ml|json)$/.test(entry.name) ? [path] : [];
    }),
  );
  return found.flat().toSorted();
}

function isSkipped(folder: string): boolean {
  return folder === 'node_modules' || folder.startsWith('.');
}
