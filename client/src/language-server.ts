import {
  type CancellationToken,
  type CompletionList,
  type LogOutputChannel,
  type Position,
  type Range,
  type TextDocument,
} from 'vscode';
import {
  type BaseLanguageClient,
  CompletionRequest,
  DidOpenTextDocumentNotification,
  type LanguageClientOptions,
  type CompletionList as LspCompletionList,
  RevealOutputChannelOn,
  State,
} from 'vscode-languageclient';
import type { Path } from '#core/problem.ts';
import {
  type AsWrittenParams,
  type AsWrittenResult,
  asWrittenMethod,
  clusterFactsMethod,
  type DocumentsParams,
  type DocumentsResult,
  type DraftParams,
  type DraftResult,
  documentsMethod,
  draftMethod,
  filesMethod,
  type ManifestsResult,
  type MigrationParams,
  type MigrationResult,
  manifestsChangedMethod,
  manifestsMethod,
  migrationMethod,
  type ReadFileParams,
  readFileMethod,
  type TextPosition,
  type ToYamlParams,
  type ToYamlResult,
  toYamlMethod,
} from '#core/protocol.ts';
import { documentSync } from './document-sync.ts';
import { manifestLanguages } from './served-documents.ts';
import { shownOnce } from './shown-once.ts';
import { showTold, toldCompletions } from './told-answers.ts';
import { listFiles, readFile } from './workspace-files.ts';
import { isNeighborInstalled } from './yaml-neighbor.ts';

/** The language server and the connection to it: opened by a `StartLanguageServer`, closed by `dispose`. */
export interface LanguageServer {
  /** The EgressRouter documents of an open text, unsaved changes included. */
  documents(document: TextDocument, token?: CancellationToken): Promise<DocumentsResult>;
  /** Null where no router of OpenShift SDN is in the range. */
  migration(document: TextDocument, range: Range): Promise<MigrationResult | null>;
  /** What may be written in a text that holds nothing yet. */
  completions(document: TextDocument, position: Position, token: CancellationToken): Promise<CompletionList>;
  /** Where the routers of the workspace are written: at once, and whenever that changes. */
  followManifests(listener: (update: ManifestsUpdate) => void): Promise<void>;
  draft(path: Path, value: unknown): Promise<DraftResult>;
  toYaml(value: unknown): Promise<string>;
  /** All of the file with another value in the document at a position; undefined where that cannot be written so. */
  asWritten(document: TextDocument, position: TextPosition, value: unknown): Promise<string | undefined>;
  /** What is known of the cluster, in the shape that `parseClusterFacts` reads; null for nothing. */
  setClusterFacts(facts: unknown): Promise<void>;
  dispose(): Promise<void>;
}

export interface ManifestsUpdate extends ManifestsResult {
  /** Files that are not named have none. */
  readonly isAll: boolean;
}

export interface LanguageServerOptions {
  readonly log: LogOutputChannel;
  /** False where the commands that code lenses carry have no cluster to act on. */
  readonly hasCluster: boolean;
}

/** Starts what `create` makes of the options that hold wherever the server runs. */
export async function startLanguageServer(
  { log, hasCluster }: LanguageServerOptions,
  create: (options: LanguageClientOptions) => BaseLanguageClient,
): Promise<LanguageServer> {
  const once = shownOnce();
  const client = create({
    documentSelector: manifestLanguages.map((language) => ({ language })),
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: {
      commands: hasCluster,
      migration: true,
      files: true,
      // Two formatters for one language make the editor ask which one is meant.
      format: !isNeighborInstalled(),
    },
    middleware: {
      ...once.middleware,
      ...documentSync(async (document) => {
        const params = client.code2ProtocolConverter.asOpenTextDocumentParams(document);
        await client.sendNotification(DidOpenTextDocumentNotification.type, params);
      }),
    },
  });
  client.onRequest(filesMethod, listFiles);
  client.onRequest(readFileMethod, (params: ReadFileParams) => readFile(params));
  showTold(client);
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
    migration: (document, range) => {
      const params: MigrationParams = {
        textDocument: { uri: client.code2ProtocolConverter.asUri(document.uri) },
        range: client.code2ProtocolConverter.asRange(range),
      };
      return client.sendRequest<MigrationResult | null>(migrationMethod, params);
    },
    completions: async (document, position, token) => {
      const params = client.code2ProtocolConverter.asTextDocumentPositionParams(document, position);
      const found = await client.sendRequest<LspCompletionList>(CompletionRequest.method, params, token);
      return toldCompletions(await client.protocol2CodeConverter.asCompletionResult(found, undefined, token));
    },
    followManifests: async (listener) => {
      const ask = async (): Promise<void> =>
        listener({ ...(await client.sendRequest<ManifestsResult>(manifestsMethod)), isAll: true });
      client.onNotification(manifestsChangedMethod, ({ files }: ManifestsResult) =>
        listener({ files, isAll: false }),
      );
      // A server that was started anew knows nothing of who asked the one before.
      client.onDidChangeState(({ newState }) => {
        if (newState === State.Running) ask().catch((error: unknown) => log.warn(String(error)));
      });
      await ask();
    },
    draft: (path, value) => {
      const params: DraftParams = { path, value };
      return client.sendRequest<DraftResult>(draftMethod, params);
    },
    toYaml: async (value) => {
      const params: ToYamlParams = { value };
      return (await client.sendRequest<ToYamlResult>(toYamlMethod, params)).text;
    },
    asWritten: async (document, position, value) => {
      const params: AsWrittenParams = {
        textDocument: { uri: client.code2ProtocolConverter.asUri(document.uri) },
        position,
        value,
      };
      return (await client.sendRequest<AsWrittenResult | null>(asWrittenMethod, params))?.text;
    },
    setClusterFacts: (facts) => client.sendNotification(clusterFactsMethod, facts),
    dispose: async () => {
      once.dispose();
      await client.dispose();
    },
  };
}
