import type { WorkspaceEdit } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Edit } from '#language/text-edit.ts';
import type { Client } from './client-options.ts';
import { toTextEdit } from './convert.ts';

/** Bound to the version of the text, where the client can tell one from another. */
export function toWorkspaceEdit(
  text: TextDocument,
  edits: readonly Edit[],
  { takesVersionedEdits }: Pick<Client, 'takesVersionedEdits'>,
): WorkspaceEdit {
  const converted = edits.map((edit) => toTextEdit(text, edit));
  if (!takesVersionedEdits) return { changes: { [text.uri]: converted } };
  const { uri, version } = text;
  return { documentChanges: [{ textDocument: { uri, version }, edits: converted }] };
}
