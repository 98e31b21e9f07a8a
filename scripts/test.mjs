// npm test [-- --ring unit,lsp]: installs what is missing, builds, and runs every ring that this machine allows.
import { onNode24 } from './node24.mjs';
import { setup } from './setup.mjs';

await onNode24(import.meta.url);
setup('test');
const { runRings } = await import('./run-rings.ts');
process.exitCode = await runRings(process.argv.slice(2));
