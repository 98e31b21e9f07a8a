import { isJsonObject } from '#core/schema/json-schema.ts';
import { toSlices } from './text/slices.ts';
import { fastValue } from './yaml/fast-value.ts';
import { parseSlice } from './yaml/parsed.ts';

/** Whether a file is, by its name, one that Kustomize reads to know what to build. */
export function isKustomization(uri: string): boolean {
  return /(?:^|[\\/])kustomization\.ya?ml$/.test(uri);
}

/** The files that are patches of others, by all kustomizations that are known. */
export class PatchFiles {
  /** Keys of the files that each of them names, by its own. */
  readonly #named = new Map<string, ReadonlySet<string>>();
  #all: ReadonlySet<string> = new Set();

  /**
   * @param text absent for a kustomization that is gone
   * @returns whether a file may be a patch now that was none, or the other way round
   */
  set(kustomization: string, text?: string): boolean {
    const key = keyOf(kustomization);
    const before = this.#all;
    if (text === undefined) this.#named.delete(key);
    else this.#named.set(key, new Set(patchesIn(text).map((path) => resolved(key, path))));
    this.#all = new Set([...this.#named.values()].flatMap((files) => [...files]));
    return before.size !== this.#all.size || [...before].some((file) => !this.#all.has(file));
  }

  has(uri: string): boolean {
    return this.#all.size > 0 && this.#all.has(keyOf(uri));
  }
}

/** The paths that a kustomization names as those of patches, as they are written. */
export function patchesIn(text: string): readonly string[] {
  if (!text.includes('patches')) return [];
  return toSlices(text).flatMap((slice) => {
    const value = fastValue(slice.text)?.value ?? parseSlice(slice.text).value;
    if (!isJsonObject(value)) return [];
    return patchFields.flatMap((field) => {
      const list = value[field];
      return Array.isArray(list) ? list.flatMap(pathOf) : [];
    });
  });
}

const patchFields = ['patches', 'patchesStrategicMerge'] as const;

/** A patch may also be written where it is named. */
function pathOf(entry: unknown): readonly string[] {
  const path = isJsonObject(entry) ? entry['path'] : entry;
  return typeof path === 'string' && path !== '' && !path.includes('\n') ? [path] : [];
}

function resolved(kustomization: string, path: string): string {
  const folder = kustomization.slice(0, kustomization.lastIndexOf('/') + 1);
  return normalized(`${folder}${path}`);
}

/** The same for all spellings of a path or URI that lead to one file without looking at the disk. */
function keyOf(uri: string): string {
  return normalized(decoded(uri)).replace(/^file:\/\/\/[A-Z]:/, (start) => start.toLowerCase());
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
