import { unwatchFile, watchFile } from 'node:fs';

/**
 * Calls back when one of the files appears, changes or goes. By looking every two seconds, not by inotify: tools
 * replace a kubeconfig by renaming over it, and it may lie in a folder that does not exist yet.
 */
export function watchFiles(paths: readonly string[], onChange: () => void): { dispose(): void } {
  const listener = (now: Seen, before: Seen) => {
    // Renaming changes ctime alone. `before` is the last one seen: of a file that was gone in between, the same.
    if (now.mtimeMs !== before.mtimeMs || now.ctimeMs !== before.ctimeMs || now.ino !== before.ino)
      onChange();
  };
  for (const path of paths) watchFile(path, { persistent: false, interval: 2000 }, listener);
  return {
    dispose: () => {
      for (const path of paths) unwatchFile(path, listener);
    },
  };
}

interface Seen {
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
}
