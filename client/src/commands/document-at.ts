import type { RouterDocument } from '#core/protocol.ts';

/** The document that a line stands in, else the only one there is. */
export function documentAt(documents: readonly RouterDocument[], line: number): RouterDocument | undefined {
  const [first, ...others] = documents;
  return (
    documents.find(({ range }) => range.start.line <= line && line <= range.end.line) ??
    (others.length === 0 ? first : undefined)
  );
}
