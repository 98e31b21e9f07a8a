import {
  deployCommand,
  diffCommand,
  exposeCommand,
  migrateCommand,
  revealCommand,
  teardownCommand,
} from '#core/protocol.ts';
import { t } from './l10n.ts';

/** Every command, with what its messages and its lines in the log begin with. package.json has the same ids. */
export const commandTitles = {
  [deployCommand]: t`Deploy`,
  'egressRouter.deployFiles': t`Deploy`,
  [exposeCommand]: t`Expose`,
  [teardownCommand]: t`Tear Down`,
  'egressRouter.newRouter': t`New Router`,
  'egressRouter.installAgent': t`Install Agent`,
  'egressRouter.removeAgent': t`Remove Agent`,
  'egressRouter.restart': t`Restart`,
  [diffCommand]: t`Diff`,
  [revealCommand]: t`Show in View`,
  [migrateCommand]: t`Migrate`,
  'egressRouter.migrateLive': t`Migrate from Cluster`,
  'egressRouter.applyMigration': t`Apply`,
  'egressRouter.fixAll': t`Fix All`,
  'egressRouter.explain': t`Explain`,
  'egressRouter.filter': t`Filter`,
  'egressRouter.clearFilter': t`Clear Filter`,
  'egressRouter.groupByNamespace': t`Group by Namespace`,
  'egressRouter.showFlat': t`Show as Flat List`,
  'egressRouter.showMore': t`Show More`,
  'egressRouter.openManifest': t`Open Manifest`,
  'egressRouter.startSandbox': t`Start Sandbox Cluster`,
  'egressRouter.stopSandbox': t`Stop Sandbox Cluster`,
  'egressRouter.openSample': t`Open Sample`,
  'egressRouter.getStarted': t`Get Started`,
  'egressRouter.openLive': t`Open Live Object`,
  'egressRouter.diffLive': t`Diff with Manifest`,
  'egressRouter.showLogs': t`Show Logs`,
  'egressRouter.showEvents': t`Show Events`,
  'egressRouter.openConsole': t`Open in Console`,
  'egressRouter.copyAddress': t`Copy Address`,
  'egressRouter.copy': t`Copy`,
  'egressRouter.refresh': t`Refresh`,
  'egressRouter.switchContext': t`Switch Context`,
  'egressRouter.switchNamespace': t`Switch Namespace`,
  'egressRouter.preflight': t`Preflight`,
  'egressRouter.showOutput': t`Show Log`,
  'egressRouter.openDocumentation': t`Open Documentation`,
} as const satisfies Readonly<Record<string, string>>;

export type CommandId = keyof typeof commandTitles;

export const commandIds: readonly CommandId[] = Object.keys(commandTitles).filter(isCommandId);

function isCommandId(id: string): id is CommandId {
  return Object.hasOwn(commandTitles, id);
}
