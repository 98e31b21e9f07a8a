import { commands, type ExtensionContext, ExtensionMode, Uri, window, workspace } from 'vscode';
import {
  deployCommand,
  diffCommand,
  exposeCommand,
  migrateCommand,
  revealCommand,
  teardownCommand,
} from '#core/protocol.ts';
import { offerBeginnings } from './beginnings.ts';
import { ClusterConnection, type Selection } from './cluster/connection.ts';
import { FactsFeed } from './cluster/facts-feed.ts';
import { watchFiles } from './cluster/kubeconfig-watch.ts';
import { StatusItem } from './cluster/status-item.ts';
import { toStatusText } from './cluster/status-text.ts';
import { WebConsole } from './commands/console.ts';
import { copyAddress } from './commands/copy-address.ts';
import { deploy, deployFiles } from './commands/deploy.ts';
import type { Desk } from './commands/desk.ts';
import { diff } from './commands/diff.ts';
import { diffLive } from './commands/diff-live.ts';
import { showEvents } from './commands/events.ts';
import { explain } from './commands/explain.ts';
import { expose } from './commands/expose.ts';
import { filter } from './commands/filter.ts';
import { fixAll } from './commands/fix-all.ts';
import { installAgent } from './commands/install-agent.ts';
import { PodLogs } from './commands/logs.ts';
import { Migrations } from './commands/migrate.ts';
import { migrateLive } from './commands/migrate-live.ts';
import { newRouter } from './commands/new-router.ts';
import { openLive } from './commands/open-live.ts';
import { openManifest } from './commands/open-manifest.ts';
import { openSample } from './commands/open-sample.ts';
import { preflight } from './commands/preflight.ts';
import { removeAgent } from './commands/remove-agent.ts';
import { restart } from './commands/restart.ts';
import { reveal } from './commands/reveal.ts';
import { urisOf } from './commands/sources.ts';
import { switchContext, switchNamespace } from './commands/switch.ts';
import { teardown } from './commands/teardown.ts';
import { type Dialogs, editorDialogs } from './dialogs.ts';
import { t } from './l10n.ts';
import { Language } from './language.ts';
import { loadLanguageClient, loadOpenCluster } from './load.ts';
import { milestoneTeller } from './milestones.ts';
import { ReadOnlyTexts } from './read-only-texts.ts';
import { CommandError, commandRunner } from './report.ts';
import { SandboxCluster, sandboxContext } from './sandbox/sandbox-cluster.ts';
import { affectsKubeconfig, configuredKubeconfigPaths, kubeconfigFiles } from './settings.ts';
import { manifestNodes } from './tree/manifest-nodes.ts';
import { Manifests } from './tree/manifests.ts';
import type { Grouping } from './tree/router-list.ts';
import { routerId } from './tree/router-node.ts';
import { type Sidebar, SidebarMaker } from './tree/sidebar.ts';
import { type LayoutStore, TreeLayout } from './tree/tree-layout.ts';
import { RouterTree } from './tree/tree-view.ts';
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
  const dialogs = editorDialogs();
  const connection = new ClusterConnection(
    {
      load: () => {
        watchKubeconfig();
        return loadOpenCluster(context);
      },
      kubeconfigPaths: () =>
        sandbox.kubeconfigPaths.length === 0
          ? configuredKubeconfigPaths()
          : [...kubeconfigFiles(), ...sandbox.kubeconfigPaths],
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
    layout,
    log,
    run,
    select: async (selection) => {
      await storeSelection(context, selection);
      connection.select(selection);
    },
  };
  const migrations = new Migrations(desk);
  const logs = new PodLogs(desk);
  const webConsole = new WebConsole(desk);
  const tellMilestones = milestoneTeller(
    (key, value) => void commands.executeCommand('setContext', key, value),
  );
  const sandbox = new SandboxCluster({
    program: context.asAbsolutePath('dist/sandbox.mjs'),
    folder: Uri.joinPath(context.globalStorageUri, 'sandbox').fsPath,
    onKubeconfig: () => watchKubeconfig(),
  });
  let files: { readonly paths: string; dispose(): void } | undefined;
  const watchKubeconfig = () => {
    const paths = [...kubeconfigFiles(), ...sandbox.kubeconfigPaths];
    // Looking anew would miss what changed since the last look.
    if (files?.paths === paths.join('\n')) return;
    files?.dispose();
    const watch = watchFiles(paths, () => {
      log.info('The kubeconfig changed: connecting again');
      connection.reopen();
    });
    files = { paths: paths.join('\n'), dispose: () => watch.dispose() };
  };

  const command = (id: string, title: string, action: (argument: unknown) => Promise<void>) =>
    commands.registerCommand(id, (argument: unknown) => run(title, () => action(tree.toArgument(argument))));
  context.subscriptions.push(
    log,
    tree,
    status,
    language,
    offerBeginnings(language),
    feed,
    desk.texts,
    logs,
    sandbox,
    { dispose: () => connection.close() },
    { dispose: () => files?.dispose() },
    command(deployCommand, t`Deploy`, (argument) => deploy(desk, argument)),
    command(exposeCommand, t`Expose`, (argument) => expose(desk, argument)),
    command(teardownCommand, t`Tear Down`, (argument) => teardown(desk, argument)),
    command('egressRouter.newRouter', t`New Router`, () =>
      newRouter(desk, connection.selection.namespace, (uri) => deploy(desk, uri)),
    ),
    command('egressRouter.installAgent', t`Install Agent`, () => installAgent(desk)),
    command('egressRouter.removeAgent', t`Remove Agent`, () => removeAgent(desk)),
    command('egressRouter.restart', t`Restart`, (argument) => restart(desk, argument)),
    command(diffCommand, t`Diff`, (argument) => diff(desk, argument)),
    command(revealCommand, t`Show in View`, (argument) => reveal(desk, argument)),
    command(migrateCommand, t`Migrate`, (argument) => migrations.show(argument)),
    command('egressRouter.migrateLive', t`Migrate from Cluster`, () => migrateLive(desk, migrations)),
    command('egressRouter.applyMigration', t`Apply`, () => migrations.apply()),
    command('egressRouter.fixAll', t`Fix All`, fixAll),
    command('egressRouter.explain', t`Explain`, (argument) =>
      explain(dialogs, context.extensionUri, argument),
    ),
    command('egressRouter.filter', t`Filter`, () => filter(desk)),
    command('egressRouter.clearFilter', t`Clear Filter`, async () => layout.setFilter('')),
    command('egressRouter.groupByNamespace', t`Group by Namespace`, () => layout.group('namespace')),
    command('egressRouter.showFlat', t`Show as Flat List`, () => layout.group('flat')),
    command('egressRouter.openManifest', t`Open Manifest`, openManifest),
    command('egressRouter.showMore', t`Show More`, async (argument) => {
      sidebar.showMore(listOf(argument));
      tree.repaint();
    }),
    command('egressRouter.startSandbox', t`Start Sandbox Cluster`, () => sandbox.start(desk)),
    command('egressRouter.stopSandbox', t`Stop Sandbox Cluster`, () => sandbox.stop(desk)),
    command('egressRouter.openSample', t`Open Sample`, () => openSample(context.extensionUri)),
    command('egressRouter.getStarted', t`Get Started`, async () => {
      const walkthrough = `${context.extension.id}#firstRouter`;
      await commands.executeCommand('workbench.action.openWalkthrough', walkthrough, false);
    }),
    command('egressRouter.openLive', t`Open Live Object`, (argument) => openLive(desk, argument)),
    command('egressRouter.diffLive', t`Diff with Manifest`, (argument) => diffLive(desk, argument)),
    command('egressRouter.showLogs', t`Show Logs`, (argument) => logs.show(argument)),
    command('egressRouter.showEvents', t`Show Events`, (argument) => showEvents(desk, argument)),
    command('egressRouter.openConsole', t`Open in Console`, (argument) => webConsole.open(argument)),
    command('egressRouter.copyAddress', t`Copy Address`, (argument) => copyAddress(desk, argument)),
    command('egressRouter.refresh', t`Refresh`, async () => {
      connection.reopen();
      desk.texts.refresh();
    }),
    command('egressRouter.switchContext', t`Switch Context`, () => switchContext(desk)),
    command('egressRouter.switchNamespace', t`Switch Namespace`, () => switchNamespace(desk)),
    command('egressRouter.preflight', t`Preflight`, (argument) => preflight(desk, argument)),
    commands.registerCommand('egressRouter.deployFiles', (argument: unknown, all: unknown) =>
      run(t`Deploy`, () => deployFiles(desk, urisOf(argument, all))),
    ),
    command('egressRouter.copy', t`Copy`, async (argument) => copyRow(dialogs, argument)),
    command('egressRouter.showOutput', t`Show Log`, async () => log.show()),
    command('egressRouter.openDocumentation', t`Open Documentation`, async () => {
      const readme = Uri.joinPath(context.extensionUri, 'README.md');
      await commands.executeCommand('markdown.showPreview', readme);
    }),
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

/** Of the row that stands for what is left out. */
function listOf(argument: unknown): string {
  const list = typeof argument === 'object' && argument !== null && 'list' in argument ? argument.list : '';
  return typeof list === 'string' ? list : '';
}

/** @param argument a row, or nothing where a keyboard shortcut of the person's started it */
async function copyRow(dialogs: Dialogs, argument: unknown): Promise<void> {
  const text = typeof argument === 'object' && argument !== null && 'copy' in argument ? argument.copy : '';
  if (typeof text !== 'string' || text === '') {
    throw new CommandError(t`Choose Copy on a row of the view Egress Routers.`);
  }
  await dialogs.copy(text);
}

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
