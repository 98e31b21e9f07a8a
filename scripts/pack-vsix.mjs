// node scripts/pack-vsix.mjs FOLDER FILE: a program of its own, because the packager prints what it packs.
import { createVSIX } from '@vscode/vsce';

const [cwd, packagePath] = process.argv.slice(2);
await createVSIX({
  cwd,
  packagePath,
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
});
