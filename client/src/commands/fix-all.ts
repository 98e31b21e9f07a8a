import { commands, window } from 'vscode';
import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';
import { startsServer } from '#client/served-documents.ts';

/** Mends all that has one certain meaning in the editor, as `editor.codeActionsOnSave` would. */
export async function fixAll(): Promise<void> {
  const document = window.activeTextEditor?.document;
  if (document === undefined || !startsServer(document)) {
    throw new CommandError(t`The editor shows nothing that concerns egress routers. Open a manifest first.`);
  }
  await commands.executeCommand('editor.action.codeAction', {
    kind: 'source.fixAll.egressRouter',
    apply: 'first',
  });
}
