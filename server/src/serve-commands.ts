import {
  type DocumentsParams,
  type DocumentsResult,
  documentsMethod,
  type ToYamlParams,
  type ToYamlResult,
  toYamlMethod,
} from '#core/protocol.ts';
import { lensesOf, lensPlaces } from '#language/features/lenses.ts';
import { routersOf } from '#language/features/routers.ts';
import { toYaml } from '#language/yaml/to-yaml.ts';
import { toCodeLens, toDocumentsResult } from './convert.ts';
import type { FeatureGroup } from './serving.ts';

/** What the commands of our own client stand on: code lenses, and the routers of a text. */
export const serveCommands: FeatureGroup = {
  capabilities: ({ hasCommands }) => (hasCommands ? { codeLensProvider: {} } : {}),
  serve: ({ connection, answer, situation }) => {
    const places = lensPlaces();
    connection.onCodeLens(({ textDocument: { uri } }) =>
      answer(uri, [], ({ text, file }) =>
        lensesOf(file, situation.cluster, places).map((lens) => toCodeLens(text, lens)),
      ),
    );
    connection.onRequest(documentsMethod, ({ textDocument: { uri } }: DocumentsParams) =>
      answer<DocumentsResult | null>(uri, null, ({ text, file }) => toDocumentsResult(text, routersOf(file))),
    );
    connection.onRequest(toYamlMethod, ({ value }: ToYamlParams): ToYamlResult => ({ text: toYaml(value) }));
  },
};
