// npm start [-- --kubeconfig PATH] [--port N]: VS Code in the browser with the extension, on a sandbox cluster or yours.
import { onNode24 } from './node24.mjs';
import { setup } from './setup.mjs';
import { asksForHelp, usage } from './start/usage.mjs';

if (asksForHelp(process.argv.slice(2))) {
  console.log(usage);
  process.exit();
}
await onNode24(import.meta.url);
setup('start');
const { main } = await import('./start/main.ts');
await main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
