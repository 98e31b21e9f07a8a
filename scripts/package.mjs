// npm run package: dist/egress-router-tools-<version>.vsix, from the built bundles, without network.
import { execFile } from 'node:child_process';
import { cp, glob, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { build, extensionBundles, packagesIn } from '../esbuild.mjs';
import { root } from './node24.mjs';

// `type` too: the files say by their names what they are, and VS Code in a browser takes the web build for CommonJS.
const developersKeys = ['scripts', 'devDependencies', 'dependencies', 'imports', 'bin', 'private', 'type'];
const stampFile = path.join(root, 'dist/.package.json');

/** Packages what was built, unless the package is there and none of its files has changed. Gives its path. */
export async function packageExtension() {
  const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const packagePath = path.join(root, 'dist', `${manifest.name}-${manifest.version}.vsix`);
  const files = await shippedFiles();
  const stamp = await stampOf([...files, 'scripts/package.mjs', 'scripts/pack-vsix.mjs']);
  if ((await readFile(stampFile, 'utf8').catch(() => '')) === stamp && (await isFile(packagePath))) {
    return packagePath;
  }
  await rm(stampFile, { force: true });
  await pack(files, manifest, packagePath);
  await writeFile(stampFile, stamp);
  return packagePath;
}

/**
 * What .vscodeignore does not ignore: it ignores all, then names what ships. vsce itself would first list every
 * file below this folder, which takes it half a minute.
 */
async function shippedFiles() {
  const lines = (await readFile(path.join(root, '.vscodeignore'), 'utf8')).split('\n');
  const patterns = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const found = new Set();
  for await (const file of glob(patterns, { cwd: root })) {
    if (await isFile(path.join(root, file))) found.add(file);
  }
  return [...found].sort((a, b) => a.localeCompare(b, 'en'));
}

/** vsce is handed a folder with those files alone, and a manifest without what only developers use. */
async function pack(files, manifest, packagePath) {
  const stage = path.join(root, 'dist/vsix');
  await rm(stage, { recursive: true, force: true });
  for (const file of files) {
    await mkdir(path.dirname(path.join(stage, file)), { recursive: true });
    await cp(path.join(root, file), path.join(stage, file));
  }
  const isShipped = ([key]) => !developersKeys.includes(key);
  const shipped = Object.fromEntries(Object.entries(manifest).filter(isShipped));
  await writeFile(path.join(stage, '.vscodeignore'), '');
  await writeFile(path.join(stage, 'dist/third-party-notices.txt'), await thirdPartyNotices());
  await writeFile(path.join(stage, 'package.json'), JSON.stringify(shipped, null, 2));
  const packer = path.join(root, 'scripts/pack-vsix.mjs');
  await promisify(execFile)(process.execPath, [packer, stage, packagePath]);
}

/** The licences of the packages that are bundled, which ask to go along with their code. */
async function thirdPartyNotices() {
  const notices = [];
  for (const folder of await packagesIn(extensionBundles)) {
    const names = await readdir(path.join(root, folder));
    const { name, version, license } = JSON.parse(
      await readFile(path.join(root, folder, 'package.json'), 'utf8'),
    );
    const file = names.find((each) => /^licen[cs]e/i.test(each));
    const text =
      file === undefined ? `License: ${license}` : await readFile(path.join(root, folder, file), 'utf8');
    notices.push(`${name} ${version}\n\n${text.trim()}\n`);
  }
  return notices.join(`\n${'-'.repeat(80)}\n\n`);
}

async function stampOf(files) {
  const stamps = files.map(async (file) => {
    const { size, mtimeMs } = await stat(path.join(root, file));
    return `${file}:${size}:${mtimeMs}`;
  });
  return (await Promise.all(stamps)).join('\n');
}

async function isFile(file) {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() === true;
}

if (import.meta.main) {
  await build({ only: [...extensionBundles, 'cni'], cniMayFail: true });
  const file = await packageExtension();
  console.log(path.relative(process.cwd(), file));
}
