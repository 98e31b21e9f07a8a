import type { TreeNode } from './tree-node.ts';

/**
 * What has to be drawn anew: nothing, single rows with what is below them, or all where rows have come, gone or moved,
 * or where there are too many to be asked for one by one.
 */
export function redrawn(
  before: readonly TreeNode[],
  after: readonly TreeNode[],
): readonly TreeNode[] | 'all' | 'nothing' {
  if (before.length !== after.length) return 'all';
  if (before.some(({ id }, index) => id !== after[index]?.id)) return 'all';
  const changed = after.filter((node, index) => !isSame(before[index], node));
  if (changed.length === 0) return 'nothing';
  return changed.length > mostSingleRows ? 'all' : changed;
}

const mostSingleRows = 20;

/** Rows with something below them are the same only where they were kept: nobody looks below a closed one. */
function isSame(before: TreeNode | undefined, after: TreeNode): boolean {
  if (before === after) return true;
  if (before?.children !== undefined || after.children !== undefined) return false;
  return JSON.stringify(before) === JSON.stringify(after);
}
