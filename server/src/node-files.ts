import { lstatSync, statSync, watch } from 'node:fs';
import { lstat, opendir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { maxFileBytes, maxFiles, type WorkspaceFiles } from './workspace-files.ts';

/** The files of this machine. Links are not followed: they may lead anywhere, and round. */
export const nodeFiles: WorkspaceFiles = {
  async *list(folders, signal, onFolder) {
    const waiting = folders.flatMap((uri) => pathOf(uri) ?? []);
    const seen = new Set<string>();
    let found = 0;
    for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
      if (signal.aborted) return;
      // One workspace folder may lie in another.
      if (seen.has(folder)) continue;
      seen.add(folder);
      onFolder?.(pathToFileURL(folder).href);
      const { files, folders: inner } = await entriesOf(folder);
      waiting.push(...inner);
      const batch = files.slice(0, maxFiles - found);
      found += batch.length;
      if (batch.length > 0) yield batch.map((file) => pathToFileURL(file).href);
      if (found >= maxFiles) return;
    }
  },
  read: async (uri) => {
    const file = pathOf(uri);
    if (file === undefined) return undefined;
    try {
      const found = await lstat(file);
      // A pipe could keep its reader waiting for ever, and a device has no end.
      return found.isFile() && found.size <= maxFileBytes ? await readFile(file, 'utf8') : undefined;
    } catch {
      // It has gone since it was listed, or is not ours to read: then it has nothing to say.
      return undefined;
    }
  },
  watch: (uri, onChange, onGone) => {
    const folder = path.resolve(fileURLToPath(uri));
    // First: of a folder that is replaced right now it is seen then that it has gone.
    const before = identityOf(folder);
    const endIfGone = (): boolean => {
      const isGone = identityOf(folder) !== before;
      if (isGone) {
        watcher.close();
        onGone();
      }
      return isGone;
    };
    // It keeps no process alive.
    const watcher = watch(folder, { persistent: false }, (event, name) => {
      const isOther = event === 'rename';
      // A folder tells of its own end as of an entry of its name.
      if (isOther && name === path.basename(folder) && endIfGone()) return;
      if (name === null) return;
      const entry = path.join(folder, name);
      onChange({ uri: pathToFileURL(entry).href, isOther, isFolder: isOther && isFolder(entry) });
    });
    watcher.on('error', () => endIfGone() || watcher.close());
    return () => watcher.close();
  },
};

/** Which folder is there: another one of its name is not the same. Undefined for none. */
function identityOf(folder: string): string | undefined {
  try {
    const { dev, ino, birthtimeMs } = statSync(folder);
    return `${dev} ${ino} ${birthtimeMs}`;
  } catch {
    // It has gone, or is not ours to look at.
    return undefined;
  }
}

function isFolder(entry: string): boolean {
  try {
    return lstatSync(entry).isDirectory();
  } catch {
    // It has gone, or is not ours to look at.
    return false;
  }
}

/** Of a place on this machine; others, and what is no URI, have nothing to say. */
function pathOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    // Another machine's, or escaped as none is.
    return undefined;
  }
}

async function entriesOf(folder: string): Promise<{ files: string[]; folders: string[] }> {
  const files: string[] = [];
  const folders: string[] = [];
  try {
    for await (const entry of await opendir(folder)) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) folders.push(full);
      else if (entry.isFile() && /\.(ya?ml|json)$/.test(entry.name)) files.push(full);
    }
  } catch {
    // A folder that cannot be read, or has gone, has no files for us.
  }
  return { files: files.toSorted(), folders: folders.toSorted() };
}
