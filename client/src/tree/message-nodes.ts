import { sentencesOf } from '#client/sentences.ts';
import { told } from '#client/told.ts';
import type { TreeNode } from './tree-node.ts';

/**
 * A row for each sentence: rows do not wrap, and the next step stands in the last one. The pod's long name would
 * push the reason out of sight, and has a row of its own; so would the path of a field, which stands behind it.
 */
export function messageNodes(id: string, message: string): readonly TreeNode[] {
  const reason = message.replace(/^Pod \S+: /, '');
  return withinBounds(sentencesOf(reason)).map((sentence, index) => {
    const [, path, matter] = /^((?:metadata|spec)\.\S+): (.+)$/s.exec(sentence) ?? [];
    return {
      id: `${id}/${index}`,
      label: told(matter ?? sentence),
      ...(path === undefined ? {} : { description: path }),
      tooltip: told(message),
      icon: index === 0 ? 'message' : 'continued',
      copy: message,
    };
  });
}

/** Whoever writes a status may write very many sentences; the first say what is wrong, the last what to do. */
function withinBounds(sentences: readonly string[]): readonly string[] {
  return sentences.length <= mostRows
    ? sentences
    : [...sentences.slice(0, mostRows - 2), '…', ...sentences.slice(-1)];
}

const mostRows = 20;
