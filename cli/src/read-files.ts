import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Decoded, decode } from './decode.ts';
import { type Io, UsageError } from './io.ts';
import { readStream } from './read-stream.ts';

/** Stands for the path of standard input. */
export const stdinPath = '(stdin)';

export interface TextFile extends Decoded {
  /** As the person named it; `(stdin)` for `-`. */
  readonly path: string;
}

/**
 * Reads what the command line names: files as they are, folders with every YAML and JSON file below them except
 * in `node_modules` and hidden folders, `-` for standard input. Each file once, however often, and by whatever
 * names, it is named or linked. Links to folders are not followed: they may lead anywhere, and round.
 *
 * @param onFound told how many files a folder has, before they are read
 * @throws UsageError for what cannot be read
 */
export async function readFiles(
  paths: readonly string[],
  io: Io,
  onFound: (count: number) => void = () => undefined,
): Promise<readonly TextFile[]> {
  const files = new Map<string, TextFile>();
  for (const path of paths) {
    if (path === '-') {
      // There is nothing more in it a second time.
      if (!files.has(path)) files.set(path, { path: stdinPath, ...decode(await io.readStdin()) });
    } else {
      for (const file of await readPath(path, io, onFound)) {
        const key = paths.length === 1 ? file.path : identityOf(file.path);
        if (!files.has(key)) files.set(key, file);
      }
    }
  }
  return [...files.values()];
}

/** A file has many paths: `a.yaml`, `./a.yaml`, and links to it. */
function identityOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    // It has gone since it was read.
    return path;
  }
}

/** One after the other: thousands of small files are read several times as fast so as with a thread pool. */
async function readPath(
  path: string,
  io: Io,
  onFound: (count: number) => void,
): Promise<readonly TextFile[]> {
  try {
    const named = statSync(path);
    if (!named.isDirectory() && !named.isFile()) return [await readOpenEnded(path, io)];
    const found = named.isDirectory() ? withoutRepeats(findManifests(path)) : [path];
    onFound(found.length);
    const files: TextFile[] = [];
    for (const [index, file] of found.entries()) {
      // Ctrl-C is heard between files, not while one is read.
      if (index % 500 === 499) await setImmediate();
      io.signal.throwIfAborted();
      files.push({ path: file, ...decode(readFileSync(file)) });
    }
    return files;
  } catch (cause) {
    if (io.signal.aborted) throw cause;
    throw new UsageError(`Cannot read ${pathOf(cause) ?? path}: ${whyUnread(cause)}`, { cause });
  }
}

async function readOpenEnded(path: string, io: Io): Promise<TextFile> {
  const bytes = standardInputs.has(path) ? await io.readStdin() : await readStream(path, io.signal);
  return { path, ...decode(bytes) };
}

/** It may be a socket, which cannot be opened by a name. */
const standardInputs: ReadonlySet<string> = new Set(['/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']);

/** The file within the folder that was named. */
function pathOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'path' in cause && typeof cause.path === 'string' ? cause.path : undefined;
}

function whyUnread(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file.';
  if (code === 'ENXIO') return 'nothing can be read from it.';
  if (code === 'EACCES' || code === 'EPERM') return 'you may not read it.';
  return cause.message;
}

interface Found {
  readonly path: string;
  readonly isLink: boolean;
}

function findManifests(folder: string): readonly Found[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): readonly Found[] => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return isSkipped(entry.name) ? [] : findManifests(path);
    if (!/\.(ya?ml|json)$/i.test(entry.name)) return [];
    const isLink = entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
    return isLink || entry.isFile() ? [{ path, isLink }] : [];
  });
}

/** A link to a file that is there as well says nothing new. */
function withoutRepeats(found: readonly Found[]): readonly string[] {
  const files = found.filter(({ isLink }) => !isLink).map(({ path }) => path);
  if (files.length === found.length) return files.toSorted();
  const known = new Map(files.map((path) => [identityOf(path), path]));
  for (const { path, isLink } of found) {
    const identity = identityOf(path);
    if (isLink && !known.has(identity)) known.set(identity, path);
  }
  return [...known.values()].toSorted();
}

function isSkipped(folder: string): boolean {
  return folder === 'node_modules' || folder.startsWith('.');
}
