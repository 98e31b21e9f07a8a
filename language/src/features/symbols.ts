import type { Path } from '#core/problem.ts';
import type { YamlFile } from '../document.ts';
import type { RouterObject } from '../objects.ts';
import type { Parsed } from '../parsed.ts';
import type { Slice } from '../slices.ts';
import { regionOf, spanOf } from '../source-map.ts';
import { moved, type Span } from '../span.ts';
import { objectSpan } from './routers.ts';
import { ruleText } from './value-sentence.ts';

export interface OutlineSymbol {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'router' | 'address' | 'rule' | 'fallback';
  /** All of it, and within that what to select. */
  readonly span: Span;
  readonly selection: Span;
  readonly children: readonly OutlineSymbol[];
}

/** The outline: each router with its addresses and rules. */
export function symbolsOf(file: YamlFile): readonly OutlineSymbol[] {
  return file.slices.flatMap(({ text, start, content }) => {
    const routers = content?.objects.filter((object) => object.kind === 'router') ?? [];
    return content === undefined
      ? []
      : routers.map((router) => routerSymbol({ text, start }, content.source.parsed(), router));
  });
}

function routerSymbol(
  { start, text }: Slice,
  parsed: Parsed,
  { root, reading }: RouterObject,
): OutlineSymbol {
  const span = moved(objectSpan(text, parsed, root), start);
  const child = (name: string, kind: OutlineSymbol['kind'], detail: string, inner: Path): OutlineSymbol => {
    const path = [...root, ...inner];
    const selection = moved(spanOf(parsed, { path }), start);
    return {
      name,
      detail,
      kind,
      span: around(clipped(moved(regionOf(parsed, path), start), span), selection),
      selection,
      children: [],
    };
  };
  const selection = moved(spanOf(parsed, { path: [...root, 'metadata', 'name'] }), start);
  return {
    name: reading.name ?? 'EgressRouter',
    detail: reading.namespace ?? '',
    kind: 'router',
    span: around(span, selection),
    selection,
    children: [
      ...reading.addresses.flatMap((one, index) =>
        one === undefined
          ? []
          : [
              child(one.address, 'address', one.gateway === undefined ? '' : `via ${one.gateway}`, [
                'spec',
                'addresses',
                index,
              ]),
            ],
      ),
      ...reading.rules.flatMap((rule, index) =>
        rule === undefined
          ? []
          : [child(ruleText(rule), 'rule', '', ['spec', 'redirect', 'redirectRules', index])],
      ),
      ...(reading.fallback === undefined
        ? []
        : [child(`other ports → ${reading.fallback}`, 'fallback', '', ['spec', 'redirect', 'fallbackIP'])]),
    ],
  };
}

function clipped(inner: Span, outer: Span): Span {
  return { start: Math.max(inner.start, outer.start), end: Math.min(inner.end, outer.end) };
}

/** A symbol's selection must lie within it. */
function around(span: Span, selection: Span): Span {
  return { start: Math.min(span.start, selection.start), end: Math.max(span.end, selection.end) };
}
