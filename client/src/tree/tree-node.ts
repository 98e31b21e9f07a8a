import type { ObjectRef } from '#cluster/object-ref.ts';
import type { DocumentTarget } from '#core/protocol.ts';

/** A row of the sidebar as plain data; tree-item.ts alone turns it into what the editor draws. */
export interface TreeNode {
  /** Unique in the tree and stable over repaints: the editor keeps selection and open rows by it. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  readonly icon?: NodeIcon;
  /** Made when the row is opened. Absent where nothing is below it. */
  readonly children?: () => readonly TreeNode[];
  /** Open when it is first drawn. Afterwards the person decides. */
  readonly isOpen?: boolean;
  /** What the row's *Copy* takes. */
  readonly copy?: string;
  /** The router that the row's commands act on. */
  readonly router?: { readonly namespace: string; readonly name: string };
  /** The live object that the row stands for. */
  readonly object?: ObjectRef;
  /** The reserved address that the row is about, without the length of its prefix. */
  readonly address?: string;
  /** Where a router is written, which the row's commands act on. */
  readonly manifest?: DocumentTarget;
  /** What a click does; without it a click only selects. */
  readonly command?: NodeAction;
  /** What a screen reader says of it; absent: label and description. */
  readonly spoken?: string;
}

export interface NodeAction {
  readonly id: NodeCommand;
  readonly title: string;
  /** What the command is given; absent: the row. */
  readonly argument?: unknown;
}

export type NodeCommand =
  | 'egressRouter.clearFilter'
  | 'egressRouter.diff'
  | 'egressRouter.expose'
  | 'egressRouter.newRouter'
  | 'egressRouter.openManifest'
  | 'egressRouter.refresh'
  | 'egressRouter.showMore'
  | 'egressRouter.showOutput'
  | 'egressRouter.switchContext'
  | 'egressRouter.switchNamespace'
  | 'workbench.trust.manage';

/** Named for what it means, not for what it looks like. */
export type NodeIcon =
  | 'ready'
  | 'ready-out-of-step'
  | 'simulated'
  | 'progressing'
  | 'degraded'
  | 'stale-rules'
  | 'address-conflict'
  | 'not-reconciled'
  | 'deleting'
  | 'address'
  | 'rules'
  | 'rule'
  | 'pod'
  | 'interface'
  | 'service'
  | 'out-of-step'
  | 'no-service'
  | 'port'
  | 'object'
  | 'in-step'
  | 'drifted'
  | 'no-manifest'
  | 'warnings'
  | 'warning'
  | 'more'
  | 'new'
  | 'retry'
  | 'trust'
  | 'log'
  | 'filter'
  | 'context'
  | 'namespace'
  | 'unseen'
  | 'message'
  | 'continued';
