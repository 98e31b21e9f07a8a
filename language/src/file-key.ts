/** The same for all spellings of a path or URI that lead to one file without looking at the disk. */
export function keyOf(uri: string): string {
  return normalized(decoded(uri)).replace(/^file:\/\/\/[A-Z]:/, (start) => start.toLowerCase());
}

/** The key of what a file names by a path. @param from key of that file */
export function resolved(from: string, path: string): string {
  const folder = from.slice(0, from.lastIndexOf('/') + 1);
  return normalized(`${folder}${path}`);
}

function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of path.replaceAll('\\', '/').split('/')) {
    const above = parts.at(-1);
    if (part === '.') continue;
    if (part === '..' && above !== undefined && above !== '' && above !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    // A stray % is part of the name.
    return uri;
  }
}
