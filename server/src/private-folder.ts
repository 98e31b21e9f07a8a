import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes a folder for this user alone where there is none, and gives its real path if nobody else can change what
 * lies there: it and all above it belong to the user or to root, and others may write to none of them, but to one
 * in which each may only delete what is its own.
 *
 * @returns undefined where that is not so, or cannot be known
 */
export function privateFolder(folder: string): string | undefined {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const real = realpathSync(folder);
    return pathsTo(real).every((one, index) => isTrusted(one, index === 0)) ? real : undefined;
  } catch {
    // Read-only, or something else stands there: the caller does without.
    return undefined;
  }
}

/** The folder itself first. */
function pathsTo(folder: string): readonly string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...pathsTo(parent)];
}

function isTrusted(folder: string, isLast: boolean): boolean {
  const { uid, mode } = lstatSync(folder);
  const user = process.getuid?.();
  // Windows keeps a user's folders by other means.
  if (user === undefined) return true;
  const isSticky = (mode & 0o1000) !== 0 && !isLast;
  return (uid === user || uid === 0) && ((mode & 0o022) === 0 || isSticky);
}
