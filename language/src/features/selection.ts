import { isMap, isNode, isPair, isSeq } from 'yaml';
import type { YamlFile } from '../document.ts';
import { sliceAt } from '../text/slices.ts';
import { moved, type Span, touches } from '../text/span.ts';
import { type Parsed, tryParse } from '../yaml/parsed.ts';
import { contentSpan } from './routers.ts';

/** What an editor may select around a cursor, from the value to the whole file. */
export function selectionsAt(file: YamlFile, offset: number): readonly Span[] {
  const slice = sliceAt(file.slices, offset);
  const whole = { start: 0, end: file.text.length };
  if (slice === undefined) return [whole];
  const parsed = slice.content?.source.parsed() ?? tryParse(slice.text);
  const inner = parsed === undefined ? [] : spansAround(parsed, offset - slice.start);
  const around = [contentSpan(slice.text), ...inner].map((span) => moved(span, slice.start));
  return nested([whole, ...around].filter((span) => touches(span, offset)));
}

/** From the outermost to the innermost. */
function spansAround({ document, text }: Parsed, offset: number): readonly Span[] {
  const spans: Span[] = [];
  const enter = (node: unknown): void => {
    const span = spanOf(node, text);
    if (span === undefined || !touches(span, offset)) return;
    spans.push(span);
    if (!isMap(node) && !isSeq(node)) return;
    for (const item of node.items as readonly unknown[]) {
      if (!isPair(item)) {
        enter(item);
        continue;
      }
      const [key, value] = [spanOf(item.key, text), spanOf(item.value, text)];
      const pair = key && { start: key.start, end: Math.max(key.end, value?.end ?? 0) };
      if (pair === undefined || !touches(pair, offset)) continue;
      spans.push(pair);
      enter(item.key);
      enter(item.value);
    }
  };
  enter(document.contents);
  return spans;
}

/** The blanks and comments behind a block belong to no one. */
function spanOf(node: unknown, text: string): Span | undefined {
  if (!isNode(node) || !node.range) return undefined;
  const [start, end] = node.range;
  return { start, end: Math.max(start, text.slice(0, end).trimEnd().length) };
}

/** The innermost first, each within the next and none of them twice. */
function nested(spans: readonly Span[]): readonly Span[] {
  const chain: Span[] = [];
  for (const span of spans) {
    const outer = chain.at(-1);
    const isInner = outer === undefined || (span.start >= outer.start && span.end <= outer.end);
    const isSmaller = outer === undefined || span.end - span.start < outer.end - outer.start;
    if (isInner && isSmaller) chain.push(span);
  }
  return chain.toReversed();
}
