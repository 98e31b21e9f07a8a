import { isAlias, isMap, isNode, isScalar, type Node } from 'yaml';
import type { Path } from '#core/problem.ts';
import { type DocumentObject, valueAt } from '../../objects.ts';
import type { Span } from '../../text/span.ts';
import { childNode } from '../../yaml/node-at.ts';
import type { Parsed } from '../../yaml/parsed.ts';
import type { Diagnostic, DiagnosticFix } from './diagnostic.ts';

/**
 * Names, namespaces and addresses of routers that are written elsewhere in the document, behind an anchor. kubectl
 * and Helm put them in, so nothing fails; but whoever edits the one place changes another router unawares.
 */
export function borrowedIdentity(parsed: Parsed, objects: readonly DocumentObject[]): readonly Diagnostic[] {
  const found = new Map<number, Diagnostic>();
  for (const { kind, root } of objects) {
    if (kind !== 'router') continue;
    const addresses = valueAt(parsed.value, [...root, 'spec', 'addresses']);
    const paths: readonly Path[] = [
      ['metadata', 'name'],
      ['metadata', 'namespace'],
      ...(Array.isArray(addresses) ? addresses.map((_one, index) => ['spec', 'addresses', index, 'ip']) : []),
    ];
    for (const path of paths) {
      const borrowed = borrowedAt(parsed, [...root, ...path]);
      if (borrowed !== undefined && !found.has(borrowed.span.start)) found.set(borrowed.span.start, borrowed);
    }
  }
  return [...found.values()];
}

function borrowedAt(parsed: Parsed, path: Path): Diagnostic | undefined {
  const value = valueAt(parsed.value, path);
  if (typeof value !== 'string') return undefined;
  const field = path.at(-1) === 'ip' ? 'address' : path.at(-1);
  let node = parsed.document.contents ?? undefined;
  for (const [index, step] of path.entries()) {
    const child = childNode(node, step);
    if (child === undefined) {
      const merge = mergeIn(node);
      // `<<` itself stays, for what else it brings.
      const canAdd = index === path.length - 1;
      const title = `Write "${path.at(-1)}: ${value}" here`;
      return (
        merge &&
        borrowed(
          merge,
          `The router's ${field}, ${value}, comes by a merge key, which YAML 1.2 no longer has: some readers take "<<" for a field. Write it out here.`,
          canAdd ? [{ kind: 'value', title, edits: [{ kind: 'add', path, value }] }] : [],
        )
      );
    }
    if (isAlias(child)) {
      const isItself = index === path.length - 1;
      return borrowed(
        child,
        `The router's ${field}, ${value}, is written elsewhere: whoever edits that place changes this router too. Write it out here.`,
        isItself
          ? [{ kind: 'value', title: `Write ${value} here`, edits: [{ kind: 'replace', path, value }] }]
          : [],
      );
    }
    node = child;
  }
  return undefined;
}

function borrowed({ range }: Node, message: string, fixes: readonly DiagnosticFix[]): Diagnostic | undefined {
  if (!range) return undefined;
  const span: Span = { start: range[0], end: range[1] };
  return { code: 'anchor-in-identity', severity: 'information', span, message, related: [], fixes };
}

function mergeIn(node: Node | undefined): Node | undefined {
  if (!isMap(node)) return undefined;
  const key = node.items.find((pair) => isScalar(pair.key) && pair.key.source === '<<')?.key;
  return isNode(key) ? key : undefined;
}
