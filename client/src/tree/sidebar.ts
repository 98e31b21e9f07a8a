import type { ConnectionView } from '#client/cluster/connection.ts';
import { lostText } from '#client/cluster/lost-text.ts';
import { t } from '#client/l10n.ts';
import { told } from '#client/told.ts';
import type { FailureReason } from '#cluster/errors.ts';
import type { ObjectName } from '#cluster/object-ref.ts';
import type { ConnectionState, RoutersSnapshot, RouterView } from '#cluster/view.ts';
import { dayAndClockText } from './clock-text.ts';
import { RouterFilter } from './router-filter.ts';
import { type Grouping, namespaceId, RouterList } from './router-list.ts';
import { isOutOfStep, routerId } from './router-node.ts';
import type { NodeCommand, NodeIcon, TreeNode } from './tree-node.ts';

/** All of the view as plain data, made from what is known now and nothing else. */
export interface Sidebar {
  /** The context and the namespace that are looked at. */
  readonly place: string;
  /** Above the rows: what is wrong and what to do, and what is left out. */
  readonly message?: string;
  /** Which welcome text stands where there is nothing to list (`viewsWelcome` in package.json). */
  readonly welcome?: Welcome;
  readonly nodes: readonly TreeNode[];
  /** The words that leave routers out. */
  readonly filter?: string;
  /** How many routers cannot do their work, or not for all of their clients. */
  readonly troubled: number;
  /** How the routers are listed; absent where there is nothing to choose. */
  readonly grouping?: Grouping;
}

export type Welcome = 'noKubeconfig' | 'noCrd' | 'forbidden' | 'empty';

/** How a person wants to see the routers. */
export interface Layout {
  /** The one to list; absent: every namespace that the snapshot has. */
  readonly namespace?: string | undefined;
  readonly grouping: Grouping;
  /** Words; routers without them are left out. */
  readonly filter: string;
  /** The router whose row is to be among those drawn. */
  readonly wanted?: ObjectName | undefined;
}

/** Makes the view, and makes it again of what it made before where that has not changed. */
export class SidebarMaker {
  readonly #filter = new RouterFilter();
  readonly #list: RouterList;

  /** @param belowRouter as `RouterList` takes it */
  constructor(belowRouter?: (router: RouterView) => readonly TreeNode[]) {
    this.#list = new RouterList(belowRouter);
  }

  make(view: ConnectionView, layout: Layout): Sidebar {
    switch (view.kind) {
      case 'closed':
      case 'opening':
        return { place: t`connecting…`, nodes: [connectingNode(t`the cluster`)], troubled: 0 };
      case 'failed':
        return view.reason === 'no-kubeconfig'
          ? { place: t`no kubeconfig`, welcome: 'noKubeconfig', nodes: [], troubled: 0 }
          : {
              place: t`cannot connect`,
              message: told(view.message),
              nodes: nextSteps(view.reason),
              troubled: 0,
            };
      case 'open':
        return this.#ofSnapshot(view.snapshot, layout);
    }
  }

  showMore(listId: string): void {
    this.#list.showMore(listId);
  }

  #ofSnapshot(snapshot: RoutersSnapshot, layout: Layout): Sidebar {
    const { context, scope, connection } = snapshot;
    const { namespace, grouping, wanted } = layout;
    const where = namespace ?? scopeText(scope);
    const place = `${context} / ${where}`;
    const all = snapshot.routers.filter(
      (router) => namespace === undefined || router.namespace === namespace,
    );
    const found = this.#filter.matching(all, layout.filter);
    const hasNamespaces =
      namespace === undefined && (scope.kind === 'cluster' || scope.namespaces.length > 1);
    const routers = this.#list.toNodes(found, {
      grouping,
      hasNamespaces,
      total: all.length,
      wanted,
    });
    const listed = {
      place,
      troubled: all.filter(isTroubled).length,
      ...(hasNamespaces ? { grouping } : {}),
      ...(layout.filter === '' ? {} : { filter: layout.filter }),
    };
    const left = leftOut(layout.filter, found, all);
    const told = left === undefined ? {} : { message: left };
    const rows = [...(found.length < all.length && found.length === 0 ? [clearFilterNode] : []), ...routers];
    switch (connection.kind) {
      case 'connecting':
        return { ...listed, ...told, nodes: [contextNode(context, t`connecting…`, where), ...rows] };
      case 'live': {
        const head = contextNode(context, t`live`, where);
        if (hasUnseen(scope) && namespace === undefined) {
          return { ...listed, ...told, nodes: [head, switchNamespaceNode, ...rows] };
        }
        if (all.length > 0) return { ...listed, ...told, nodes: [head, ...rows] };
        if (scope.kind === 'cluster' && namespace === undefined) {
          return { ...listed, welcome: 'empty', nodes: [] };
        }
        // A welcome text cannot name what was looked at.
        const message =
          namespace === undefined && hasNamespaces
            ? t`No egress router yet in the namespaces that are looked at: ${where}.`
            : t`No egress router yet in namespace ${where}, and no other one is looked at.`;
        return { ...listed, message, nodes: [head, newRouterNode, switchNamespaceNode] };
      }
      case 'unreachable': {
        const { reason } = connection;
        if (reason === 'crd-missing') return { ...listed, welcome: 'noCrd', nodes: [] };
        if (reason === 'forbidden' && all.length === 0) return { ...listed, welcome: 'forbidden', nodes: [] };
        const message = [lostMessage(connection, routers.length > 0), ...(left === undefined ? [] : [left])];
        return {
          ...listed,
          message: message.join(' '),
          nodes: [contextNode(context, lostText(reason), where), ...nextSteps(reason), ...rows],
        };
      }
    }
  }
}

/** Then that nothing is listed does not say that there is nothing. */
function hasUnseen(scope: RoutersSnapshot['scope']): boolean {
  return scope.kind === 'namespaces' && scope.more !== undefined;
}

function scopeText(scope: RoutersSnapshot['scope']): string {
  if (scope.kind === 'cluster') return t`all namespaces`;
  const { namespaces, more = 0 } = scope;
  const count = namespaces.length;
  if (more > 0) return t`${count} of ${count + more} namespaces: Switch Namespace shows another one`;
  return count > mostNamed ? t`${count} namespaces` : namespaces.join(', ');
}

/** More names would not be read. */
const mostNamed = 5;

/** The row of a router and, before it, those above it. */
export function pathTo(router: ObjectName, grouping: Grouping | undefined): readonly string[] {
  return [...(grouping === 'namespace' ? [namespaceId(router.namespace)] : []), routerId(router)];
}

function isTroubled(router: RouterView): boolean {
  const { kind } = router.state;
  return kind === 'degraded' || kind === 'address-conflict' || kind === 'stale-rules' || isOutOfStep(router);
}

function leftOut(filter: string, found: readonly unknown[], all: readonly unknown[]): string | undefined {
  const words = filter.trim();
  if (words === '' || all.length === 0) return undefined;
  return all.length === 1
    ? t`Filter "${words}": ${found.length} of 1 router.`
    : t`Filter "${words}": ${found.length} of ${all.length} routers.`;
}

function lostMessage(
  { reason, since, message }: Extract<ConnectionState, { kind: 'unreachable' }>,
  hasRouters: boolean,
): string {
  const seen = hasRouters ? t` The routers below are as they were then.` : '';
  return t`${sentence(lostText(reason))} since ${dayAndClockText(since)}.${seen} ${told(message)}`;
}

/** Says in every state that has rows what is looked at, and whether it is seen as it is now. */
function contextNode(context: string, state: string, where: string): TreeNode {
  return {
    id: ' connection',
    label: context,
    description: `${state} · ${where}`,
    tooltip: t`Context ${context}: ${state} · ${where}\n\nClick to switch the context.`,
    spoken: t`Context ${context}, ${state}, ${where}`,
    icon: state === t`connecting…` ? 'progressing' : 'context',
    command: { id: 'egressRouter.switchContext', title: t`Switch Context` },
  };
}

function connectingNode(to: string): TreeNode {
  return { id: ' connecting', label: t`Connecting to ${to}…`, icon: 'progressing' };
}

/** Rows to click on, since the view's message can hold no link. */
function nextSteps(reason: FailureReason): readonly TreeNode[] {
  const retry = stepNode('retry', t`Try Again`, 'egressRouter.refresh');
  const context = stepNode('context', t`Switch Context…`, 'egressRouter.switchContext');
  const log = stepNode('log', t`Show Log`, 'egressRouter.showOutput');
  switch (reason) {
    case 'forbidden':
      return [switchNamespaceNode, context, retry, log];
    case 'plugin-forbidden':
      return [stepNode('trust', t`Manage Workspace Trust…`, 'workbench.trust.manage'), context, log];
    default:
      return [retry, context, log];
  }
}

function stepNode(icon: NodeIcon, label: string, command: NodeCommand): TreeNode {
  // No router has a name that starts with a blank.
  return { id: ` ${icon}`, label, icon, command: { id: command, title: label } };
}

const switchNamespaceNode = stepNode('namespace', t`Switch Namespace…`, 'egressRouter.switchNamespace');
const newRouterNode = stepNode('new', t`New Router…`, 'egressRouter.newRouter');
const clearFilterNode = stepNode('filter', t`Clear Filter`, 'egressRouter.clearFilter');

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
