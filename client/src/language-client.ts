import type { ExtensionContext, LogOutputChannel } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { type LanguageServer, startLanguageServer } from './language-server.ts';

export type StartLanguageClient = typeof startLanguageClient;

/** The language server as a process of its own. */
export async function startLanguageClient(
  context: ExtensionContext,
  log: LogOutputChannel,
): Promise<LanguageServer> {
  const module = context.asAbsolutePath('dist/server.mjs');
  const server = { module, transport: TransportKind.ipc } as const;
  return startLanguageServer(
    { log, hasCluster: true },
    (options) => new LanguageClient('egressRouter', 'Egress Router Language Server', server, options),
  );
}
