import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readYamlFile } from '#language/document.ts';
import { type AppliedFix, fixText } from '#language/features/fix-all.ts';
import { UsageError } from '../io.ts';
import type { TextFile } from '../read-files.ts';
import type { LintOptions } from './lint-files.ts';

export interface FixedFile extends TextFile {
  readonly applied: readonly AppliedFix[];
}

/** What can be mended in one way only, mended; files are not touched. */
export function fixFiles(files: readonly TextFile[], options: LintOptions): readonly FixedFile[] {
  return files.map(({ path, text }) => {
    const fixed = fixText(readYamlFile(text, undefined, options));
    return { path, text: fixed.text, applied: fixed.applied };
  });
}

/**
 * Puts the new text in the place of the old one at once, so that nobody reads half of it.
 *
 * @throws UsageError for what cannot be written
 */
export function writeFixed({ path, text }: TextFile): void {
  const draft = `${path}.${process.pid}.new`;
  try {
    writeFileSync(draft, text, { mode: statSync(path).mode, flag: 'wx' });
    renameSync(draft, path);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw new UsageError(`Cannot write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
