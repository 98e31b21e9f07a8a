import { commands, EventEmitter, type TreeDataProvider, type TreeItem, type TreeView, window } from 'vscode';
import type { ObjectName } from '#cluster/object-ref.ts';
import type { Sidebar } from './sidebar.ts';
import { toTreeItem } from './tree-item.ts';
import type { TreeNode } from './tree-node.ts';

/** Two repaints are at least this far apart, however fast the cluster changes. */
const repaintMs = 100;

/** As in package.json. */
const viewTitle = 'Egress Routers';

/** The view *Egress Routers*. It draws what `sidebar` says, when it is told that this may have changed. */
export class RouterTree implements TreeDataProvider<TreeNode> {
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: TreeView<TreeNode>;
  readonly #sidebar: () => Sidebar;
  readonly #onLook: () => void;
  #shown: Sidebar | undefined;
  /** To be shown once there is a row of it. */
  #wanted: ObjectName | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param onLook called when the view is first drawn: until then nothing looks at the cluster. */
  constructor(sidebar: () => Sidebar, onLook: () => void) {
    this.#sidebar = sidebar;
    this.#onLook = onLook;
    this.#view = window.createTreeView('egressRouters', { treeDataProvider: this });
  }

  getChildren(node?: TreeNode): TreeNode[] {
    if (node !== undefined) return [...(node.children ?? [])];
    if (this.#shown === undefined) {
      this.#onLook();
      this.#paint();
    }
    return [...(this.#shown?.nodes ?? [])];
  }

  getTreeItem(node: TreeNode): TreeItem {
    return toTreeItem(node);
  }

  /** What is drawn now. */
  get shown(): Sidebar | undefined {
    return this.#shown;
  }

  repaint(): void {
    if (this.#shown === undefined) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#paint();
      this.#changed.fire(undefined);
      void this.#revealWanted();
    }, repaintMs);
  }

  /** For `reveal`, which only shows rows of the first level. */
  getParent(): undefined {
    return undefined;
  }

  /** Selects the row of a router in the view, now or as soon as it is drawn. */
  async reveal(router: ObjectName): Promise<void> {
    this.#wanted = router;
    await commands.executeCommand('egressRouters.focus');
    await this.#revealWanted();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#view.dispose();
    this.#changed.dispose();
  }

  async #revealWanted(): Promise<void> {
    const wanted = this.#wanted;
    const node = this.#shown?.nodes.find(
      ({ router }) => router?.name === wanted?.name && router?.namespace === wanted?.namespace,
    );
    if (wanted === undefined || node === undefined) return;
    this.#wanted = undefined;
    await this.#view.reveal(node, { select: true, focus: true, expand: true });
  }

  #paint(): void {
    const sidebar = this.#sidebar();
    this.#shown = sidebar;
    // A container with one view shows this after its own title. Where there are rows, the first one says it.
    this.#view.title = sidebar.nodes.length > 0 ? viewTitle : sidebar.place;
    // The API has no "absent" here; an empty text shows nothing and lets a welcome text through.
    this.#view.message = sidebar.message ?? '';
    void commands.executeCommand('setContext', 'egressRouter.state', sidebar.welcome ?? '');
  }
}
