import { commands, type Diagnostic, languages, Uri, window, workspace } from 'vscode';
import type { Dialogs } from '#client/dialogs.ts';
import { t } from '#client/l10n.ts';
import { CommandError } from '#client/report.ts';

/**
 * Opens the page of a diagnostic's code, which is in the package.
 *
 * @param argument the code; without one the person is asked which of the editor's is meant
 */
export async function explain(dialogs: Dialogs, extension: Uri, argument: unknown): Promise<void> {
  const code = typeof argument === 'string' ? argument : await pickCode(dialogs);
  if (code === undefined) return;
  // It becomes part of a path, and a link of any document can name one.
  const page = /^[a-z0-9]+([.-][a-z0-9]+)*$/.test(code)
    ? Uri.joinPath(extension, 'docs', 'diagnostics', `${code}.md`)
    : undefined;
  if (page === undefined || !(await exists(page))) {
    throw new CommandError(t`There is no page about "${code}". The codes are listed in the documentation.`);
  }
  await commands.executeCommand('markdown.showPreview', page);
}

async function pickCode(dialogs: Dialogs): Promise<string | undefined> {
  const editor = window.activeTextEditor;
  const found = editor === undefined ? [] : languages.getDiagnostics(editor.document.uri).filter(isOurs);
  const here = found.filter(({ range }) => editor?.selection.intersection(range) !== undefined);
  const [only, ...more] = here;
  if (only !== undefined && more.length === 0) return codeOf(only);
  if (found.length === 0) {
    throw new CommandError(t`The editor has no finding of Egress Router Tools that could be explained.`);
  }
  const picked = await dialogs.pick(
    t`Which finding?`,
    (here.length > 0 ? here : found).map((one) => ({
      label: codeOf(one),
      description: t`line ${one.range.start.line + 1}`,
      detail: one.message,
    })),
  );
  return picked?.label;
}

function isOurs({ source }: Diagnostic): boolean {
  return source === 'egress-router';
}

function codeOf({ code }: Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

async function exists(file: Uri): Promise<boolean> {
  return workspace.fs.stat(file).then(
    () => true,
    () => false, // that is the answer
  );
}
