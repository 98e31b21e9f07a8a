import { type Location, LSPErrorCodes, ResponseError, type WorkspaceEdit } from 'vscode-languageserver';
import { definitionsAt, referencesAt } from '#language/features/navigation/definition.ts';
import { highlightsAt } from '#language/features/navigation/highlights.ts';
import { linksOf } from '#language/features/navigation/links.ts';
import type { PlaceInFile } from '#language/features/navigation/related-objects.ts';
import { renamableAt, renameAt } from '#language/features/navigation/rename.ts';
import { toRange } from './convert.ts';
import type { KnownFile } from './known-files.ts';
import type { FeatureGroup } from './serving.ts';
import { toWorkspaceEdits } from './workspace-edit.ts';

/** What leads from one object to another: definition, references, highlights, links, and one name for all. */
export const serveNavigation: FeatureGroup = {
  capabilities: ({ canPrepareRename }) => ({
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    documentLinkProvider: {},
    renameProvider: canPrepareRename ? { prepareProvider: true } : true,
  }),
  serve: ({ connection, answer, files, client }) => {
    connection.onDefinition(({ textDocument: { uri }, position }) =>
      answer(uri, [], ({ text, file }) => {
        const known = files.all();
        return toLocations(known, definitionsAt(known, { uri, file }, text.offsetAt(position)));
      }),
    );
    connection.onReferences(({ textDocument: { uri }, position, context: { includeDeclaration } }) =>
      answer(uri, [], ({ text, file }) => {
        const known = files.all();
        const options = { withDefinition: includeDeclaration };
        return toLocations(known, referencesAt(known, { uri, file }, text.offsetAt(position), options));
      }),
    );
    connection.onDocumentHighlight(({ textDocument: { uri }, position }) =>
      answer(uri, [], ({ text, file }) =>
        highlightsAt({ uri, file }, text.offsetAt(position)).map((span) => ({ range: toRange(text, span) })),
      ),
    );
    connection.onDocumentLinks(({ textDocument: { uri } }) =>
      answer(uri, [], ({ text, file }) => {
        const known = files.all();
        return linksOf(known, { uri, file }).flatMap(({ span, tooltip, target }) =>
          toLocations(known, [target]).map(({ uri: to, range: { start } }) => ({
            range: toRange(text, span),
            tooltip,
            // Editors open a file at the line of its fragment.
            target: `${to}#L${start.line + 1}`,
          })),
        );
      }),
    );
    connection.onPrepareRename(({ textDocument: { uri }, position }) =>
      answer(uri, null, ({ text, file }) => {
        const found = renamableAt(files.all(), { uri, file }, text.offsetAt(position));
        return found === undefined ? null : { range: toRange(text, found.span), placeholder: found.name };
      }),
    );
    connection.onRenameRequest(async ({ textDocument: { uri }, position, newName }) => {
      const renaming = await answer(uri, undefined, ({ text, file }) => {
        const known = files.all();
        const found = renameAt(known, { uri, file }, text.offsetAt(position), newName);
        if (found.kind === 'refused') return found;
        const changes = known.flatMap((one) => {
          const edits = found.edits.get(one.uri);
          return edits === undefined ? [] : [{ text: one.text, edits, isOpen: one.isOpen }];
        });
        const edit: WorkspaceEdit = toWorkspaceEdits(changes, client());
        return { kind: 'edit', edit } as const;
      });
      if (renaming?.kind === 'refused') throw new ResponseError(LSPErrorCodes.RequestFailed, renaming.reason);
      return renaming?.edit ?? null;
    });
  },
};

function toLocations(files: readonly KnownFile[], places: readonly PlaceInFile[]): Location[] {
  const texts = new Map(files.map(({ uri, text }) => [uri, text]));
  return places.flatMap(({ uri, span }) => {
    const text = texts.get(uri);
    return text === undefined ? [] : [{ uri, range: toRange(text, span) }];
  });
}
