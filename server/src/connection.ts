import {
  type Connection,
  type InitializeParams,
  type InitializeResult,
  LSPErrorCodes,
  PositionEncodingKind,
  ResponseError,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { type DocumentsParams, type DocumentsResult, documentsMethod } from '#core/protocol.ts';
import { type BaseService, createBaseService } from '#language/base-service.ts';
import { completionsAt } from '#language/features/completion.ts';
import { formatEdits } from '#language/features/format.ts';
import { hoverAt } from '#language/features/hover.ts';
import { lensesOf } from '#language/features/lenses.ts';
import { routersOf } from '#language/features/routers.ts';
import { symbolsOf } from '#language/features/symbols.ts';
import { moved } from '#language/span.ts';
import {
  toCodeLens,
  toCompletionItem,
  toDocumentSymbol,
  toDocumentsResult,
  toHover,
  toLspDiagnostic,
  toTextEdit,
} from './convert.ts';
import { type OpenDocument, OpenDocuments } from './documents.ts';
import { Publisher } from './publisher.ts';

/** What a client may say of itself in `initializationOptions`; all of it may be left out. */
export interface ClientOptions {
  /** It has the commands that code lenses carry. Without them there are no lenses. */
  readonly commands?: boolean;
  /** False where another extension formats YAML already. */
  readonly format?: boolean;
  /** It has the snippets of this project, so that a whole manifest would be proposed twice. */
  readonly snippets?: boolean;
}

/** Serves the Language Server Protocol on a connection, from `initialize` to `exit`. */
export function serve(connection: Connection): void {
  const documents = new OpenDocuments();
  const publisher = new Publisher(
    (uri) => documents.get(uri),
    ({ text, file }) => {
      return file.slices.flatMap(({ content, start }) =>
        (content?.diagnostics ?? []).map((one) =>
          toLspDiagnostic(text, { ...one, span: moved(one.span, start) }),
        ),
      );
    },
    connection,
  );
  const base = createBaseService();
  let takesSnippets = false;
  let hasManifests = false;

  connection.onInitialize((params) => {
    takesSnippets = params.capabilities.textDocument?.completion?.completionItem?.snippetSupport === true;
    hasManifests = clientOptions(params.initializationOptions).snippets === true;
    return initializeResult(params);
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

  /** Answers from the text that the question was about, or says that it has changed. */
  const answer = async <T>(
    uri: string,
    none: T,
    question: (document: OpenDocument, base: BaseService) => T | Promise<T>,
  ): Promise<T> => {
    try {
      const document = documents.get(uri);
      if (document === undefined) return none;
      const result = await question(document, base);
      if (documents.versionOf(uri) === document.text.version) return result;
    } catch (error) {
      connection.console.error(`Cannot answer for ${uri}: ${describe(error)}`);
      return none;
    }
    throw new ResponseError(LSPErrorCodes.ContentModified, 'The document has changed since.');
  };

  connection.onCompletion(({ textDocument: { uri }, position }) =>
    answer(uri, [], async ({ text, file }) => {
      const found = await completionsAt(file, text.offsetAt(position), base);
      const completions = found.filter(({ kind }) => kind !== 'manifest' || !hasManifests);
      return completions.map((one, index) => toCompletionItem(text, one, index, takesSnippets));
    }),
  );
  connection.onHover(({ textDocument: { uri }, position }) =>
    answer(uri, null, async ({ text, file }) => {
      const hover = await hoverAt(file, text.offsetAt(position), base);
      return hover === undefined ? null : toHover(text, hover);
    }),
  );
  connection.onDocumentSymbol(({ textDocument: { uri } }) =>
    answer(uri, [], ({ text, file }) => symbolsOf(file).map((symbol) => toDocumentSymbol(text, symbol))),
  );
  connection.onCodeLens(({ textDocument: { uri } }) =>
    answer(uri, [], ({ text, file }) => lensesOf(file).map((lens) => toCodeLens(text, lens))),
  );
  connection.onDocumentFormatting(({ textDocument: { uri }, options: { tabSize } }) =>
    answer(uri, [], async ({ text, file }) => {
      const edits = await formatEdits(file, base, { tabSize });
      return edits.map((edit) => toTextEdit(text, edit));
    }),
  );
  connection.onRequest(documentsMethod, ({ textDocument: { uri } }: DocumentsParams) =>
    answer<DocumentsResult | null>(uri, null, ({ text, file }) => toDocumentsResult(text, routersOf(file))),
  );
  connection.listen();
}

function initializeResult(params: InitializeParams): InitializeResult {
  const options = clientOptions(params.initializationOptions);
  return {
    serverInfo: { name: 'egress-router' },
    capabilities: {
      positionEncoding: PositionEncodingKind.UTF16,
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      completionProvider: { triggerCharacters: [' ', '"'] },
      hoverProvider: true,
      documentSymbolProvider: true,
      ...(options.commands === true ? { codeLensProvider: {} } : {}),
      ...(options.format === false ? {} : { documentFormattingProvider: true }),
    },
  };
}

function clientOptions(value: unknown): ClientOptions {
  if (typeof value !== 'object' || value === null) return {};
  return {
    commands: 'commands' in value && value.commands === true,
    format: !('format' in value && value.format === false),
    snippets: 'snippets' in value && value.snippets === true,
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
