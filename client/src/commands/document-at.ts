import type { RouterDocument } from '#core/protocol.ts';
import type { Lens } from './lens.ts';

/** The document that a line stands in, else the only one there is. */
export function documentAt(documents: readonly RouterDocument[], line: number): RouterDocument | undefined {
  const [first, ...others] = documents;
  return (
    documents.find(({ range }) => range.start.line <= line && line <= range.end.line) ??
    (others.length === 0 ? first : undefined)
  );
}

/**
 * The document of the router that a code lens was drawn for. By its name, not by its place alone: lenses are drawn
 * a moment after the text has changed, and another router may stand there by now.
 */
export function documentOf(documents: readonly RouterDocument[], lens: Lens): RouterDocument | undefined {
  const same = documents.filter(({ name, namespace }) => name === lens.name && namespace === lens.namespace);
  return documentAt(same, lens.line);
}
