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
import { clientFiles } from './client-files.ts';
import type { Client } from './client-options.ts';
import { readClient } from './client-options.ts';
import { toLspDiagnostic } from './convert.ts';
import { OpenDocuments } from './documents.ts';
import { Findings } from './findings.ts';
import { KnownFiles } from './known-files.ts';
import type { Platform } from './platform.ts';
import { Publisher } from './publisher.ts';
import { serveCommands } from './serve-commands.ts';
import { serveDiagnostics } from './serve-diagnostics.ts';
import { serveDrafts } from './serve-drafts.ts';
import { serveEditing } from './serve-editing.ts';
import { serveFixes } from './serve-fixes.ts';
import { serveManifests } from './serve-manifests.ts';
import { serveMigration } from './serve-migration.ts';
import { serveNavigation } from './serve-navigation.ts';
import { serveOutline } from './serve-outline.ts';
import { serveSituation } from './serve-situation.ts';
import type { Answer, FeatureGroup, Serving } from './serving.ts';
import { Situation } from './situation.ts';
import { WorkspaceScan } from './workspace-scan.ts';

/** Serves the Language Server Protocol on a connection, from `initialize` to `exit`. */
export function serve(connection: Connection, platform: Platform): void {
  const situation = new Situation();
  const documents = new OpenDocuments(() => ({ reconciler: situation.reconciler }));
  const files = new KnownFiles(documents, () => ({ reconciler: situation.reconciler }));
  const findings = new Findings(documents, files, situation);
  const diagnose: Serving['diagnose'] = ({ text }) =>
    findings.of(text.uri).map(({ slice, diagnostic, related }) => {
      const places = related.flatMap((place) => findings.toRelatedInformation(place));
      return toLspDiagnostic(text, slice, diagnostic, client, places);
    });
  const publisher = new Publisher(
    documents,
    {
      takeChanged: () => findings.takeChanged(),
      diagnose,
      refresh: () => (client.pullsDiagnostics ? refreshDiagnostics : undefined),
    },
    connection,
    platform.defer,
  );
  const refreshDiagnostics = (): void => {
    if (client.canRefreshDiagnostics) void connection.languages.diagnostics.refresh();
  };
  const checkAgain = (): void => publisher.schedule();
  const listeners = new Set<() => void>();
  const tellNews = (): void => {
    for (const listener of listeners) listener();
  };
  const scan = new WorkspaceScan(connection, platform.defer, files, () => {
    checkAgain();
    tellNews();
  });
  let client: Client = readClient(undefined, {});

  connection.onInitialize((params) => {
    client = readClient(params.initializationOptions, params.capabilities, platform.documentation);
    const source = platform.files ?? (client.hasFiles ? clientFiles(connection) : undefined);
    if (source !== undefined) scan.prepare(source, foldersOf(params), client.canBeToldToWatch);
    return initializeResult(params, client);
  });
  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
    const compileMore = platform.compileLess?.();
    try {
      documents.open(uri, languageId, version, text);
      publisher.schedule(uri);
      scan.startSoonAfter(uri);
      tellNews();
    } finally {
      // Behind what is published of it.
      if (compileMore !== undefined) platform.defer(compileMore);
    }
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    if (!documents.change(uri, contentChanges, version)) return;
    publisher.schedule(uri);
    scan.startSoonAfter(uri);
    tellNews();
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    documents.close(uri);
    publisher.withdraw(uri);
    scan.readAgain(uri);
    tellNews();
  });
  connection.onShutdown(() => scan.stop());

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
  const serving: Serving = {
    connection,
    platform,
    base: createBaseService(),
    answer,
    client: () => client,
    situation,
    files,
    checkAgain,
    onNews: (listener) => listeners.add(listener),
    lookAround: () => scan.lookAround(),
    changeFolders: (added, removed) => scan.changeFolders(added, removed),
    findings,
    diagnose,
  };
  for (const group of groups) group.serve(serving);
  connection.listen();
}

const groups: readonly FeatureGroup[] = [
  serveEditing,
  serveDiagnostics,
  serveFixes,
  serveOutline,
  serveNavigation,
  serveCommands,
  serveDrafts,
  serveSituation,
  serveMigration,
  serveManifests,
];

function initializeResult(params: InitializeParams, client: Client): InitializeResult {
  return {
    serverInfo: { name: 'egress-router', ...programVersionOf() },
    capabilities: {
      positionEncoding: PositionEncodingKind.UTF16,
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      ...Object.assign({}, ...groups.map((group) => group.capabilities(client, params.capabilities))),
    },
  };
}

/** Put in when the bundle is made; the sources by themselves have no version. */
declare const programVersion: string | undefined;

function programVersionOf(): { readonly version?: string } {
  return typeof programVersion === 'string' ? { version: programVersion } : {};
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  if (workspaceFolders !== undefined && workspaceFolders !== null)
    return workspaceFolders.map(({ uri }) => uri);
  return rootUri === null ? [] : [rootUri];
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
