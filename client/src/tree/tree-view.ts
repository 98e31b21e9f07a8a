import { commands, EventEmitter, type TreeDataProvider, type TreeItem, type TreeView, window } from 'vscode';
import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import type { ObjectName } from '#cluster/object-ref.ts';
import { redrawn } from './redraw.ts';
import { pathTo, type Sidebar } from './sidebar.ts';
import { toTreeItem } from './tree-item.ts';
import type { TreeNode } from './tree-node.ts';

/** Two repaints are at least this far apart, however fast the cluster changes. */
const repaintMs = 100;
const mostAttempts = 20;

/** As in package.json. */
const viewTitle = t`Egress Routers`;

export interface RouterTreeOptions {
  /** @param wanted the router whose row is to be among those drawn */
  readonly sidebar: (wanted: ObjectName | undefined) => Sidebar;
  /** Called when the view is first drawn: until then nothing looks at the cluster. */
  readonly onLook: () => void;
}

/**
 * The view *Egress Routers*. It draws what `sidebar` says, when it is told that this may have changed. The editor is
 * given the ids of rows, not rows: these are made anew, and it asks by what it was given.
 */
export class RouterTree implements TreeDataProvider<string> {
  readonly #changed = new EventEmitter<string[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: TreeView<string>;
  readonly #options: RouterTreeOptions;
  #shown: Sidebar | undefined;
  #head: Head | undefined;
  #paintedAt = Number.NEGATIVE_INFINITY;
  readonly #rows = new Map<string, Row>();
  /** The ids of the rows of the first level. */
  #top: readonly string[] = [];
  /** To be shown once there is a row of it. */
  #wanted: Wanted | undefined;
  /** Rows to be drawn again with the next repaint. */
  readonly #due = new Set<string>();
  #isAllDue = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: RouterTreeOptions) {
    this.#options = options;
    this.#view = window.createTreeView('egressRouters', { treeDataProvider: this, showCollapseAll: true });
  }

  getChildren(id?: string): string[] {
    if (id === undefined) {
      if (this.#shown === undefined) {
        this.#options.onLook();
        this.#paint();
      }
      return this.#shown?.nodes.map((node) => node.id) ?? [];
    }
    const row = this.#rows.get(id);
    if (row === undefined) return [];
    row.below = this.#keep(row.below, row.node.children?.() ?? [], id);
    return [...row.below];
  }

  getTreeItem(id: string): TreeItem {
    return toTreeItem(this.#rows.get(id)?.node ?? { id, label: '' });
  }

  /** For `reveal`. */
  getParent(id: string): string | undefined {
    return this.#rows.get(id)?.parent;
  }

  /** What is drawn now. */
  get shown(): Sidebar | undefined {
    return this.#shown;
  }

  /** The ids of the rows that are selected. */
  get selection(): readonly string[] {
    return this.#view.selection;
  }

  /** The row that is selected, for commands that were started on none. */
  get selectedRow(): TreeNode | undefined {
    return this.#rows.get(this.#view.selection[0] ?? '')?.node;
  }

  /** The router that it is, or stands below. */
  get selectedRouter(): ObjectName | undefined {
    for (let id = this.#view.selection[0]; id !== undefined; id = this.getParent(id)) {
      const router = this.#rows.get(id)?.node.router;
      if (router !== undefined) return router;
    }
    return undefined;
  }

  get isVisible(): boolean {
    return this.#view.visible;
  }

  /** What a command is started with: the row, of which a menu of the view knows the id alone. */
  toArgument(argument: unknown): unknown {
    if (typeof argument !== 'string') return argument;
    const row = this.#rows.get(argument);
    if (row !== undefined) return row.node;
    // Other texts that commands are started with are words.
    if (!/[ /]/.test(argument)) return argument;
    throw new CommandError(t`That row is no longer in the view. Choose the command on one that is.`);
  }

  repaint(): void {
    if (this.#shown === undefined) return;
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        const before = this.#shown?.nodes ?? [];
        const rows = redrawn(before, this.#paint().nodes);
        this.#fire(this.#isAllDue ? 'all' : rows);
        this.#revealWanted().catch(() => undefined); // the row has gone meanwhile
      },
      Math.max(0, this.#paintedAt + repaintMs - performance.now()),
    );
  }

  /** As `repaint`, and draws a row and what is below it again though the cluster has not changed; without an id, all. */
  redraw(id?: string): void {
    if (id === undefined) this.#isAllDue = true;
    else this.#due.add(id);
    this.repaint();
  }

  /** Selects the row of a router in the view, now or as soon as it is drawn. */
  async reveal(router: ObjectName): Promise<void> {
    await this.#show({ router, focus: true });
  }

  /** As `reveal`, for a person who goes on in the editor. */
  async showBeside(router: ObjectName): Promise<void> {
    await this.#show({ router, focus: false });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#view.dispose();
    this.#changed.dispose();
  }

  #fire(rows: ReturnType<typeof redrawn>): void {
    const due = [...this.#due].filter((id) => this.#rows.has(id));
    this.#due.clear();
    this.#isAllDue = false;
    if (rows === 'all') this.#changed.fire(undefined);
    else if (rows !== 'nothing') this.#changed.fire([...new Set([...rows.map(({ id }) => id), ...due])]);
    else if (due.length > 0) this.#changed.fire(due);
  }

  async #show(wanted: Wanted): Promise<void> {
    this.#wanted = wanted;
    await commands.executeCommand('egressRouters.focus', { preserveFocus: !wanted.focus });
    this.repaint();
    await this.#revealWanted();
  }

  async #revealWanted(): Promise<void> {
    const wanted = this.#wanted;
    if (wanted === undefined || this.#shown === undefined) return;
    const path = pathTo(wanted.router, this.#shown.grouping);
    for (const id of path.slice(0, -1)) if (this.#rows.has(id)) this.getChildren(id);
    const id = path.at(-1);
    if (id === undefined || !this.#rows.has(id)) return;
    this.#wanted = undefined;
    // A row that the editor has not taken over yet it passes over, without a word.
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      await this.#view.reveal(id, { select: true, focus: wanted.focus, expand: true });
      if (this.#view.selection.includes(id)) return;
      await new Promise<void>((resolve) => {
        setTimeout(resolve, repaintMs);
      });
      if (this.#wanted !== undefined || !this.#rows.has(id)) return;
    }
  }

  #paint(): Sidebar {
    const sidebar = this.#options.sidebar(this.#wanted?.router);
    this.#paintedAt = performance.now();
    this.#shown = sidebar;
    this.#top = this.#keep(this.#top, sidebar.nodes, undefined);
    // Each part of it is a message to the editor.
    const head = toHead(sidebar);
    if (JSON.stringify(head) !== JSON.stringify(this.#head)) this.#setHead(head);
    return sidebar;
  }

  #setHead(head: Head): void {
    const { title, message, description, troubled, welcome, grouping } = head;
    this.#head = head;
    this.#view.title = title;
    this.#view.message = message;
    this.#view.description = description;
    this.#view.badge =
      troubled === 0
        ? undefined
        : {
            value: troubled,
            tooltip: troubled === 1 ? t`1 router needs attention` : t`${troubled} routers need attention`,
          };
    void commands.executeCommand('setContext', 'egressRouter.state', welcome);
    void commands.executeCommand('setContext', 'egressRouter.grouping', grouping);
  }

  /** Rows beside each other as they are now; those below them stay until the editor asks for them again. */
  #keep(
    before: readonly string[],
    nodes: readonly TreeNode[],
    parent: string | undefined,
  ): readonly string[] {
    const ids = new Set(nodes.map(({ id }) => id));
    this.#forget(before.filter((id) => !ids.has(id)));
    for (const node of nodes) {
      const below = this.#rows.get(node.id)?.below ?? [];
      this.#rows.set(node.id, { node, parent, below });
    }
    return [...ids];
  }

  #forget(ids: readonly string[]): void {
    for (const id of ids) {
      const row = this.#rows.get(id);
      this.#rows.delete(id);
      if (row !== undefined) this.#forget(row.below);
    }
  }
}

/** What stands around the rows. The API has no "absent" here; an empty message lets a welcome text through. */
function toHead({ message = '', filter, welcome, grouping, troubled }: Sidebar) {
  return {
    title: viewTitle,
    message,
    description: filter === undefined ? '' : t`filtered: ${filter}`,
    troubled,
    welcome: welcome ?? '',
    grouping: grouping ?? '',
  };
}

type Head = ReturnType<typeof toHead>;

interface Wanted {
  readonly router: ObjectName;
  /** Whether the view takes it. */
  readonly focus: boolean;
}

interface Row {
  readonly node: TreeNode;
  readonly parent: string | undefined;
  below: readonly string[];
}
