import { symbolsOf } from '#language/features/symbols.ts';
import { toDocumentSymbol } from './convert.ts';
import type { FeatureGroup } from './serving.ts';

/** What shows how a file is built: its outline. */
export const serveOutline: FeatureGroup = {
  capabilities: () => ({ documentSymbolProvider: true }),
  serve: ({ connection, answer }) => {
    connection.onDocumentSymbol(({ textDocument: { uri } }) =>
      answer(uri, [], ({ text, file }) => symbolsOf(file).map((symbol) => toDocumentSymbol(text, symbol))),
    );
  },
};
