import { keyOf } from './known-files.ts';
import type { EntryChange, WorkspaceFiles } from './workspace-files.ts';

/** Follows folders for a client that does not: many editors watch no files, or not on Linux. */
export class FolderWatch {
  readonly #watch: NonNullable<WorkspaceFiles['watch']>;
  readonly #onChange: (change: EntryChange) => void;
  readonly #onMissed: (why: string) => void;
  #hasMissed = false;
  /** What ends the watching of a folder, by `folderKey`. */
  readonly #ends = new Map<string, () => void>();

  /** @param onMissed told once, if ever, why not all folders are followed */
  constructor(
    watch: NonNullable<WorkspaceFiles['watch']>,
    onChange: (change: EntryChange) => void,
    onMissed: (why: string) => void,
  ) {
    this.#watch = watch;
    this.#onChange = onChange;
    this.#onMissed = onMissed;
  }

  /** Begins with a folder that is not followed yet. One that cannot be followed stays as it was read. */
  add(folder: string): void {
    const key = folderKey(folder);
    if (this.#ends.has(key)) return;
    if (this.#ends.size >= maxFolders) return this.#miss(`there are more than ${maxFolders}`);
    try {
      this.#ends.set(key, this.#watch(folder, this.#onChange));
    } catch (error) {
      // It may have gone since: the folder that it lay in tells of it.
      if (!isMissing(error)) this.#miss(String(error));
    }
  }

  #miss(why: string): void {
    if (!this.#hasMissed) this.#onMissed(why);
    this.#hasMissed = true;
  }

  /** A folder, and all below it. */
  end(folder: string): void {
    const key = folderKey(folder);
    for (const [one, end] of this.#ends) {
      if (one !== key && !one.startsWith(`${key}/`)) continue;
      end();
      this.#ends.delete(one);
    }
  }

  endAll(): void {
    for (const end of this.#ends.values()) end();
    this.#ends.clear();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function folderKey(folder: string): string {
  return keyOf(folder).replace(/\/$/, '');
}

/** The system's watches are for all programs of a user; older kernels have 8,192 of them. */
const maxFolders = 2000;
