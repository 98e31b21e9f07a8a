import type { WorkspaceEdit } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Edit } from '#language/text/text-edit.ts';
import type { Client } from './client-options.ts';
import { toTextEdit } from './convert.ts';

/** Bound to the version of the text, where the client can tell one from another. */
export function toWorkspaceEdit(
  text: TextDocument,
  edits: readonly Edit[],
  client: Pick<Client, 'takesVersionedEdits'>,
): WorkspaceEdit {
  return toWorkspaceEdits([{ text, edits, isOpen: true }], client);
}

/** A file that is not open has no version. */
export function toWorkspaceEdits(
  changes: readonly {
    readonly text: TextDocument;
    readonly edits: readonly Edit[];
    readonly isOpen: boolean;
  }[],
  { takesVersionedEdits }: Pick<Client, 'takesVersionedEdits'>,
): WorkspaceEdit {
  const converted = changes.map(({ text, edits, isOpen }) => ({
    textDocument: { uri: text.uri, version: isOpen ? text.version : null },
    edits: edits.map((edit) => toTextEdit(text, edit)),
  }));
  return takesVersionedEdits
    ? { documentChanges: converted }
    : { changes: Object.fromEntries(converted.map(({ textDocument, edits }) => [textDocument.uri, edits])) };
}
