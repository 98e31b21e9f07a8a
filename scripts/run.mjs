// node scripts/run.mjs SCRIPT [ARGUMENT...]: runs a script with its npm packages installed, on Node 24.
import path from 'node:path';
import { onNode24, root, runScript } from './node24.mjs';
import { setup } from './setup.mjs';

await onNode24(import.meta.url);
const [script, ...args] = process.argv.slice(2);
setup('build');
await runScript(process.execPath, path.join(root, script), args);
