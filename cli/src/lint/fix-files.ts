import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { readYamlFile } from '#language/document.ts';
import { type AppliedFix, fixText } from '#language/features/fixes/fix-all.ts';
import { UsageError } from '../io.ts';
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
 * Puts the new text in the place of the old one at once, so that nobody reads half of it. Links to it stay links.
 *
 * @throws UsageError for what cannot be written
 */
export function writeFixed({ path, text }: TextFile): void {
  try {
    if (!statSync(path).isFile())
      throw new Error(
        'it is not a file, so that a new text cannot take its place. With "-" the mended text goes to standard output.',
      );
    const target = realpathSync(path);
    accessSync(target, constants.W_OK);
    replace(target, text);
  } catch (cause) {
    throw new UsageError(`Cannot write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

function replace(target: string, text: string): void {
  const draft = `${target}.${process.pid}.new`;
  const { mode } = statSync(target);
  const handle = openSync(draft, 'wx', mode);
  try {
    try {
      writeFileSync(handle, text);
      // What it is opened with goes through the umask.
      fchmodSync(handle, mode);
    } finally {
      closeSync(handle);
    }
    renameSync(draft, target);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw cause;
  }
}
