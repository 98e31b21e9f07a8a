import type { Path } from '#core/problem.ts';
import type { Facts } from '#core/relations/facts.ts';
import type { YamlFile } from '../document.ts';
import { type RouterObject, toFacts } from '../objects.ts';
import { SliceMemo } from '../slice-memo.ts';
import { moved, overlapsAny, type Span } from '../text/span.ts';
import type { Parsed } from '../yaml/parsed.ts';
import { regionOf, spanOf } from '../yaml/source-map.ts';
import { ruleText } from './hover/value-sentence.ts';
import { objectSpan } from './routers.ts';

export interface OutlineSymbol {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'router' | 'address' | 'rule' | 'fallback' | 'service' | 'nad' | 'legacy';
  /** All of it, and within that what to select. */
  readonly span: Span;
  readonly selection: Span;
  readonly children: readonly OutlineSymbol[];
}

/** The outline: each router with its addresses and rules, and the objects beside it. */
export function symbolsOf(
  file: YamlFile,
  symbols: SliceMemo<readonly OutlineSymbol[]> = outlineSymbols(),
): readonly OutlineSymbol[] {
  return file.slices.flatMap((slice) =>
    (symbols.of(slice) ?? []).map((symbol) => movedSymbol(symbol, slice.start)),
  );
}

/** Symbols of as many documents as have not changed since they were last asked for. */
export function outlineSymbols(): SliceMemo<readonly OutlineSymbol[]> {
  return new SliceMemo(({ text }, { objects, source }) =>
    objects.flatMap((object) => {
      switch (object.kind) {
        case 'router':
          return [routerSymbol(text, source.parsed(), object)];
        case 'service':
        case 'nad':
        case 'legacy':
          return [besideSymbol(text, source.parsed(), object.root, object.kind, toFacts(object))];
        case 'config-map':
          return [];
      }
    }),
  );
}

function movedSymbol(symbol: OutlineSymbol, by: number): OutlineSymbol {
  return {
    ...symbol,
    span: moved(symbol.span, by),
    selection: moved(symbol.selection, by),
    children: symbol.children.map((child) => movedSymbol(child, by)),
  };
}

function besideSymbol(
  text: string,
  parsed: Parsed,
  root: Path,
  kind: 'service' | 'nad' | 'legacy',
  { name, namespace }: Facts,
): OutlineSymbol {
  const selection = spanOf(parsed, { path: [...root, 'metadata', 'name'] });
  const title = besideTitles[kind];
  return {
    name: asWritten(parsed, selection, name) ?? title,
    detail: [title, namespaceOf(parsed, root, namespace)].filter((part) => part !== undefined).join(' · '),
    kind,
    span: around(objectSpan(text, parsed, root), selection),
    selection,
    children: [],
  };
}

const besideTitles = {
  service: 'Service',
  nad: 'NetworkAttachmentDefinition',
  legacy: 'router of OpenShift SDN',
} as const;

function routerSymbol(text: string, parsed: Parsed, { root, reading }: RouterObject): OutlineSymbol {
  const span = objectSpan(text, parsed, root);
  const child = (name: string, kind: OutlineSymbol['kind'], detail: string, inner: Path): OutlineSymbol => {
    const path = [...root, ...inner];
    const selection = spanOf(parsed, { path });
    return {
      name,
      detail,
      kind,
      span: around(clipped(regionOf(parsed, path), span), selection),
      selection,
      children: [],
    };
  };
  const selection = spanOf(parsed, { path: [...root, 'metadata', 'name'] });
  return {
    name: asWritten(parsed, selection, reading.name) ?? 'EgressRouter',
    detail: namespaceOf(parsed, root, reading.namespace) ?? '',
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

function namespaceOf(parsed: Parsed, root: Path, namespace: string | undefined): string | undefined {
  return asWritten(parsed, spanOf(parsed, { path: [...root, 'metadata', 'namespace'] }), namespace);
}

/** Where a template fills it in, the value that was read is none. */
function asWritten(
  { text, holes }: Parsed,
  { start, end }: Span,
  value: string | undefined,
): string | undefined {
  return value !== undefined && overlapsAny(holes, { start, end }) ? text.slice(start, end) : value;
}

function clipped(inner: Span, outer: Span): Span {
  return { start: Math.max(inner.start, outer.start), end: Math.min(inner.end, outer.end) };
}

/** A symbol's selection must lie within it. */
function around(span: Span, selection: Span): Span {
  return { start: Math.min(span.start, selection.start), end: Math.max(span.end, selection.end) };
}
