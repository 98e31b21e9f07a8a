import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Decoded, decode } from './decode.ts';
import { type Io, UsageError } from './io.ts';
import { bytesOfPath, nameOfBytes, printableName } from './path-bytes.ts';
import { readStream } from './read-stream.ts';

/** Stands for the path of standard input. */
export const stdinPath = '(stdin)';

export interface TextFile extends Decoded {
  /** As the person named it; `(stdin)` for `-`. */
  readonly path: string;
}

export interface FilesRead {
  readonly files: readonly TextFile[];
  /** What is in a folder that was named and cannot be read, and why: a line for each. The others are read. */
  readonly unread: readonly string[];
}

/**
 * Reads what the command line names: files as they are, folders with every YAML and JSON file below them except
 * in `node_modules` and hidden folders, `-` for standard input. Each file once, however often, and by whatever
 * names, it is named or linked. Links to folders are not followed: they may lead anywhere, and round.
 *
 * @param onFound told how many files a folder has, before they are read
 * @throws UsageError for what is named and cannot be read
 */
export async function readFiles(
  paths: readonly string[],
  io: Io,
  onFound: (count: number) => void = () => undefined,
): Promise<FilesRead> {
  const files = new Map<string, TextFile>();
  const unread = new Set<string>();
  for (const path of paths) {
    if (path === '-') {
      // There is nothing more in it a second time.
      if (!files.has(path)) files.set(path, { path: stdinPath, ...decode(await io.readStdin()) });
    } else {
      const read = await readPath(path, io, onFound);
      for (const line of read.unread) unread.add(line);
      for (const file of read.files) {
        const key = paths.length === 1 ? file.path : identityOf(file.path);
        if (!files.has(key)) files.set(key, file);
      }
    }
  }
  return { files: [...files.values()], unread: [...unread] };
}

/** A file has many paths: `a.yaml`, `./a.yaml`, and links to it. */
function identityOf(path: string): string {
  try {
    return realpathSync.native(bytesOfPath(path));
  } catch {
    // It has gone since it was read.
    return path;
  }
}

/** One after the other: thousands of small files are read several times as fast so as with a thread pool. */
async function readPath(path: string, io: Io, onFound: (count: number) => void): Promise<FilesRead> {
  try {
    const named = statSync(path);
    if (named.isDirectory()) return await readFolder(path, io, onFound);
    onFound(1);
    const file = named.isFile() ? readFile(path) : await readOpenEnded(path, io);
    return { files: [file], unread: [] };
  } catch (cause) {
    if (io.signal.aborted) throw cause;
    throw new UsageError(whyUnread(path, cause), { cause });
  }
}

async function readFolder(path: string, io: Io, onFound: (count: number) => void): Promise<FilesRead> {
  const unread: string[] = [];
  const found = withoutRepeats(findManifests(path, unread));
  onFound(found.length);
  const files: TextFile[] = [];
  for (const [index, file] of found.entries()) {
    // Ctrl-C is heard between files, not while one is read.
    if (index % 500 === 499) await setImmediate();
    io.signal.throwIfAborted();
    try {
      files.push(readFile(file));
    } catch (cause) {
      unread.push(whyUnread(file, cause));
    }
  }
  return { files, unread };
}

export function readFile(path: string): TextFile {
  // Faster than by way of the bytes. Also, V8 has a long text in its own memory so: that of a decoded buffer it has
  // not, and each look at a character of it is a call.
  // What tells no size, as all in /proc, may fail halfway, from which Node was seen not to come back that way.
  const text = opened(path, (handle) =>
    fstatSync(handle).size === 0 ? undefined : readFileSync(handle, 'utf8'),
  );
  if (text !== undefined && !text.includes('\uFFFD') && !text.includes('\0')) return { path, text };
  return { path, ...decode(opened(path, (handle) => readFileSync(handle))) };
}

/** Some of what passes for a file, such as /proc/kmsg, has no end, and would be waited for where nothing is heard. */
function opened<Result>(path: string, read: (handle: number) => Result): Result {
  const handle = openSync(bytesOfPath(path), constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return read(handle);
  } finally {
    closeSync(handle);
  }
}

async function readOpenEnded(path: string, io: Io): Promise<TextFile> {
  const bytes = standardInputs.has(path) ? await io.readStdin() : await readStream(path, io.signal);
  return { path, ...decode(bytes) };
}

/** It may be a socket, which cannot be opened by a name. */
const standardInputs: ReadonlySet<string> = new Set(['/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']);

function whyUnread(path: string, cause: unknown): string {
  return `Cannot read ${printableName(path)}: ${reasonOf(path, cause)}`;
}

function reasonOf(path: string, cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT' && path.includes('\uFFFD'))
    return 'its name is not written in UTF-8; give it another, or name its folder.';
  if (code === 'ELOOP') return 'it is a link that leads back to itself.';
  if (code === 'EAGAIN') return 'it is no file that has an end.';
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file.';
  if (code === 'ENXIO') return 'nothing can be read from it.';
  if (code === 'EACCES' || code === 'EPERM') return 'you may not read it.';
  return cause.message;
}

interface Found {
  readonly path: string;
  readonly isLink: boolean;
}

/** @param unread what is below the folder and cannot be looked at is added to it */
function findManifests(folder: string, unread: string[]): readonly Found[] {
  // `join` would go through the name of the folder for each of thousands of files.
  const start = join(folder, '-').slice(0, -1);
  return entriesOf(folder).flatMap((entry): readonly Found[] => {
    const path = `${start}${entry.name}`;
    if (entry.isDirectory()) {
      if (isSkipped(entry.name)) return [];
      return tried(path, unread, () => findManifests(path, unread)) ?? [];
    }
    if (!/\.(ya?ml|json)$/i.test(entry.name) || isLock(entry)) return [];
    const isLink = entry.isSymbolicLink() && tried(path, unread, () => linkedBy(path))?.isFile() === true;
    return isLink || entry.isFile() ? [{ path, isLink }] : [];
  });
}

function entriesOf(
  folder: string,
): readonly Pick<Dirent, 'name' | 'isDirectory' | 'isFile' | 'isSymbolicLink'>[] {
  const path = bytesOfPath(folder);
  const entries = readdirSync(path, { withFileTypes: true });
  if (process.platform === 'win32' || !entries.some(({ name }) => name.includes('\uFFFD'))) return entries;
  // Of such a name only the bytes lead to its file.
  return readdirSync(path, { withFileTypes: true, encoding: 'buffer' }).map((entry) => ({
    name: nameOfBytes(entry.name),
    isDirectory: () => entry.isDirectory(),
    isFile: () => entry.isFile(),
    isSymbolicLink: () => entry.isSymbolicLink(),
  }));
}

function tried<Result>(path: string, unread: string[], read: () => Result): Result | undefined {
  try {
    return read();
  } catch (cause) {
    unread.push(whyUnread(path, cause));
    return undefined;
  }
}

/** Emacs locks a file by a link beside it that leads nowhere. */
function isLock(entry: Pick<Dirent, 'name' | 'isSymbolicLink'>): boolean {
  return entry.name.startsWith('.#') && entry.isSymbolicLink();
}

function linkedBy(path: string): Stats {
  const stats = statSync(bytesOfPath(path), { throwIfNoEntry: false });
  if (stats === undefined) throw new Error('it is a link that leads nowhere.');
  return stats;
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
