import { awaitFolder } from './awaited-folder.ts';
import { startOf } from './known-files.ts';
import type { EntryChange, WorkspaceFiles } from './workspace-files.ts';

interface Listener {
  readonly onChange: (change: EntryChange) => void;
  /** A folder that was to be followed is not there, or not any more, and nothing below it is followed. */
  readonly onGone: (folder: string) => void;
  /** Told once, if ever, why not all folders are followed. */
  readonly onMissed: (why: string) => void;
}

/** Follows folders for a client that does not: many editors watch no files, or not on Linux. */
export class FolderWatch {
  readonly #watch: NonNullable<WorkspaceFiles['watch']>;
  readonly #listener: Listener;
  #hasMissed = false;
  /** What ends the watching of a folder, or the waiting for it, by `startOf`. */
  readonly #ends = new Map<string, () => void>();

  constructor(watch: NonNullable<WorkspaceFiles['watch']>, listener: Listener) {
    this.#watch = watch;
    this.#listener = listener;
  }

  /** Begins with a folder that is not followed yet. One that cannot be followed stays as it was read. */
  add(folder: string): void {
    const key = startOf(folder);
    if (this.#ends.has(key)) return;
    if (this.#ends.size >= maxFolders) return this.#miss(`there are more than ${maxFolders}`);
    const onGone = (): void => {
      this.end(folder);
      this.#listener.onGone(folder);
    };
    try {
      this.#ends.set(key, this.#watch(folder, this.#listener.onChange, onGone));
    } catch (error) {
      if (isMissing(error)) onGone();
      else this.#miss(String(error));
    }
  }

  /** Waits for a folder that has gone, and follows it no sooner than it is added. */
  awaitAgain(folder: string, onThere: () => void): void {
    const key = startOf(folder);
    let isThere = false;
    const end = awaitFolder(this.#watch, folder, () => {
      isThere = true;
      this.#ends.delete(key);
      onThere();
    });
    if (!isThere) this.#ends.set(key, end);
  }

  #miss(why: string): void {
    if (!this.#hasMissed) this.#listener.onMissed(why);
    this.#hasMissed = true;
  }

  /** A folder, and all below it. */
  end(folder: string): void {
    const start = startOf(folder);
    for (const [one, end] of this.#ends) {
      if (!one.startsWith(start)) continue;
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

/** The system's watches are for all programs of a user; older kernels have 8,192 of them. */
const maxFolders = 2000;
