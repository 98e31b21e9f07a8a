import type { Path } from '#core/problem.ts';
import type { FileSlice, RouterSlice, YamlFile } from '../document.ts';
import { regionOf, spanOf } from '../source-map.ts';
import { moved, type Span } from '../span.ts';
import { contentSpan } from './routers.ts';
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
  return file.slices.flatMap((slice) =>
    slice.router === undefined ? [] : [routerSymbol(slice, slice.router)],
  );
}

function routerSymbol({ start, text }: FileSlice, router: RouterSlice): OutlineSymbol {
  const { reading } = router;
  const span = moved(contentSpan(text), start);
  const child = (name: string, kind: OutlineSymbol['kind'], detail: string, path: Path): OutlineSymbol => {
    const selection = moved(spanOf(router.parsed, { path }), start);
    return {
      name,
      detail,
      kind,
      span: around(clipped(moved(regionOf(router.parsed, path), start), span), selection),
      selection,
      children: [],
    };
  };
  const selection = moved(spanOf(router.parsed, { path: ['metadata', 'name'] }), start);
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
