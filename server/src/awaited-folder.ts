import { startOf } from './known-files.ts';
import type { WorkspaceFiles } from './workspace-files.ts';

/**
 * Waits for a folder that is not there, by the nearest one above it that is: nothing is asked again and again.
 * @param folder a URI
 * @param onThere told once
 * @returns what ends the waiting
 */
export function awaitFolder(
  watch: NonNullable<WorkspaceFiles['watch']>,
  folder: string,
  onThere: () => void,
): () => void {
  const way = foldersTo(folder);
  const starts = new Set(way.map(startOf));
  let end = (): void => undefined;
  const follow = (one: string): boolean => {
    try {
      end = watch(one, ({ uri, isOther }) => isOther && starts.has(startOf(uri)) && look(), look);
      return true;
    } catch {
      // It is not there either, or nobody may follow it.
      return false;
    }
  };
  const look = (): void => {
    end();
    for (;;) {
      const at = way.findIndex(follow);
      if (at === 0) {
        end();
        return onThere();
      }
      const [below] = way.slice(at - 1, at);
      if (at === -1 || below === undefined || !isThere(watch, below)) return;
      // It has come before the one above it was followed.
      end();
    }
  };
  look();
  return () => end();
}

/** Itself first, then those above it. */
function foldersTo(folder: string): readonly string[] {
  const way: string[] = [];
  for (let one = folder.replace(/\/*$/, '/'); !way.includes(one); one = new URL('..', one).href)
    way.push(one);
  return way;
}

function isThere(watch: NonNullable<WorkspaceFiles['watch']>, folder: string): boolean {
  try {
    watch(
      folder,
      () => undefined,
      () => undefined,
    )();
    return true;
  } catch {
    // It is still not there, or nobody may follow it.
    return false;
  }
}
