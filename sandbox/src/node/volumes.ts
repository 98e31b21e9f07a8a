import { mkdir, readdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConfigMap, Volume } from '../objects.ts';

/**
 * Shows a ConfigMap as files, as a kubelet does: a folder of its own for each version, `..data` pointing at the
 * newest, and each file a link through `..data`, so that a reader sees all of one version or all of the next.
 *
 * @returns true when the files changed.
 */
export async function writeConfigMap(
  folder: string,
  source: NonNullable<Volume['configMap']>,
  configMap: ConfigMap | undefined,
): Promise<boolean> {
  const version = `..${configMap?.metadata.resourceVersion ?? 'none'}`;
  await mkdir(folder, { recursive: true });
  const before = await readlink(join(folder, '..data')).catch(() => undefined);
  if (before === version) return false;
  const files = filesOf(source, configMap);
  await mkdir(join(folder, version), { recursive: true });
  for (const [name, content] of files) await writeFile(join(folder, version, name), content);
  await symlink(version, join(folder, '..data.new'));
  await rename(join(folder, '..data.new'), join(folder, '..data'));
  await linkFiles(folder, new Set(files.keys()));
  if (before !== undefined) await rm(join(folder, before), { recursive: true, force: true });
  return true;
}

function filesOf(
  source: NonNullable<Volume['configMap']>,
  configMap: ConfigMap | undefined,
): ReadonlyMap<string, string | Buffer> {
  const all = new Map<string, string | Buffer>(Object.entries(configMap?.data ?? {}));
  for (const [key, text] of Object.entries(configMap?.binaryData ?? {}))
    all.set(key, Buffer.from(text, 'base64'));
  const files = new Map<string, string | Buffer>();
  if (source.items === undefined) {
    for (const [key, content] of all) files.set(toFileName(key), content);
    return files;
  }
  for (const { key, path } of source.items) {
    const content = all.get(key);
    if (content !== undefined) files.set(toFileName(path), content);
  }
  return files;
}

/** The API server admits no key with a slash; a path with folders is more than this node does. */
function toFileName(key: string): string {
  if (/^[-._a-zA-Z0-9]+$/.test(key) && !key.startsWith('..')) return key;
  throw new Error(`the file name ${JSON.stringify(key)} is not supported here`);
}

async function linkFiles(folder: string, names: ReadonlySet<string>): Promise<void> {
  const present = (await readdir(folder)).filter((name) => !name.startsWith('..'));
  for (const name of present) if (!names.has(name)) await rm(join(folder, name));
  for (const name of names)
    if (!present.includes(name)) await symlink(join('..data', name), join(folder, name));
}
