import type { LogOutputChannel } from 'vscode';
import type { ClusterConnection, Selection } from '#client/cluster/connection.ts';
import type { Dialogs } from '#client/dialogs.ts';
import type { Language } from '#client/language.ts';
import type { ReadOnlyTexts } from '#client/read-only-texts.ts';
import type { CommandRunner } from '#client/report.ts';
import type { SidebarMaker } from '#client/tree/sidebar.ts';
import type { TreeLayout } from '#client/tree/tree-layout.ts';
import type { RouterTree } from '#client/tree/tree-view.ts';

/** What commands work with. */
export interface Desk {
  readonly connection: ClusterConnection;
  readonly language: Language;
  readonly dialogs: Dialogs;
  readonly texts: ReadOnlyTexts;
  readonly tree: RouterTree;
  readonly sidebar: SidebarMaker;
  readonly layout: TreeLayout;
  /** Where the cluster says that its web console is. */
  readonly consoleUrl: () => string | undefined;
  readonly log: LogOutputChannel;
  /** Runs a command and tells what stops it. */
  readonly run: CommandRunner;
  /** Keeps the choice for this workspace and connects accordingly. */
  readonly select: (selection: Selection) => Promise<void>;
}

/** Tells something that may be answered at any time, without keeping the command open until then. */
export function offer(
  desk: Desk,
  message: string,
  action: string,
  accepted: () => Promise<void>,
  kind: 'information' | 'warning' = 'information',
): void {
  void desk.run(action, async () => {
    if ((await desk.dialogs.tell(kind, message, [action])) === action) await accepted();
  });
}

/** Says how a command on a router has ended, where the view does not show it. */
export function tellUnlessShown(
  desk: Pick<Desk, 'dialogs' | 'tree' | 'layout' | 'connection'>,
  { context, namespace }: { readonly context: string; readonly namespace: string },
  message: string,
): void {
  const { view } = desk.connection;
  const isLive =
    view.kind === 'open' &&
    view.snapshot.context === context &&
    view.snapshot.connection.kind === 'live' &&
    desk.tree.isVisible;
  if (!isLive || !isListed(desk, namespace)) void desk.dialogs.tell('information', message, []);
}

/** Nothing that a person has chosen leaves the routers of that namespace out of the view. */
export function isListed(
  { layout, connection }: Pick<Desk, 'layout' | 'connection'>,
  namespace: string,
): boolean {
  const listed = connection.selection.namespace;
  return layout.filter === '' && (listed === undefined || listed === namespace);
}
