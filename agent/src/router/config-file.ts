import { createHash } from 'node:crypto';
import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { NetConf } from '#core/netconf/model.ts';
import { parseNetConf } from '#core/netconf/parse.ts';

/** What should be, as the mounted file says it now. */
export type ConfigFile =
  | { readonly kind: 'known'; readonly conf: NetConf; readonly digest: string }
  /** No file was given to the process: only what every router must have is looked for. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable'; readonly reason: string };

export async function readConfigFile(file: string | undefined): Promise<ConfigFile> {
  if (file === undefined || file === '') return { kind: 'none' };
  try {
    const text = await readFile(file, 'utf8');
    const { conf, problems } = parseNetConf(JSON.parse(text));
    if (conf !== undefined) return { kind: 'known', conf, digest: digestOf(text) };
    return { kind: 'unreadable', reason: `${file}: ${problems.map(({ message }) => message).join(' ')}` };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'unreadable', reason: reason.includes(file) ? reason : `${file}: ${reason}` };
  }
}

/**
 * Calls when the file may have changed. The kubelet does not write to it: it swaps a link in the same folder.
 * @returns what ends it; where the folder cannot be watched nothing is called
 */
export function watchConfigFile(file: string | undefined, changed: () => void): () => void {
  if (file === undefined || file === '') return () => {};
  try {
    const watcher = watch(path.dirname(file), changed);
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    // The process looks at the file from time to time in any case.
    return () => {};
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
