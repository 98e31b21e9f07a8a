import { commands, type ExtensionContext, ExtensionMode, Uri, window, workspace } from 'vscode';
import { offerBeginnings } from './beginnings.ts';
import { ClusterConnection, type Selection } from './cluster/connection.ts';
import { FactsFeed } from './cluster/facts-feed.ts';
import { watchFiles } from './cluster/kubeconfig-watch.ts';
import { StatusItem } from './cluster/status-item.ts';
import { toStatusText } from './cluster/status-text.ts';
import { WebConsole } from './cluster/web-console.ts';
import { type CommandId, commandIds, commandTitles } from './command-titles.ts';
import type { Commands } from './commands/all.ts';
import type { Desk } from './commands/desk.ts';
import { type Dialogs, editorDialogs } from './dialogs.ts';
import { t } from './l10n.ts';
import { Language } from './language.ts';
import { loadCommands, loadLanguageClient, loadOpenCluster } from './load.ts';
import { milestoneTeller } from './milestones.ts';
import { ReadOnlyTexts } from './read-only-texts.ts';
import { commandRunner } from './report.ts';
import { sandboxContext } from './sandbox/sandbox-context.ts';
import { affectsKubeconfig, configuredKubeconfigPaths, kubeconfigFiles } from './settings.ts';
import { manifestNodes } from './tree/manifest-nodes.ts';
import { Manifests } from './tree/manifests.ts';
import type { Grouping } from './tree/router-list.ts';
import { routerId } from './tree/router-node.ts';
import { type Sidebar, SidebarMaker } from './tree/sidebar.ts';
import { type LayoutStore, TreeLayout } from './tree/tree-layout.ts';
import { RouterTree } from './tree/tree-view.ts';
import { UnderWay } from './under-way.ts';
import { introduceToNeighbor } from './yaml-neighbor.ts';

/** What the host suite is given to look inside; a person's VS Code gets nothing. */
export interface TestApi {
  /** Tests replace its functions by answers of their own. */
  readonly dialogs: Dialogs;
  readonly sidebar: () => Sidebar | undefined;
  /** The ids of the rows that are selected in it. */
  readonly selection: () => readonly string[];
  readonly hasLanguageServer: () => boolean;
}

/** Registers and returns: no network, no process, no file. The texts of open editors are scanned, no more. */
export function activate(context: ExtensionContext): TestApi | undefined {
  const log = window.createOutputChannel('Egress Router Tools', { log: true });
  const dialogs = editorDialogs(underWay);
  const connection = new ClusterConnection(
    {
      load: () => {
        watchKubeconfig();
        return loadOpenCluster(context);
      },
      kubeconfigPaths: () =>
        sandboxPaths().length === 0 ? configuredKubeconfigPaths() : [...kubeconfigFiles(), ...sandboxPaths()],
      mayRunPrograms: () => workspace.isTrusted,
      log: (line) => log.info(line),
      onPlace: () => showStatus(),
    },
    storedSelection(context),
    () => {
      tree.repaint();
      showStatus();
      feed.update(connection.view);
      webConsole.update(connection.view);
      tellMilestones(connection.view);
    },
  );
  const status = new StatusItem();
  const showStatus = () =>
    status.show(toStatusText(connection.view, connection.place, connection.selection.namespace));
  const layout = new TreeLayout(storedLayout(context), ({ filter: words }) => {
    void commands.executeCommand('setContext', 'egressRouter.filtered', words !== '');
    tree.repaint();
  });
  const manifests = new Manifests({
    follow: (listener) => language.followManifests(listener),
    read: (router) => connection.use((session) => session.read(router, AbortSignal.timeout(readMs))),
    defaultNamespace: () => connection.place?.namespace,
    onChange: (router) => tree.redraw(router && routerId(router)),
    log: (line) => log.info(line),
  });
  const sidebar = new SidebarMaker((router) =>
    manifestNodes(routerId(router), manifests.of(router), (uri) =>
      workspace.asRelativePath(Uri.parse(uri, true)),
    ),
  );
  const tree = new RouterTree({
    sidebar: (wanted) =>
      sidebar.make(connection.view, {
        namespace: connection.selection.namespace,
        grouping: layout.grouping,
        filter: layout.filter,
        wanted,
      }),
    onLook: () => connection.watch(),
  });
  const run = commandRunner(dialogs, log, {
    switchContext: async () => commands.executeCommand('egressRouter.switchContext'),
    manageTrust: async () => commands.executeCommand('workbench.trust.manage'),
  });
  const language = new Language(
    async () => {
      await introduceToNeighbor((line) => log.info(line));
      return loadLanguageClient(context)(context, log);
    },
    (error) => void run(t`Language server`, () => Promise.reject(error)),
  );
  const feed = new FactsFeed({
    surroundings: (signal) => connection.use((session) => session.surroundings(signal)),
    send: (facts) => language.setClusterFacts(facts),
    log: (line) => log.info(line),
  });
  const desk: Desk = {
    connection,
    language,
    dialogs,
    texts: new ReadOnlyTexts((line) => log.info(line)),
    tree,
    sidebar,
    layout,
    consoleUrl: () => webConsole.url,
    log,
    run,
    select: async (selection) => {
      await storeSelection(context, selection);
      connection.select(selection);
    },
  };
  const webConsole = new WebConsole({
    read: (context, signal) =>
      connection.use(async (session) =>
        session.context === context ? session.consoleUrl(signal) : undefined,
      ),
    log: (line) => log.info(line),
  });
  const tellMilestones = milestoneTeller(
    (key, value) => void commands.executeCommand('setContext', key, value),
  );
  let made: Commands | undefined;
  const sandboxPaths = () => made?.kubeconfigPaths() ?? [];
  const runCommand = (id: CommandId, argument: unknown, all: unknown) => {
    made ??= loadCommands(context)(desk, {
      extension: context.extensionUri,
      extensionId: context.extension.id,
      storage: context.globalStorageUri,
      onKubeconfig: watchKubeconfig,
    });
    return made.run(id, tree.toArgument(argument), all);
  };
  let files: { readonly paths: string; dispose(): void } | undefined;
  const watchKubeconfig = () => {
    const paths = [...kubeconfigFiles(), ...sandboxPaths()];
    // Looking anew would miss what changed since the last look.
    if (files?.paths === paths.join('\n')) return;
    files?.dispose();
    const watch = watchFiles(paths, () => {
      log.info('The kubeconfig changed: connecting again');
      connection.reopen();
      // As after a login: what could not be read by the old one.
      desk.texts.refresh();
    });
    files = { paths: paths.join('\n'), dispose: () => watch.dispose() };
  };

  const registerCommand = (id: CommandId) =>
    commands.registerCommand(id, (argument: unknown, all: unknown) =>
      run(commandTitles[id], () => runCommand(id, argument, all)),
    );
  context.subscriptions.push(
    log,
    tree,
    status,
    language,
    offerBeginnings(language),
    feed,
    webConsole,
    desk.texts,
    { dispose: () => made?.dispose() },
    { dispose: () => connection.close() },
    { dispose: () => files?.dispose() },
    ...commandIds.map(registerCommand),
    workspace.onDidGrantWorkspaceTrust(() => connection.reopen()),
    workspace.onDidChangeConfiguration((change) => {
      if (affectsKubeconfig(change)) connection.reopen();
    }),
  );
  if (context.extensionMode !== ExtensionMode.Test) return undefined;
  return {
    dialogs,
    sidebar: () => tree.shown,
    selection: () => tree.selection,
    hasLanguageServer: () => language.hasStarted,
  };
}

/** VS Code waits for it a few seconds: a restart that has scaled down scales up again before the window is gone. */
export async function deactivate(): Promise<void> {
  await underWay.end();
}

/** `deactivate` is given nothing, so this is where it finds what `activate` has begun. */
const underWay = new UnderWay();

function storedLayout({ workspaceState }: ExtensionContext): LayoutStore {
  const key = 'grouping';
  return {
    grouping: () => workspaceState.get<Grouping>(key, 'flat'),
    keepGrouping: async (grouping) => workspaceState.update(key, grouping),
  };
}

/** For a router that is compared with its manifest, while nobody waits for it. */
const readMs = 15_000;

const selectionKey = 'selection';

function storedSelection(context: ExtensionContext): Selection {
  const stored = context.workspaceState.get<Selection>(selectionKey, {});
  // The sandbox ended with the window.
  return stored.context === sandboxContext ? {} : stored;
}

async function storeSelection(context: ExtensionContext, selection: Selection): Promise<void> {
  await context.workspaceState.update(selectionKey, selection);
}
