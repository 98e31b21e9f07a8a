import type { ConnectionView } from '#client/cluster/connection.ts';
import type { FailureReason } from '#cluster/errors.ts';
import type { ConnectionState, RoutersSnapshot } from '#cluster/view.ts';
import { routerNode } from './router-node.ts';
import type { NodeCommand, NodeIcon, TreeNode } from './tree-node.ts';

/** All of the view as plain data, made from what is known now and nothing else. */
export interface Sidebar {
  /** The context and the namespace that are looked at. */
  readonly place: string;
  /** Above the rows: what is wrong and what to do. */
  readonly message?: string;
  /** Which welcome text stands where there is nothing to list (`viewsWelcome` in package.json). */
  readonly welcome?: Welcome;
  readonly nodes: readonly TreeNode[];
}

export type Welcome = 'noKubeconfig' | 'noCrd' | 'empty';

/** @param namespace the one to list; absent: every namespace that the snapshot has. */
export function toSidebar(view: ConnectionView, namespace: string | undefined): Sidebar {
  switch (view.kind) {
    case 'closed':
    case 'opening':
      return { place: 'connecting…', nodes: [connectingNode('the cluster')] };
    case 'failed':
      return view.reason === 'no-kubeconfig'
        ? { place: 'no kubeconfig', welcome: 'noKubeconfig', nodes: [] }
        : { place: 'cannot connect', message: view.message, nodes: nextSteps(view.reason) };
    case 'open':
      return ofSnapshot(view.snapshot, namespace);
  }
}

function ofSnapshot(snapshot: RoutersSnapshot, namespace: string | undefined): Sidebar {
  const { context, scope, connection } = snapshot;
  const where = namespace ?? (scope.kind === 'namespaces' ? scope.namespaces.join(', ') : 'all namespaces');
  const place = `${context} / ${where}`;
  const routers = snapshot.routers
    .filter((router) => namespace === undefined || router.namespace === namespace)
    .map(routerNode);
  switch (connection.kind) {
    case 'connecting':
      return { place, nodes: [contextNode(context, `${where} · connecting…`), ...routers] };
    case 'live':
      return routers.length === 0
        ? { place, welcome: 'empty', nodes: [] }
        : { place, nodes: [contextNode(context, `${where} · live`), ...routers] };
    case 'unreachable':
      return lost(
        place,
        contextNode(context, `${where} · ${lostText(connection.reason)}`),
        connection,
        routers,
      );
  }
}

function lost(
  place: string,
  context: TreeNode,
  { reason, since, message }: Extract<ConnectionState, { kind: 'unreachable' }>,
  routers: readonly TreeNode[],
): Sidebar {
  if (reason === 'crd-missing') return { place, welcome: 'noCrd', nodes: [] };
  const seen = routers.length === 0 ? '' : ' The routers below are as they were then.';
  return {
    place,
    message: `${sentence(lostText(reason))} since ${clockTime(since)}.${seen} ${message}`,
    nodes: [context, ...nextSteps(reason), ...routers],
  };
}

/** Says in every state that has rows what is looked at, and whether it is seen as it is now. */
function contextNode(context: string, description: string): TreeNode {
  return {
    id: ' connection',
    label: context,
    description,
    tooltip: `Context ${context}: ${description}\n\nClick to switch the context.`,
    icon: description.endsWith('…') ? 'progressing' : 'context',
    command: { id: 'egressRouter.switchContext', title: 'Switch Context' },
  };
}

function lostText(reason: FailureReason): string {
  switch (reason) {
    case 'unauthorized':
    case 'login-failed':
    case 'exec-missing':
      return 'login refused';
    case 'tls':
      return 'certificate not trusted';
    case 'forbidden':
      return 'not permitted';
    case 'crd-missing':
      return 'no EgressRouter resource';
    default:
      return 'unreachable';
  }
}

function connectingNode(to: string): TreeNode {
  return { id: ' connecting', label: `Connecting to ${to}…`, icon: 'progressing' };
}

/** Rows to click on, since the view's message can hold no link. */
function nextSteps(reason: FailureReason): readonly TreeNode[] {
  const retry = stepNode('retry', 'Try Again', 'egressRouter.refresh');
  const context = stepNode('context', 'Switch Context…', 'egressRouter.switchContext');
  const namespace = stepNode('namespace', 'Switch Namespace…', 'egressRouter.switchNamespace');
  const log = stepNode('log', 'Show Log', 'egressRouter.showOutput');
  return reason === 'forbidden' ? [namespace, context, retry, log] : [retry, context, log];
}

function stepNode(icon: NodeIcon, label: string, command: NodeCommand): TreeNode {
  // No router has a name that starts with a blank.
  return { id: ` ${icon}`, label, icon, command: { id: command, title: label } };
}

/** Hours and minutes of the moment as written, with seconds, in the person's own time. */
function clockTime(iso: string): string {
  const time = new Date(iso);
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
