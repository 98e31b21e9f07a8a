import { commands, Uri } from 'vscode';
import type { CommandId } from '#client/command-titles.ts';
import { SandboxCluster } from '#client/sandbox/sandbox-cluster.ts';
import { hasGivenSandbox } from '#client/settings.ts';
import {
  deployCommand,
  diffCommand,
  exposeCommand,
  migrateCommand,
  revealCommand,
  teardownCommand,
} from '#core/protocol.ts';
import { openConsole } from './console.ts';
import { copyAddress } from './copy-address.ts';
import { copyRow } from './copy-row.ts';
import { deploy, deployFiles } from './deploy.ts';
import type { Desk } from './desk.ts';
import { diff } from './diff.ts';
import { diffLive } from './diff-live.ts';
import { showEvents } from './events.ts';
import { explain } from './explain.ts';
import { expose } from './expose.ts';
import { filter } from './filter.ts';
import { fixAll } from './fix-all.ts';
import { getStarted } from './get-started.ts';
import { installAgent } from './install-agent.ts';
import { PodLogs } from './logs.ts';
import { Migrations } from './migrate.ts';
import { migrateLive } from './migrate-live.ts';
import { newRouter } from './new-router.ts';
import { openLive } from './open-live.ts';
import { openManifest } from './open-manifest.ts';
import { openSample } from './open-sample.ts';
import { preflight } from './preflight.ts';
import { removeAgent } from './remove-agent.ts';
import { restart } from './restart.ts';
import { reveal } from './reveal.ts';
import { showMore } from './show-more.ts';
import { urisOf } from './sources.ts';
import { switchContext, switchNamespace } from './switch.ts';
import { teardown } from './teardown.ts';

export type MakeCommands = typeof makeCommands;
export type Commands = ReturnType<MakeCommands>;

export interface Installation {
  /** Where the extension's package is. */
  readonly extension: Uri;
  readonly extensionId: string;
  /** For what is the same in every window of this machine's user. */
  readonly storage: Uri;
  /** The kubeconfig of the sandbox has come or gone. */
  readonly onKubeconfig: () => void;
}

/**
 * What every command does. A bundle of its own, read with the first command: most windows that the extension wakes
 * up in are only edited in.
 */
export function makeCommands(desk: Desk, installation: Installation) {
  const { connection, layout, texts, log, dialogs } = desk;
  const { extension, extensionId, storage, onKubeconfig } = installation;
  const migrations = new Migrations(desk);
  const logs = new PodLogs(desk);
  const sandbox = new SandboxCluster({
    program: Uri.joinPath(extension, 'dist/sandbox.mjs').fsPath,
    folder: Uri.joinPath(storage, 'sandbox').fsPath,
    onKubeconfig,
    isGiven: hasGivenSandbox,
  });
  const actions: Readonly<Record<CommandId, Action>> = {
    [deployCommand]: (argument) => deploy(desk, argument),
    'egressRouter.deployFiles': (argument, all) => deployFiles(desk, urisOf(argument, all)),
    [exposeCommand]: (argument) => expose(desk, argument),
    [teardownCommand]: (argument) => teardown(desk, argument),
    'egressRouter.newRouter': () =>
      newRouter(desk, connection.selection.namespace, (uri) => deploy(desk, uri)),
    'egressRouter.installAgent': () => installAgent(desk),
    'egressRouter.removeAgent': () => removeAgent(desk),
    'egressRouter.restart': (argument) => restart(desk, argument),
    [diffCommand]: (argument) => diff(desk, argument),
    [revealCommand]: (argument) => reveal(desk, argument),
    [migrateCommand]: (argument) => migrations.show(argument),
    'egressRouter.migrateLive': () => migrateLive(desk, migrations),
    'egressRouter.applyMigration': () => migrations.apply(),
    'egressRouter.fixAll': fixAll,
    'egressRouter.explain': (argument) => explain(dialogs, extension, argument),
    'egressRouter.filter': () => filter(desk),
    'egressRouter.clearFilter': async () => layout.setFilter(''),
    'egressRouter.groupByNamespace': () => layout.group('namespace'),
    'egressRouter.showFlat': () => layout.group('flat'),
    'egressRouter.showMore': async (argument) => showMore(desk, argument),
    'egressRouter.openManifest': (argument) => openManifest(desk, argument),
    'egressRouter.startSandbox': () => sandbox.start(desk),
    'egressRouter.stopSandbox': () => sandbox.stop(desk),
    'egressRouter.openSample': () => openSample(extension),
    'egressRouter.getStarted': () => getStarted(desk, extensionId),
    'egressRouter.openLive': (argument) => openLive(desk, argument),
    'egressRouter.diffLive': (argument) => diffLive(desk, argument),
    'egressRouter.showLogs': (argument) => logs.show(argument),
    'egressRouter.showEvents': (argument) => showEvents(desk, argument),
    'egressRouter.openConsole': (argument) => openConsole(desk, argument),
    'egressRouter.copyAddress': (argument) => copyAddress(desk, argument),
    'egressRouter.copy': (argument) => copyRow(desk, argument),
    'egressRouter.refresh': async () => {
      connection.refresh();
      texts.refresh();
    },
    'egressRouter.switchContext': () => switchContext(desk),
    'egressRouter.switchNamespace': () => switchNamespace(desk),
    'egressRouter.preflight': (argument) => preflight(desk, argument),
    'egressRouter.showOutput': async () => log.show(),
    'egressRouter.openDocumentation': async () => {
      await commands.executeCommand('markdown.showPreview', Uri.joinPath(extension, 'README.md'));
    },
  };
  return {
    run: (id: CommandId, argument: unknown, all: unknown) => actions[id](argument, all),
    /** Of the sandbox, to be read after those of the person. */
    kubeconfigPaths: () => sandbox.kubeconfigPaths,
    dispose: async () => {
      logs.dispose();
      await sandbox.dispose();
    },
  };
}

/** @param all everything that is selected where the command was chosen, as the Explorer gives it */
type Action = (argument: unknown, all: unknown) => Promise<void>;
