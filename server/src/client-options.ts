import type { ClientCapabilities } from 'vscode-languageserver';

/** What the client can, and what it said of itself in `initializationOptions`; all of that may be left out. */
export interface Client {
  /** `commands`: it has the commands that code lenses carry. Without them there are no lenses. */
  readonly hasCommands: boolean;
  /** `format`: false where another extension formats YAML already. */
  readonly wantsFormat: boolean;
  /** `migration`: it shows what a migration comes to, by `migrateCommand`, before anything is changed. */
  readonly showsMigration: boolean;
  /** `files`: it answers for the files of the workspace where the server has none. */
  readonly hasFiles: boolean;
  /** It can have several folders open, and tells when they change. */
  readonly hasFolders: boolean;
  /** `settings`: the section of the settings, for clients that can neither be asked nor push them. */
  readonly settings: unknown;
  /** `documentation`: the address of a code's page, with `{code}` in it; else where the pages lie beside the program. */
  readonly documentation: string | undefined;
  /** It shows the page of a code, tags, and other places that have a part in a diagnostic. */
  readonly takesCodeDescription: boolean;
  readonly takesTags: boolean;
  readonly takesRelatedPlaces: boolean;
  /** It asks for diagnostics, and takes none that it did not ask for. */
  readonly pullsDiagnostics: boolean;
  readonly canRefreshDiagnostics: boolean;
  /** It takes completions with places to fill in. */
  readonly takesSnippets: boolean;
  /** It shows Markdown on hover, and beside completions. */
  readonly takesHoverMarkdown: boolean;
  readonly takesItemMarkdown: boolean;
  /** It draws a few words beside the label of a completion. */
  readonly takesLabelDetails: boolean;
  /** It shows an outline with branches. */
  readonly takesTree: boolean;
  /** It takes code actions that are more than commands. */
  readonly takesCodeActions: boolean;
  /** It asks for the edit of a code action when one is chosen. */
  readonly resolvesEdits: boolean;
  /** It shows why a code action cannot be chosen. */
  readonly showsDisabled: boolean;
  /** It makes edits that the server asks for. */
  readonly appliesEdits: boolean;
  readonly takesVersionedEdits: boolean;
  /** It can ask the person before it makes an edit, and say what there is to know of it. */
  readonly confirmsEdits: boolean;
  /** It asks whether there is something to rename before it asks for the name. */
  readonly canPrepareRename: boolean;
  readonly canBeAskedForSettings: boolean;
  readonly canBeToldToWatch: boolean;
  readonly canBeToldToPushSettings: boolean;
  /** It draws inlay hints and code lenses again when it is asked to. */
  readonly canRefreshHints: boolean;
  readonly canRefreshLenses: boolean;
}

/** @param pages where the pages of the codes lie beside the program, as `documentation` */
export function readClient(options: unknown, capabilities: ClientCapabilities, pages?: string): Client {
  const given = new Map<string, unknown>(
    typeof options === 'object' && options !== null ? Object.entries(options) : [],
  );
  const { textDocument = {}, workspace = {} } = capabilities;
  const { codeAction, completion, documentSymbol, hover, publishDiagnostics, rename } = textDocument;
  const documentation = given.get('documentation');
  return {
    hasCommands: given.get('commands') === true,
    wantsFormat: given.get('format') !== false,
    showsMigration: given.get('migration') === true,
    hasFiles: given.get('files') === true,
    hasFolders: workspace.workspaceFolders === true,
    settings: given.get('settings'),
    documentation: typeof documentation === 'string' ? documentation : pages,
    takesCodeDescription: publishDiagnostics?.codeDescriptionSupport === true,
    takesTags: publishDiagnostics?.tagSupport !== undefined,
    takesRelatedPlaces: publishDiagnostics?.relatedInformation === true,
    pullsDiagnostics: publishDiagnostics === undefined && textDocument.diagnostic !== undefined,
    canRefreshDiagnostics: workspace.diagnostics?.refreshSupport === true,
    takesSnippets: completion?.completionItem?.snippetSupport === true,
    takesHoverMarkdown: hover?.contentFormat?.includes('markdown') === true,
    takesItemMarkdown: completion?.completionItem?.documentationFormat?.includes('markdown') === true,
    takesLabelDetails: completion?.completionItem?.labelDetailsSupport === true,
    takesTree: documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    takesCodeActions: codeAction?.codeActionLiteralSupport !== undefined,
    resolvesEdits:
      codeAction?.dataSupport === true && codeAction.resolveSupport?.properties.includes('edit') === true,
    showsDisabled: codeAction?.disabledSupport === true,
    appliesEdits: workspace.applyEdit === true,
    takesVersionedEdits: workspace.workspaceEdit?.documentChanges === true,
    confirmsEdits:
      workspace.workspaceEdit?.documentChanges === true &&
      workspace.workspaceEdit.changeAnnotationSupport !== undefined,
    canPrepareRename: rename?.prepareSupport === true,
    canBeAskedForSettings: workspace.configuration === true,
    canBeToldToWatch: workspace.didChangeWatchedFiles?.dynamicRegistration === true,
    canBeToldToPushSettings: workspace.didChangeConfiguration?.dynamicRegistration === true,
    canRefreshHints: workspace.inlayHint?.refreshSupport === true,
    canRefreshLenses: workspace.codeLens?.refreshSupport === true,
  };
}
