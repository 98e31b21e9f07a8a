import { isMap, isNode, isScalar, isSeq, type Node } from 'yaml';
import type { Path } from '#core/problem.ts';

/** What is written where a path leads; undefined behind an alias, and where nothing is. */
export function nodeAt(node: Node | null, path: Path): Node | undefined {
  return path.reduce<Node | undefined>((inner, step) => childNode(inner, step), node ?? undefined);
}

export function childNode(node: Node | undefined, step: string | number): Node | undefined {
  if (isSeq(node)) return nodeOf(node.items[Number(step)]);
  if (!isMap(node)) return undefined;
  return nodeOf(node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))?.value);
}

function nodeOf(value: unknown): Node | undefined {
  return isNode(value) ? value : undefined;
}
