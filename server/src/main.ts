import { lookup } from 'node:dns/promises';
import { existsSync } from 'node:fs';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { serve } from './connection.ts';
import { nodeFiles } from './node-files.ts';
import type { Platform } from './platform.ts';

const transports = ['--stdio', '--node-ipc', '--socket', '--pipe'];

/** Beside `dist/` in the package; a copy of the program alone has none. */
const pages = new URL('../docs/diagnostics/', import.meta.url);

const platform: Platform = {
  defer: (task) => void setImmediate(task),
  files: nodeFiles,
  ...(existsSync(pages) ? { documentation: `${pages.href}{code}.md` } : {}),
  lookUp: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
};

if (process.argv.some((argument) => transports.some((name) => argument.startsWith(name)))) {
  const connection = createConnection(ProposedFeatures.all);
  // One answer that fails must not take the others with it.
  process.on('unhandledRejection', (reason) => connection.console.error(`Unexpected: ${String(reason)}`));
  serve(connection, platform);
} else {
  process.stderr.write(
    'The language server of Egress Router Tools is started by an editor: server.mjs --stdio\n',
  );
  process.exitCode = 2;
}
