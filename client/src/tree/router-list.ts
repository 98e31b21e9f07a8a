import { t } from '#client/l10n.ts';
import type { ObjectName } from '#cluster/object-ref.ts';
import type { RouterState, RouterView } from '#cluster/view.ts';
import { routerNode, stateText } from './router-node.ts';
import type { TreeNode } from './tree-node.ts';

export type Grouping = 'namespace' | 'flat';

export interface ListOptions {
  readonly grouping: Grouping;
  /** False where the routers of one namespace alone are listed: its name says nothing then. */
  readonly hasNamespaces: boolean;
  /** How many there are, whether they are listed or not. */
  readonly total: number;
  /** Its row is among those that are drawn, however long the list is. */
  readonly wanted?: ObjectName | undefined;
}

/**
 * The rows of many routers. It keeps what it made as long as the routers are the same: an unchanged router, and a
 * namespace in which nothing changed, keep their row, so that only the others are drawn anew.
 */
export class RouterList {
  readonly #belowRouter: ((router: RouterView) => readonly TreeNode[]) | undefined;
  readonly #rows = new WeakMap<RouterView, { readonly key: string; readonly node: TreeNode }>();
  readonly #groups = new Map<string, Group>();
  /** How many rows of a list a person asked for, by the id of the row above them. */
  readonly #pages = new Map<string, number>();

  /** @param belowRouter rows to stand last below a router, made when it is opened */
  constructor(belowRouter?: (router: RouterView) => readonly TreeNode[]) {
    this.#belowRouter = belowRouter;
  }

  /** @param routers by namespace, then name */
  toNodes(routers: readonly RouterView[], options: ListOptions): readonly TreeNode[] {
    const sorted = byState(routers);
    const isOpen = options.total <= openedRouters;
    if (options.grouping === 'flat' || !options.hasNamespaces) {
      const rows = this.#page(rootId, sorted, ({ namespace, name }) =>
        isNamed(options.wanted, namespace, name),
      );
      return [
        ...rows.shown.map((router) => this.#row(router, isOpen, options.hasNamespaces)),
        ...moreNodes(rootId, rows.hidden, t`${rows.hidden} routers are not shown`),
      ];
    }
    const namespaces = byNamespace(sorted);
    for (const known of this.#groups.keys()) if (!namespaces.has(known)) this.#groups.delete(known);
    const groups = [...namespaces];
    const rows = this.#page(rootId, groups, ([namespace]) => options.wanted?.namespace === namespace);
    const nodes = rows.shown.map(([namespace, own]) => this.#groupRow(namespace, own, options));
    return [...nodes, ...moreNodes(rootId, rows.hidden, t`${rows.hidden} namespaces are not shown`)];
  }

  /** Draws more rows of a list that is too long to be drawn at once. */
  showMore(listId: string): void {
    this.#pages.set(listId, this.#pageSize(listId) + pageRows);
    this.#groups.clear();
  }

  #row(router: RouterView, isOpen: boolean, hasNamespace: boolean): TreeNode {
    const key = `${isOpen} ${hasNamespace}`;
    const known = this.#rows.get(router);
    if (known?.key === key) return known.node;
    const node = routerNode(router, { isOpen, hasNamespace, last: this.#belowRouter });
    this.#rows.set(router, { key, node });
    return node;
  }

  #groupRow(namespace: string, routers: readonly RouterView[], { wanted, total }: ListOptions): TreeNode {
    const known = this.#groups.get(namespace);
    const isOpen = total <= openedGroups;
    const isWanted = (one: RouterView): boolean => isNamed(wanted, one.namespace, one.name);
    const keeps = known?.isOpen === isOpen && isSameList(known.routers, routers);
    if (keeps && wanted?.namespace !== namespace) return known.node;
    const listId = namespaceId(namespace);
    const node = namespaceNode(namespace, routers, isOpen, () => {
      const page = this.#page(listId, routers, isWanted);
      return [
        ...page.shown.map((router) => this.#row(router, total <= openedRouters, false)),
        ...moreNodes(listId, page.hidden, t`${page.hidden} routers are not shown`),
      ];
    });
    this.#groups.set(namespace, { routers, isOpen, node });
    return node;
  }

  #page<T>(
    listId: string,
    all: readonly T[],
    isWanted: (one: T) => boolean,
  ): { readonly shown: readonly T[]; readonly hidden: number } {
    const index = all.length > this.#pageSize(listId) ? all.findIndex(isWanted) : -1;
    while (index >= this.#pageSize(listId)) this.showMore(listId);
    const shown = all.slice(0, this.#pageSize(listId));
    return { shown, hidden: all.length - shown.length };
  }

  #pageSize(listId: string): number {
    return this.#pages.get(listId) ?? pageRows;
  }
}

/** The row of a namespace, above those of its routers. No router has a name that is empty. */
export function namespaceId(namespace: string): string {
  return `${namespace}/`;
}

/** `2 degraded · 1 ready`: worst first. */
function countText(routers: readonly RouterView[]): string {
  const counts = new Map<string, number>();
  for (const { state } of routers) {
    const text = stateText(state).toLowerCase();
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => `${count} ${text}`).join(' · ');
}

/** So many rows of a list are drawn at once: what a person sees at a glance, and what an editor draws in a moment. */
const pageRows = 250;

/** So few routers are shown with all that belongs to them. */
const openedRouters = 3;

/** So few are shown below their namespaces. */
const openedGroups = 30;

const rootId = '';

/** What a namespace was drawn from. */
interface Group {
  readonly routers: readonly RouterView[];
  readonly isOpen: boolean;
  readonly node: TreeNode;
}

/** Worst first. */
const stateOrder: readonly RouterState['kind'][] = [
  'degraded',
  'address-conflict',
  'stale-rules',
  'not-reconciled',
  'progressing',
  'deleting',
  'simulated',
  'ready',
];

/** Keeps the order of routers in the same state. */
function byState(routers: readonly RouterView[]): readonly RouterView[] {
  const buckets = new Map<string, RouterView[]>(stateOrder.map((kind) => [kind, []]));
  for (const router of routers) buckets.get(router.state.kind)?.push(router);
  return [...buckets.values()].flat();
}

/** The one with the worst router first. */
function byNamespace(sorted: readonly RouterView[]): ReadonlyMap<string, readonly RouterView[]> {
  const routers = new Map<string, RouterView[]>();
  for (const router of sorted) {
    const others = routers.get(router.namespace);
    if (others === undefined) routers.set(router.namespace, [router]);
    else others.push(router);
  }
  return routers;
}

/** @param routers the worst first */
function namespaceNode(
  namespace: string,
  routers: readonly RouterView[],
  isOpen: boolean,
  children: () => readonly TreeNode[],
): TreeNode {
  const counts = countText(routers);
  const worst = routers[0]?.state.kind;
  return {
    id: namespaceId(namespace),
    label: namespace,
    description: counts,
    tooltip: t`Namespace ${namespace}: ${counts}`,
    spoken: t`Namespace ${namespace}, ${counts.replaceAll(' · ', ', ')}`,
    icon: worst ?? 'namespace',
    copy: namespace,
    isOpen,
    children,
  };
}

function moreNodes(listId: string, count: number, description: string): readonly TreeNode[] {
  if (count === 0) return [];
  const more = Math.min(count, pageRows);
  return [
    {
      id: `${listId} more`,
      label: t`Show ${more} More`,
      description,
      tooltip: t`Filter the view to find one by its name, address or state.`,
      icon: 'more',
      command: { id: 'egressRouter.showMore', title: t`Show More`, argument: { list: listId } },
    },
  ];
}

function isNamed(wanted: ObjectName | undefined, namespace: string, name: string): boolean {
  return wanted?.name === name && wanted.namespace === namespace;
}

function isSameList(a: readonly RouterView[], b: readonly RouterView[]): boolean {
  return a.length === b.length && a.every((router, index) => router === b[index]);
}
