import { isMap, isNode, isPair, isScalar, isSeq } from 'yaml';
import type { Path } from '#core/problem.ts';
import type { Span } from '../text/span.ts';
import type { Edit } from '../text/text-edit.ts';
import type { Parsed } from '../yaml/parsed.ts';

/** A document without most of what lies beside the way to one of its values. */
export interface Excerpt {
  readonly text: string;
  /** Of the same value. */
  readonly path: Path;
  /** An edit of the excerpt as one of the document; undefined where it reaches what was left out. */
  readonly toWhole: (edit: Edit) => Edit | undefined;
}

/**
 * Of long lists and objects only the entries are kept that an edit at the path could look at: the first ones, the last
 * ones, and those around the way. So the places of all marks cost no more in a document of a megabyte than in a short one.
 */
export function excerptFor({ masked, document }: Parsed, path: Path): Excerpt {
  const cuts: Span[] = [];
  const kept = keep(document.contents, path, cuts);
  const texts = cuts.map(({ start }, index) => masked.slice(cuts[index - 1]?.end ?? 0, start));
  const text = texts.join('') + masked.slice(cuts.at(-1)?.end ?? 0);
  return { text, path: kept, toWhole: (edit) => toWhole(edit, cuts) };
}

/** Notes what is left out, in order. @returns the path as it is then */
function keep(node: unknown, path: Path | undefined, cuts: Span[]): Path {
  if (!isMap(node) && !isSeq(node)) return path ?? [];
  const { items } = node;
  const [step, ...inner] = path ?? [];
  const at = isSeq(node) ? Number(step ?? -1) : items.findIndex((item) => keyOf(item) === String(step));
  const starts = items.map(startOf);
  const isCut = items.length > mostKept && starts.every((start) => start !== undefined);
  let before = 0;
  let rest: Path = inner;
  let cut = 0;
  for (const [index, item] of items.entries()) {
    if (isCut && isBeside(index, at, items.length)) {
      if (index < at) before += 1;
      cut += 1;
      continue;
    }
    const [start, end] = [starts[index - cut], starts[index]];
    if (cut > 0 && start !== undefined && end !== undefined) cuts.push({ start, end });
    cut = 0;
    const value = isPair(item) ? item.value : item;
    const found = keep(value, index === at ? inner : undefined, cuts);
    if (index === at) rest = found;
  }
  if (path === undefined || step === undefined) return [];
  return [typeof step === 'number' ? step - before : step, ...rest];
}

const mostKept = 12;

/** Those are kept that stand next to the way, and at both ends. */
function isBeside(index: number, at: number, count: number): boolean {
  return index > 1 && index < count - 2 && Math.abs(index - at) > 2;
}

function keyOf(item: unknown): string | undefined {
  return isPair(item) && isScalar(item.key) ? String(item.key.value) : undefined;
}

function startOf(item: unknown): number | undefined {
  const node = isPair(item) ? item.key : item;
  return isNode(node) ? node.range?.[0] : undefined;
}

function toWhole({ span, newText }: Edit, cuts: readonly Span[]): Edit | undefined {
  let shift = 0;
  for (const { start, end } of cuts) {
    const seam = start - shift;
    if (seam > span.end) break;
    if (seam >= span.start) return undefined;
    shift += end - start;
  }
  return { span: { start: span.start + shift, end: span.end + shift }, newText };
}
