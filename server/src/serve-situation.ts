import { CodeLensRefreshRequest, DidChangeConfigurationNotification } from 'vscode-languageserver';
import { clusterFactsMethod } from '#core/protocol.ts';
import { parseClusterFacts } from '#core/relations/cluster-facts.ts';
import type { FeatureGroup, Serving } from './serving.ts';
import { readSettings, sectionOf, settingsSection } from './settings.ts';

/** What the client tells besides its documents: settings, folders, and what its cluster knows. */
export const serveSituation: FeatureGroup = {
  capabilities: ({ hasFolders }) =>
    hasFolders ? { workspace: { workspaceFolders: { supported: true, changeNotifications: true } } } : {},
  serve: (serving) => {
    const { connection, client, situation, changeFolders } = serving;
    connection.onInitialized(() => {
      const { canBeAskedForSettings, canBeToldToPushSettings, hasFolders, settings } = client();
      if (hasFolders) {
        connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) =>
          changeFolders(
            added.map(({ uri }) => uri),
            removed.map(({ uri }) => uri),
          ),
        );
      }
      if (canBeToldToPushSettings) {
        const options = { section: settingsSection };
        void connection.client.register(DidChangeConfigurationNotification.type, options);
      }
      if (canBeAskedForSettings) void askForSettings(serving);
      else take(serving, () => situation.configure(readSettings(settings)));
    });
    connection.onDidChangeConfiguration(({ settings }: { settings: unknown }) => {
      if (client().canBeAskedForSettings) void askForSettings(serving);
      else take(serving, () => situation.configure(readSettings(sectionOf(settings) ?? client().settings)));
    });
    connection.onNotification(clusterFactsMethod, (facts: unknown) => {
      take(serving, () =>
        situation.connect(facts === null || facts === undefined ? undefined : parseClusterFacts(facts)),
      );
      const { canRefreshHints, canRefreshLenses } = client();
      if (canRefreshLenses) void connection.sendRequest(CodeLensRefreshRequest.type);
      if (canRefreshHints) void connection.languages.inlayHint.refresh();
    });
  },
};

async function askForSettings(serving: Serving): Promise<void> {
  const { connection, situation, client } = serving;
  try {
    const section: unknown = await connection.workspace.getConfiguration(settingsSection);
    // A client that can be asked need not have any for us.
    take(serving, () => situation.configure(readSettings(section ?? client().settings)));
  } catch (error) {
    // The client may be on its way out; the settings stay as they were.
    connection.console.warn(`The settings cannot be had: ${String(error)}`);
  }
}

/** What has been said of open documents may hold no longer. */
function take({ checkAgain }: Serving, change: () => void): void {
  change();
  checkAgain();
}
