import {
  type AsWrittenParams,
  type AsWrittenResult,
  asWrittenMethod,
  type DocumentsParams,
  type DocumentsResult,
  documentsMethod,
  type ToYamlParams,
  type ToYamlResult,
  toYamlMethod,
} from '#core/protocol.ts';
import { writtenLike } from '#language/edits/written-like.ts';
import { lensesOf, lensPlaces } from '#language/features/lenses.ts';
import { routersOf } from '#language/features/routers.ts';
import { migrationLensesOf, migrationLensPlaces } from '#language/migration/migration-lenses.ts';
import { sliceAt } from '#language/text/slices.ts';
import { toYaml } from '#language/yaml/to-yaml.ts';
import { toCodeLens, toDocumentsResult, toMigrationCodeLens } from './convert.ts';
import type { FeatureGroup } from './serving.ts';

/** What the commands of our own client stand on: code lenses, and the routers of a text. */
export const serveCommands: FeatureGroup = {
  capabilities: ({ hasCommands, showsMigration }) =>
    hasCommands || showsMigration ? { codeLensProvider: {} } : {},
  serve: ({ connection, answer, client, situation, findings }) => {
    const places = lensPlaces();
    const migrationPlaces = migrationLensPlaces();
    connection.onCodeLens(({ textDocument: { uri } }) =>
      answer(uri, [], ({ text, file }) => {
        const { hasCommands, showsMigration } = client();
        if (findings.isPatch(uri)) return [];
        const lenses = hasCommands ? lensesOf(file, situation.cluster, places) : [];
        const migrations = showsMigration ? migrationLensesOf(file, migrationPlaces) : [];
        return [
          ...lenses.map((lens) => toCodeLens(text, lens)),
          ...migrations.map((lens) => toMigrationCodeLens(text, lens)),
        ];
      }),
    );
    connection.onRequest(documentsMethod, ({ textDocument: { uri } }: DocumentsParams) =>
      answer<DocumentsResult | null>(uri, null, ({ text, file }) => toDocumentsResult(text, routersOf(file))),
    );
    connection.onRequest(asWrittenMethod, ({ textDocument: { uri }, position, value }: AsWrittenParams) =>
      answer<AsWrittenResult | null>(uri, null, ({ text, file }) => {
        const slice = sliceAt(file.slices, text.offsetAt(position));
        const written = slice && writtenLike(slice.text, value);
        if (slice === undefined || written === undefined) return null;
        const { start } = slice;
        const all = file.text;
        return { text: all.slice(0, start) + written + all.slice(start + slice.text.length) };
      }),
    );
    connection.onRequest(toYamlMethod, ({ value }: ToYamlParams): ToYamlResult => ({ text: toYaml(value) }));
  },
};
