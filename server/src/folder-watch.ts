import { keyOf } from './known-files.ts';
import type { EntryChange, WorkspaceFiles } from './workspace-files.ts';

/** Follows folders for a client that does not: many editors watch no files, or not on Linux. */
export class FolderWatch {
  readonly #watch: NonNullable<WorkspaceFiles['watch']>;
  readonly #onChange: (change: EntryChange) => void;
  /** What ends the watching of a folder, by `folderKey`. */
  readonly #ends = new Map<string, () => void>();

  constructor(watch: NonNullable<WorkspaceFiles['watch']>, onChange: (change: EntryChange) => void) {
    this.#watch = watch;
    this.#onChange = onChange;
  }

  /** Begins with a folder that is not followed yet. One that cannot be followed stays as it was read. */
  add(folder: string): void {
    const key = folderKey(folder);
    if (this.#ends.has(key) || this.#ends.size >= maxFolders) return;
    try {
      this.#ends.set(key, this.#watch(folder, this.#onChange));
    } catch {
      // It has gone since, or the system has no watches left.
    }
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

function folderKey(folder: string): string {
  return keyOf(folder).replace(/\/$/, '');
}

/** The system's watches are for all programs of a user; older kernels have 8,192 of them. */
const maxFolders = 2000;
