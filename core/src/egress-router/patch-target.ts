import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { checkRouterPatch, type PatchProblem } from './patch.ts';

/**
 * The first operation of a JSON patch (RFC 6902) that Kustomize refuses for what the router does not have, if any. Of
 * those behind it nothing is told: what they would find, follows from it. Looked at is
 * `spec` alone.
 *
 * Not all that the RFC forbids is refused: a key that lacks is made by `replace`, and may be copied (measured with
 * Kustomize 5.5, whose JSON patch library counts lists from the end, too).
 */
export function checkPatchOfRouter(
  operations: readonly unknown[],
  router: JsonObject,
  name: string,
): readonly PatchProblem[] {
  const told = new Set(checkRouterPatch(operations).map(({ path }) => path[0]));
  let value: unknown = router;
  for (const [index, operation] of operations.entries()) {
    // Kustomize itself writes there, too.
    if (isOfMetadata(operation)) continue;
    const step = told.has(index) ? undefined : apply(value, operation);
    if (step === undefined) return [];
    if ('refused' in step) return [refusal(step, operation, index, name)];
    value = step.value;
  }
  return [];
}

function isOfMetadata(operation: unknown): boolean {
  if (!isJsonObject(operation)) return false;
  const { path, from = path } = operation;
  return [path, from].every((one) => typeof one === 'string' && one.startsWith('/metadata/'));
}

type Applied =
  | { readonly value: unknown }
  | { readonly refused: 'path' | 'from'; readonly pointer: string; readonly list?: number };

/** Undefined where it is not known what comes of it. */
function apply(value: unknown, operation: unknown): Applied | undefined {
  if (!isJsonObject(operation)) return undefined;
  const { op, path, from } = operation;
  const words = wordsOf(path);
  if (words === undefined) return undefined;
  switch (op) {
    case 'add':
      return write(value, words, operation['value'], 'add');
    case 'replace':
      return write(value, words, operation['value'], 'replace');
    case 'remove':
      return remove(value, words, 'path');
    case 'test':
      // What is not there passes for null.
      return operation['value'] === null
        ? { value }
        : (refusedAt(find(value, words), words, 'path') ?? { value });
    case 'move':
    case 'copy': {
      const source = wordsOf(from);
      if (source === undefined) return undefined;
      const found = find(value, source);
      if (!('value' in found))
        return op === 'copy' && found.isLast ? undefined : refusedAt(found, source, 'from');
      const left = op === 'move' ? remove(value, source, 'from') : { value };
      return left === undefined || 'refused' in left ? left : write(left.value, words, found.value, 'add');
    }
    default:
      return undefined;
  }
}

/** Of a place in `spec`. */
function wordsOf(pointer: unknown): readonly string[] | undefined {
  if (typeof pointer !== 'string' || !pointer.startsWith('/spec')) return undefined;
  const [, ...words] = pointer.split('/');
  return words.map((word) => word.replaceAll('~1', '/').replaceAll('~0', '~'));
}

type Found =
  | { readonly value: unknown }
  /** `depth` counts the words that lead somewhere, and `list` the entries of the list that ends before the next. */
  | { readonly depth: number; readonly isLast: boolean; readonly list?: number };

function find(value: unknown, words: readonly string[]): Found {
  let inner = value;
  for (const [depth, word] of words.entries()) {
    const key = keyIn(inner, word);
    if (key === undefined) {
      const list = Array.isArray(inner) ? { list: inner.length } : {};
      return { depth, isLast: depth === words.length - 1, ...list };
    }
    inner = childOf(inner, key);
  }
  return { value: inner };
}

function refusedAt(found: Found, words: readonly string[], refused: 'path' | 'from'): Applied | undefined {
  if ('value' in found) return undefined;
  const { depth, list } = found;
  const pointer = words
    .slice(0, depth + 1)
    .map((word) => `/${word}`)
    .join('');
  return { refused, pointer, ...(list === undefined ? {} : { list }) };
}

function remove(value: unknown, words: readonly string[], refused: 'path' | 'from'): Applied {
  const found = find(value, words);
  return refusedAt(found, words, refused) ?? { value: changed(value, words, () => gone) };
}

function write(
  value: unknown,
  words: readonly string[],
  written: unknown,
  op: 'add' | 'replace',
): Applied | undefined {
  const parent = find(value, words.slice(0, -1));
  const last = words.at(-1) ?? '';
  if (!('value' in parent)) return refusedAt(parent, words, 'path');
  if (Array.isArray(parent.value)) {
    const { length } = parent.value;
    const isEnd = op === 'add' && (last === '-' || last === String(length));
    if (!isEnd && keyIn(parent.value, last) === undefined)
      return refusedAt({ depth: words.length - 1, isLast: true, list: length }, words, 'path');
    // An entry that is put before others; counted from the end, nothing else is said of it.
    if (op === 'add' && last.startsWith('-') && last !== '-') return undefined;
  } else if (!isJsonObject(parent.value))
    return refusedAt({ depth: words.length - 1, isLast: true }, words, 'path');
  return { value: changed(value, words, () => written, op === 'add') };
}

const gone = Symbol('gone');

/** The value with another one at a place; the rest of it is the same. */
function changed(
  value: unknown,
  [word = '', ...deeper]: readonly string[],
  to: () => unknown,
  inserts = false,
): unknown {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    const index = word === '-' ? list.length : Number(keyIn(list, word) ?? word);
    if (deeper.length > 0) return list.with(index, changed(list[index], deeper, to, inserts));
    const next = to();
    return list.toSpliced(index, inserts ? 0 : 1, ...(next === gone ? [] : [next]));
  }
  const object = isJsonObject(value) ? value : {};
  const next = deeper.length > 0 ? changed(childOf(object, word), deeper, to, inserts) : to();
  const { [word]: _, ...others } = object;
  return next === gone ? others : { ...others, [word]: next };
}

/** Under what a word is found; undefined where nothing is. */
function keyIn(value: unknown, word: string): string | number | undefined {
  if (Array.isArray(value)) {
    if (!/^(?:0|-?[1-9][0-9]{0,4})$/.test(word)) return undefined;
    const index = Number(word) < 0 ? value.length + Number(word) : Number(word);
    return index >= 0 && index < value.length ? index : undefined;
  }
  return isJsonObject(value) && Object.hasOwn(value, word) ? word : undefined;
}

function childOf(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return value[Number(key)] as unknown;
  return isJsonObject(value) ? value[key] : undefined;
}

function refusal(
  { refused, pointer, list }: Extract<Applied, { readonly refused: string }>,
  operation: unknown,
  index: number,
  name: string,
): PatchProblem {
  const op = isJsonObject(operation) ? String(operation['op']) : '';
  const holder = pointer.slice(0, pointer.lastIndexOf('/'));
  const lack =
    list === undefined
      ? `has no ${pointer}`
      : `has no entry ${pointer}: ${holder} has ${list === 0 ? 'none' : list === 1 ? '1 entry, number 0' : `${list}, from 0 to ${list - 1}`}`;
  const advice = { add: 'Add what lacks before it', remove: 'Leave the operation out' }[op];
  const message = `The EgressRouter ${name} ${lack}; Kustomize refuses to build with this "${op}". ${advice ?? 'Write a path that there is'}, or correct the path.`;
  return { code: 'patch-leads-nowhere', severity: 'error', path: [index, refused], message };
}
