import nodeModule from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';
import { privateFolder } from './private-folder.ts';

/**
 * Keeps what Node compiles of the program in the user's folder for such things, so that the next start need not
 * compile it again. Where it cannot be kept, all is as without. `NODE_COMPILE_CACHE` names another folder, and
 * `NODE_DISABLE_COMPILE_CACHE=1` turns it off: Node heeds both by itself. Holds only for what is loaded after it.
 */
export function keepCompiled(): void {
  const folder = cacheFolder(process.platform, process.env, homedir());
  // Node has it from 22.1 on.
  if (folder === undefined || !('enableCompileCache' in nodeModule)) return;
  // What lies there is run.
  const compiled = privateFolder(path.join(folder, 'egress-router-tools', 'compiled'));
  if (compiled !== undefined) nodeModule.enableCompileCache(compiled);
}

/** @returns where a program may keep what it can make again; none for a user without a home. */
export function cacheFolder(
  platform: NodeJS.Platform,
  { XDG_CACHE_HOME: told, LOCALAPPDATA: local }: NodeJS.ProcessEnv,
  home: string,
): string | undefined {
  if (platform === 'win32') return isUsable(local) ? local : undefined;
  // XDG Base Directory: a path that is not absolute is to be taken for none.
  if (isUsable(told)) return told;
  if (!isUsable(home)) return undefined;
  return platform === 'darwin' ? path.join(home, 'Library', 'Caches') : path.join(home, '.cache');
}

function isUsable(folder: string | undefined): folder is string {
  return folder !== undefined && path.isAbsolute(folder);
}
