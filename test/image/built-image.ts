import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);
const root = path.join(import.meta.dirname, '../..');
export const { version }: { readonly version: string } = JSON.parse(
  await readFile(path.join(root, 'package.json'), 'utf8'),
);

/** What `npm run image` does. @returns the path of the archive */
export async function makeImage(arch?: string): Promise<string> {
  const options = arch === undefined ? [] : ['--arch', arch];
  await run(process.execPath, [path.join(root, 'scripts/image.mjs'), ...options], {
    SOURCE_DATE_EPOCH: '1700000000',
  });
  const tag = arch === undefined ? version : `${version}-${arch}`;
  return path.join(root, `dist/egress-router-agent-${tag}.oci.tar`);
}

/** Gives the folders of what is in the archive: its blobs, and the files of the image. */
export async function unpack(
  archive: string,
  folder: string,
): Promise<{ readonly layout: string; readonly rootfs: string }> {
  const layout = path.join(folder, 'layout');
  const bundle = path.join(folder, 'bundle');
  await mkdir(layout);
  await run('tar', ['-C', layout, '-xf', archive]);
  await run('umoci', ['unpack', '--image', `${layout}:egress-router-agent:${version}`, bundle]);
  return { layout, rootfs: path.join(bundle, 'rootfs') };
}

export async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const running = execFileAsync(command, [...args], { env: { ...process.env, ...env } });
  // The CNI plugin reads its input to the end.
  running.child.stdin?.end();
  const { stdout, stderr } = await running;
  return { code: 0, stdout, stderr };
}
