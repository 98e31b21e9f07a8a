import { type ExtensionContext, extensions, type LogOutputChannel, type TextDocument } from 'vscode';
import {
  type CancellationToken,
  LanguageClient,
  RevealOutputChannelOn,
  TransportKind,
} from 'vscode-languageclient/node';
import { type DocumentsParams, type DocumentsResult, documentsMethod } from '#core/protocol.ts';

/** The language server's process and the connection to it: opened by `startLanguageClient`, closed by `dispose`. */
export interface LanguageServer {
  /** The EgressRouter documents of an open text, unsaved changes included. */
  documents(document: TextDocument, token?: CancellationToken): Promise<DocumentsResult>;
  dispose(): Promise<void>;
}

export type StartLanguageClient = typeof startLanguageClient;

export async function startLanguageClient(
  context: ExtensionContext,
  log: LogOutputChannel,
): Promise<LanguageServer> {
  const module = context.asAbsolutePath('dist/server.mjs');
  const client = new LanguageClient(
    'egressRouter',
    'Egress Router Language Server',
    { module, transport: TransportKind.ipc },
    {
      documentSelector: [{ language: 'yaml' }],
      outputChannel: log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: {
        commands: true,
        snippets: true,
        // Two formatters for one language make the editor ask which one is meant.
        format: extensions.getExtension('redhat.vscode-yaml') === undefined,
      },
    },
  );
  await client.start();
  return {
    documents: async (document, token) => {
      const params: DocumentsParams = {
        textDocument: { uri: client.code2ProtocolConverter.asUri(document.uri) },
      };
      // Null: the server does not have the text, since its language is not one of ours.
      const result = await client.sendRequest<DocumentsResult | null>(documentsMethod, params, token);
      return result ?? { version: document.version, documents: [] };
    },
    dispose: () => client.dispose(),
  };
}
