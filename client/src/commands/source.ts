import { type TextDocument, type TextEditor, type Uri, window, workspace } from 'vscode';
import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import type { RouterDocument } from '#core/protocol.ts';
import type { Desk } from './desk.ts';
import { documentAt, documentOf } from './document-at.ts';
import { findOpenText } from './open-routers.ts';
import type { Target } from './target.ts';

/** An EgressRouter document of an open text. */
export interface Source {
  readonly text: TextDocument;
  readonly document: RouterDocument;
}

/** @returns undefined when the person was asked which router is meant, and gave no answer. */
export async function findSource(
  desk: Desk,
  target: Exclude<Target, { kind: 'router' }>,
): Promise<Source | undefined> {
  const uri = target.kind === 'document' ? target.uri : await findOpenText(desk);
  if (uri === undefined) return undefined;
  const text = await workspace.openTextDocument(uri);
  const { documents } = await desk.language.documents(text);
  if (documents.length === 0) {
    throw new CommandError(
      t`${workspace.asRelativePath(uri)} holds no EgressRouter. Type egress-router in an empty file to write one, or open another file.`,
    );
  }
  if (target.kind === 'document' && target.lens !== undefined) {
    const document = documentOf(documents, target.lens);
    if (document !== undefined) return { text, document };
    throw new CommandError(
      t`${workspace.asRelativePath(uri)} has changed: it holds no EgressRouter ${target.lens.name} anymore. Start again from the line above the router.`,
    );
  }
  // Of a text that no editor shows, only one router can be meant without asking.
  const line = editorOf(uri)?.selection.active.line ?? -1;
  const document = documentAt(documents, line);
  if (document !== undefined) return { text, document };
  const picked = await desk.dialogs.pick(
    t`Which egress router?`,
    documents.map((each) => ({
      label: each.name ?? t`(no name)`,
      description: t`line ${each.range.start.line + 1}`,
      document: each,
    })),
  );
  return picked === undefined ? undefined : { text, document: picked.document };
}

export function editorOf(uri: Uri): TextEditor | undefined {
  const shown = [window.activeTextEditor, ...window.visibleTextEditors];
  return shown.find((editor) => editor?.document.uri.toString() === uri.toString());
}
