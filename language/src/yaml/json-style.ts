import { isMap, isScalar, Scalar } from 'yaml';
import { type Collection, isFlow, type WrittenStep } from '../edits/written.ts';

/** Whether a way leads through flow style with its keys in double quotes, as in JSON. */
export function isInJson(way: readonly WrittenStep[]): boolean {
  return way.some(({ collection }) => isFlow(collection) && looksLikeJson(collection));
}

function looksLikeJson(collection: Collection): boolean {
  const [first] = collection.items;
  if (isMap(collection)) {
    const key: unknown = collection.items[0]?.key;
    return isScalar(key) && key.type === Scalar.QUOTE_DOUBLE;
  }
  return isMap(first) && looksLikeJson(first);
}
