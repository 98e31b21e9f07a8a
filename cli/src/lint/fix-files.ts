import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { readYamlFile } from '#language/document.ts';
import { type AppliedFix, fixText } from '#language/features/fixes/fix-all.ts';
import { decode } from '../decode.ts';
import { UsageError } from '../io.ts';
import { hasRawBytes } from '../path-bytes.ts';
import type { TextFile } from '../read-files.ts';
import type { LintOptions } from './lint-files.ts';

export interface FixedFile extends TextFile {
  readonly applied: readonly AppliedFix[];
  /** Why it was left as it is, although there is something to mend. */
  readonly refused?: string;
}

/** What can be mended in one way only, mended; files are not touched. */
export function fixFiles(files: readonly TextFile[], options: LintOptions): readonly FixedFile[] {
  return files.map((file) => {
    const { path, text } = file;
    const fixed = fixText(readYamlFile(text, undefined, options));
    if (fixed.text !== text && text.includes(unreadable)) return { ...file, applied: [], refused: notUtf8 };
    return fixed.text === text
      ? { ...file, applied: [] }
      : { path, text: fixed.text, applied: fixed.applied };
  });
}

/** Stands for each byte that is no UTF-8: written back, it would put an end to what was there. */
const unreadable = '\uFFFD';
const notUtf8 = 'it holds characters that are not written in UTF-8';

/**
 * Puts the new text in the place of the old one at once, so that nobody reads half of it. Links to it stay links, and
 * it stays its owner's.
 *
 * @returns why it was left as it is; undefined where it was written
 * @throws UsageError for what is no file, WriteError for what cannot be written
 */
export function writeFixed({ path, text }: TextFile, read: TextFile): string | undefined {
  if (hasRawBytes(path)) return 'its name is not written in UTF-8. Give it another';
  try {
    if (!statSync(path).isFile()) {
      throw new UsageError(
        `Cannot write ${path}: it is not a file, so that a new text cannot take its place. With "-" the mended text goes to standard output.`,
      );
    }
    const target = realpathSync(path);
    accessSync(target, constants.W_OK);
    const old = readFileSync(target);
    if (decode(old).text !== read.text) return 'it was saved meanwhile. Run it again';
    if (!replace(target, text)) overwrite(target, Buffer.from(text), old);
    return undefined;
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new WriteError(path, cause);
  }
}

/** Nothing was called in a wrong way: the disk is full, or the file is another's. */
export class WriteError extends Error {
  override readonly name = 'WriteError';

  constructor(path: string, cause: unknown) {
    super(`Cannot write ${path}: ${cause instanceof Error ? cause.message : String(cause)}.`, { cause });
  }
}

/** @returns whether it was done: another file would not do for the other names of this one, or for its owner */
function replace(target: string, text: string): boolean {
  const { mode, nlink, uid, gid } = statSync(target);
  if (nlink > 1) return false;
  const draft = `${target}.${process.pid}.new`;
  const handle = openSync(draft, 'wx', mode);
  try {
    try {
      writeFileSync(handle, text);
      if (!isGiven(handle, uid, gid)) {
        rmSync(draft);
        return false;
      }
      // What it is opened with goes through the umask.
      fchmodSync(handle, mode);
    } finally {
      closeSync(handle);
    }
    renameSync(draft, target);
    return true;
  } catch (cause) {
    rmSync(draft, { force: true });
    throw cause;
  }
}

function isGiven(handle: number, uid: number, gid: number): boolean {
  const own = fstatSync(handle);
  if (own.uid === uid && own.gid === gid) return true;
  try {
    fchownSync(handle, uid, gid);
    return true;
  } catch {
    // Only root gives files away.
    return false;
  }
}

/** Where that fails, as on a full disk, the old bytes still have their room. */
function overwrite(target: string, bytes: Buffer, old: Buffer): void {
  const handle = openSync(target, 'r+');
  try {
    try {
      writeAt(handle, bytes);
    } catch (cause) {
      writeAt(handle, old);
      throw cause;
    }
  } finally {
    closeSync(handle);
  }
}

function writeAt(handle: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done, bytes.length - done, done);
  ftruncateSync(handle, bytes.length);
}
