import { documentFolds, foldsOf } from '#language/features/folding.ts';
import { hintsIn } from '#language/features/hints.ts';
import { selectionsAt } from '#language/features/selection.ts';
import { outlineSymbols, symbolsOf } from '#language/features/symbols.ts';
import {
  toDocumentSymbol,
  toFoldingRange,
  toInlayHint,
  toSelectionRange,
  toSymbolInformation,
} from './convert.ts';
import type { FeatureGroup } from './serving.ts';

/** What shows how a file is built, and what holds in it unwritten: outline, folds, selections, hints. */
export const serveOutline: FeatureGroup = {
  capabilities: () => ({
    documentSymbolProvider: true,
    foldingRangeProvider: true,
    selectionRangeProvider: true,
    inlayHintProvider: true,
  }),
  serve: ({ connection, answer, client, findings }) => {
    const known = outlineSymbols();
    const folds = documentFolds();
    connection.onDocumentSymbol(({ textDocument: { uri } }) =>
      answer(uri, [], ({ text, file }) => {
        const symbols = symbolsOf(file, known);
        return client().takesTree
          ? symbols.map((symbol) => toDocumentSymbol(text, symbol))
          : symbols.flatMap((symbol) => toSymbolInformation(text, symbol));
      }),
    );
    connection.onFoldingRanges(({ textDocument: { uri } }) =>
      answer(uri, [], ({ file }) => foldsOf(file, folds).map(toFoldingRange)),
    );
    connection.onSelectionRanges(({ textDocument: { uri }, positions }) =>
      answer(uri, [], ({ text, file }) =>
        positions.map((position) => toSelectionRange(text, selectionsAt(file, text.offsetAt(position)))),
      ),
    );
    connection.languages.inlayHint.on(({ textDocument: { uri }, range }) =>
      answer(uri, [], ({ text, file }) => {
        // What a patch leaves out, the object that it is put over may say.
        if (findings.isPatch(uri)) return [];
        const span = { start: text.offsetAt(range.start), end: text.offsetAt(range.end) };
        return hintsIn(file, span).map((hint) => toInlayHint(text, hint));
      }),
    );
  },
};
