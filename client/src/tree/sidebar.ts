import type { ConnectionView } from '#client/cluster/connection.ts';
import type { ConnectionState, RoutersSnapshot } from '#cluster/api.ts';
import type { FailureReason } from '#cluster/errors.ts';
import { routerNode } from './router-node.ts';
import type { TreeNode } from './tree-node.ts';

/** All of the view as plain data, made from what is known now and nothing else. */
export interface Sidebar {
  /** Beside the title: the context and the namespace, and what the connection is if it is not live. */
  readonly description: string;
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
      return { description: 'connecting…', nodes: [connectingNode('the cluster')] };
    case 'failed':
      return view.reason === 'no-kubeconfig'
        ? { description: 'no kubeconfig', welcome: 'noKubeconfig', nodes: [] }
        : { description: 'cannot connect', message: view.message, nodes: nextSteps(view.reason) };
    case 'open':
      return ofSnapshot(view.snapshot, namespace);
  }
}

function ofSnapshot(snapshot: RoutersSnapshot, namespace: string | undefined): Sidebar {
  const { context, scope, connection } = snapshot;
  const place = namespace ?? (scope.kind === 'namespace' ? scope.namespace : 'all namespaces');
  const nodes = snapshot.routers
    .filter((router) => namespace === undefined || router.namespace === namespace)
    .map(routerNode);
  const description = `${context} / ${place}`;
  switch (connection.kind) {
    case 'connecting':
      return { description: `${description} · connecting…`, nodes: [connectingNode(context), ...nodes] };
    case 'live':
      return nodes.length === 0 ? { description, welcome: 'empty', nodes } : { description, nodes };
    case 'unreachable':
      return lost(`${description} · ${lostText(connection.reason)}`, connection, nodes);
  }
}

function lost(
  description: string,
  { reason, since, message }: Extract<ConnectionState, { kind: 'unreachable' }>,
  nodes: readonly TreeNode[],
): Sidebar {
  if (reason === 'crd-missing') return { description, welcome: 'noCrd', nodes: [] };
  const seen = nodes.length === 0 ? '' : ' The routers below are as they were then.';
  return {
    description,
    message: `${sentence(lostText(reason))} since ${clockTime(since)}.${seen} ${message}`,
    nodes: [...nextSteps(reason), ...nodes],
  };
}

function lostText(reason: FailureReason): string {
  switch (reason) {
    case 'unauthorized':
    case 'login-failed':
      return 'login refused';
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
  const retry: TreeNode = {
    id: ' retry',
    label: 'Try Again',
    icon: 'retry',
    command: { id: 'egressRouter.refresh', title: 'Try Again' },
  };
  const context: TreeNode = {
    id: ' context',
    label: 'Switch Context…',
    icon: 'context',
    command: { id: 'egressRouter.switchContext', title: 'Switch Context' },
  };
  const namespace: TreeNode = {
    id: ' namespace',
    label: 'Switch Namespace…',
    icon: 'namespace',
    command: { id: 'egressRouter.switchNamespace', title: 'Switch Namespace' },
  };
  const log: TreeNode = {
    id: ' log',
    label: 'Show Log',
    icon: 'log',
    command: { id: 'egressRouter.showOutput', title: 'Show Log' },
  };
  return reason === 'forbidden' ? [namespace, context, retry, log] : [retry, context, log];
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
