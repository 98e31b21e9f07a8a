import type { TreeNode } from './tree-node.ts';

/**
 * A row for each sentence: rows do not wrap, and the next step stands in the last one. The pod's long name would
 * push the reason out of sight, and has a row of its own.
 */
export function messageNodes(id: string, message: string): readonly TreeNode[] {
  const reason = message.replace(/^Pod \S+: /, '');
  return withinBounds(reason.split(/(?<=[.!?])\s+(?=[A-Z])/)).map((sentence, index) => ({
    id: `${id}/${index}`,
    label: sentence,
    tooltip: message,
    icon: index === 0 ? 'message' : 'continued',
    copy: message,
  }));
}

/** Whoever writes a status may write very many sentences; the first say what is wrong, the last what to do. */
function withinBounds(sentences: readonly string[]): readonly string[] {
  return sentences.length <= mostRows
    ? sentences
    : [...sentences.slice(0, mostRows - 2), '…', ...sentences.slice(-1)];
}

const mostRows = 20;
