import { isCollection, isMap, isNode, isPair, isScalar, isSeq, type Node, type Pair, type Range } from 'yaml';
import type { Path, Problem } from '#core/problem.ts';
import type { Span } from '../text/span.ts';
import { embeddedAt, outward, scalarAt } from './embedded-json.ts';
import type { Embedded, Parsed } from './parsed.ts';
import { sourceSpan } from './scalar-source.ts';

/**
 * What to mark for a problem: the scalar or the key that it names, or a part of that scalar. A whole object or
 * list is never marked but by its key (in a list, by the first key of the item), nor is a text of many lines.
 * A path that leads nowhere gives its nearest ancestor. Paths lead into strings that hold JSON.
 */
export function spanOf(parsed: Parsed, problem: Pick<Problem, 'path' | 'at' | 'within'>): Span {
  const { path, at, within } = problem;
  const text = within === undefined || at === 'key' ? undefined : scalarAt(parsed, path);
  if (within !== undefined && text !== undefined) {
    return text.outward(sourceSpan(text.source, clipped(within, text.value)));
  }
  const string = stringOfJson(parsed, path);
  if (string !== undefined) {
    const { embedded, inner } = string;
    return outward(embedded, spanOf(embedded.parsed, { ...problem, path: inner }));
  }
  const trail = follow(parsed, path);
  const last = trail.at(-1);
  if (last === undefined) return rootSpan(parsed);
  const reached = trail.length === path.length;
  const key = keySpan(last);
  if (at === 'key' && reached && key !== undefined) return key;
  const value = isScalar(last.value) ? spanOfRange(last.value.range) : undefined;
  if (value !== undefined && value.end > value.start && !isLong(parsed, value, key)) return value;
  return key ?? firstSpan(last.value) ?? rootSpan(parsed);
}

/**
 * The text that could hold more of what a path names: from its key to whatever comes next in the document.
 * Comments at its end are within, so a template expression there is seen as a part of it.
 */
export function regionOf(parsed: Parsed, path: Path): Span {
  const string = stringOfJson(parsed, path);
  if (string !== undefined) return outward(string.embedded, regionOf(string.embedded.parsed, string.inner));
  const trail = follow(parsed, path);
  const last = trail.at(-1);
  const start = last === undefined ? 0 : (keySpan(last)?.start ?? firstSpan(last.value)?.start ?? 0);
  const end = trail.toReversed().find(({ nextStart }) => nextStart !== undefined)?.nextStart;
  return { start, end: end ?? parsed.text.length };
}

/** Whether the document holds what a path names, be it empty. */
export function isWritten(parsed: Parsed, path: Path): boolean {
  const string = stringOfJson(parsed, path);
  if (string !== undefined) return isWritten(string.embedded.parsed, string.inner);
  return follow(parsed, path).length === path.length;
}

/** Where a path goes on within a string. One that finds nothing there ends at the string. */
function stringOfJson(parsed: Parsed, path: Path): { embedded: Embedded; inner: Path } | undefined {
  const found = embeddedAt(parsed, path);
  return found !== undefined && follow(found.embedded.parsed, found.inner).length > 0 ? found : undefined;
}

function clipped({ start, end }: Span, value: string): Span {
  const from = Math.min(Math.max(0, start), value.length);
  return { start: from, end: Math.min(Math.max(from, end), value.length) };
}

function isLong(parsed: Parsed, { start, end }: Span, key: Span | undefined): boolean {
  return key !== undefined && parsed.text.slice(start, end).trimEnd().includes('\n');
}

interface Step {
  readonly key?: Node;
  readonly value: Node | undefined;
  /** Where the next entry of the same collection begins. */
  readonly nextStart: number | undefined;
}

/** One step for each path element that exists. */
function follow(parsed: Parsed, path: Path): readonly Step[] {
  const steps: Step[] = [];
  let node: unknown = parsed.document.contents;
  for (const element of path) {
    const step = stepInto(node, element);
    if (step === undefined) break;
    steps.push(step);
    node = step.value;
  }
  return steps;
}

function stepInto(node: unknown, element: string | number): Step | undefined {
  if (isSeq(node) && typeof element === 'number') {
    const value = node.items[element];
    if (!isNode(value)) return undefined;
    return { value, nextStart: startOf(node.items[element + 1]) };
  }
  if (!isMap(node)) return undefined;
  const index = node.items.findIndex((pair) => keyText(pair) === String(element));
  const pair = node.items[index];
  if (pair === undefined || !isNode(pair.key)) return undefined;
  return {
    key: pair.key,
    value: isNode(pair.value) ? pair.value : undefined,
    nextStart: startOf(node.items[index + 1]),
  };
}

function keyText(pair: Pair): string | undefined {
  return isScalar(pair.key) ? String(pair.key.value) : undefined;
}

function keySpan({ key }: Step): Span | undefined {
  return key === undefined ? undefined : spanOfRange(key.range);
}

function startOf(item: unknown): number | undefined {
  return firstSpan(isPair(item) ? item.key : item)?.start;
}

/** The first scalar within a node. */
function firstSpan(node: unknown): Span | undefined {
  if (isCollection(node)) {
    const [item] = node.items;
    return firstSpan(isPair(item) ? item.key : item) ?? spanOfRange(node.range);
  }
  return isNode(node) ? spanOfRange(node.range) : undefined;
}

/** Problems of the whole document are shown at its kind. */
function rootSpan(parsed: Parsed): Span {
  const step = stepInto(parsed.document.contents, 'kind');
  return (step && keySpan(step)) ?? firstSpan(parsed.document.contents) ?? { start: 0, end: 0 };
}

function spanOfRange(range: Range | null | undefined): Span | undefined {
  return range === null || range === undefined ? undefined : { start: range[0], end: range[1] };
}
