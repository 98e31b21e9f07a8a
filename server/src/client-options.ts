import type { ClientCapabilities } from 'vscode-languageserver';

/** What the client can, and what it said of itself in `initializationOptions`; all of that may be left out. */
export interface Client {
  /** `commands`: it has the commands that code lenses carry. Without them there are no lenses. */
  readonly hasCommands: boolean;
  /** `format`: false where another extension formats YAML already. */
  readonly wantsFormat: boolean;
  /** `snippets`: it has the snippets of this project, so that a whole manifest would be proposed twice. */
  readonly hasManifests: boolean;
  /** It takes completions with places to fill in. */
  readonly takesSnippets: boolean;
}

export function readClient(options: unknown, capabilities: ClientCapabilities): Client {
  const given = typeof options === 'object' && options !== null ? options : {};
  return {
    hasCommands: 'commands' in given && given.commands === true,
    wantsFormat: !('format' in given && given.format === false),
    hasManifests: 'snippets' in given && given.snippets === true,
    takesSnippets: capabilities.textDocument?.completion?.completionItem?.snippetSupport === true,
  };
}
