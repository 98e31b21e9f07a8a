import {
  type Connection,
  type InitializeParams,
  type InitializeResult,
  LSPErrorCodes,
  PositionEncodingKind,
  ResponseError,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { createBaseService } from '#language/base-service.ts';
import type { Client } from './client-options.ts';
import { readClient } from './client-options.ts';
import { toLspDiagnostic } from './convert.ts';
import { OpenDocuments } from './documents.ts';
import { Publisher } from './publisher.ts';
import { serveCommands } from './serve-commands.ts';
import { serveEditing } from './serve-editing.ts';
import { serveOutline } from './serve-outline.ts';
import type { Answer, FeatureGroup, Serving } from './serving.ts';

/** Serves the Language Server Protocol on a connection, from `initialize` to `exit`. */
export function serve(connection: Connection): void {
  const documents = new OpenDocuments();
  const publisher = new Publisher(
    (uri) => documents.get(uri),
    ({ text, file }) =>
      file.slices.flatMap(({ content, start }) =>
        (content?.diagnostics ?? []).map((one) => toLspDiagnostic(text, start, one)),
      ),
    connection,
  );
  let client: Client = readClient(undefined, {});

  connection.onInitialize((params) => {
    client = readClient(params.initializationOptions, params.capabilities);
    return initializeResult(params, client);
  });
  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
    documents.open(uri, languageId, version, text);
    publisher.schedule(uri);
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    if (documents.change(uri, contentChanges, version)) publisher.schedule(uri);
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    documents.close(uri);
    publisher.withdraw(uri);
  });

  const answer: Answer = async (uri, none, question) => {
    try {
      const document = documents.get(uri);
      if (document === undefined) return none;
      // The text is one object for all its versions.
      const { version } = document.text;
      const result = await question(document);
      if (documents.versionOf(uri) === version) return result;
    } catch (error) {
      connection.console.error(`Cannot answer for ${uri}: ${describe(error)}`);
      return none;
    }
    throw new ResponseError(LSPErrorCodes.ContentModified, 'The document has changed since.');
  };
  const serving: Serving = { connection, base: createBaseService(), answer, client: () => client };
  for (const group of groups) group.serve(serving);
  connection.listen();
}

const groups: readonly FeatureGroup[] = [serveEditing, serveOutline, serveCommands];

function initializeResult(params: InitializeParams, client: Client): InitializeResult {
  return {
    serverInfo: { name: 'egress-router' },
    capabilities: {
      positionEncoding: PositionEncodingKind.UTF16,
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      ...Object.assign({}, ...groups.map((group) => group.capabilities(client, params.capabilities))),
    },
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
