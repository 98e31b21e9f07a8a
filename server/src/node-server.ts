import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { toCompileLess } from './compile-less.ts';
import { serve } from './connection.ts';
import { nodeFiles } from './node-files.ts';
import type { Platform } from './platform.ts';

/** Serves over what the command line names: standard input and output, a socket, a pipe, or the channel of a fork. */
export function serveNode(): void {
  const compileLess = toCompileLess({
    setFlags: setFlagsFromString,
    v8: process.versions.v8,
    arch: process.arch,
    isElectron: 'electron' in process.versions,
    compiles: 'WebAssembly' in globalThis,
    isSet: process.execArgv.some((argument) => argument.includes('turbofan')),
  });
  const platform: Platform = {
    defer: (task) => void setImmediate(task),
    files: nodeFiles,
    ...(compileLess === undefined ? {} : { compileLess }),
    ...(existsSync(pages) ? { documentation: `${pages.href}{code}.md` } : {}),
    lookUp: async (host) => {
      const { lookup } = await import('node:dns/promises');
      return (await lookup(host, { all: true })).map(({ address }) => address);
    },
  };
  const connection = createConnection(ProposedFeatures.all);
  // One answer that fails must not take the others with it.
  process.on('unhandledRejection', (reason) => connection.console.error(`Unexpected: ${String(reason)}`));
  serve(connection, platform);
}

/** Beside `dist/` in the package, seen from the parts of the program; a copy of the program alone has none. */
const pages = new URL('../../docs/diagnostics/', import.meta.url);
