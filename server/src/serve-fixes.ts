import {
  CodeActionKind,
  LSPErrorCodes,
  type CodeAction as LspCodeAction,
  ResponseError,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { type DiagnosticCode, diagnosticCodes } from '#language/features/checks/diagnostic.ts';
import { type CodeAction, codeActionsAt } from '#language/features/fixes/code-actions.ts';
import { fixAllEdit } from '#language/features/fixes/fix-all.ts';
import type { Client } from './client-options.ts';
import { toLspDiagnostic } from './convert.ts';
import type { OpenDocument } from './documents.ts';
import { lookUpAndFix, lookUpCommand, toLookUpCommand } from './look-up-fix.ts';
import { migrationActions, migrationKind } from './serve-migration.ts';
import type { FeatureGroup } from './serving.ts';
import { toWorkspaceEdit } from './workspace-edit.ts';

/** What mends: quick fixes, all that is certain at once, and addresses looked up for names. */
export const serveFixes: FeatureGroup = {
  capabilities: (client) => ({
    ...(client.takesCodeActions
      ? {
          codeActionProvider: {
            codeActionKinds: [CodeActionKind.QuickFix, fixAllKind, migrationKind],
            resolveProvider: client.resolvesEdits,
          },
        }
      : {}),
    ...(client.takesCodeActions && client.appliesEdits
      ? { executeCommandProvider: { commands: [lookUpCommand] } }
      : {}),
  }),
  serve: (serving) => {
    const { connection, answer, client, platform, findings } = serving;
    connection.onCodeAction(({ textDocument: { uri }, range, context: { only } }) =>
      answer(uri, [], (document) => {
        const { text, file } = document;
        const span = { start: text.offsetAt(range.start), end: text.offsetAt(range.end) };
        const actions = codeActionsAt(file, span, {
          quickFixes: isWanted(CodeActionKind.QuickFix, only),
          fixAll: isWanted(fixAllKind, only),
          lookUps: platform.lookUp !== undefined && client().appliesEdits,
          diagnosticsOf: (slice) => findings.in(uri, slice),
        });
        return [
          ...actions.map((action) => toLspAction(document, action, client())),
          ...(isWanted(migrationKind, only) ? migrationActions(serving, document, range) : []),
        ];
      }),
    );
    connection.onCodeActionResolve(async (action) => {
      const data = readFixAllData(action.data);
      if (data === undefined) return action;
      const { uri, version, code } = data;
      const edit = await answer<WorkspaceEdit | undefined>(uri, undefined, (document) =>
        document.text.version === version ? fixAllOf(document, code, client()) : undefined,
      );
      // An edit of an old text would fall anywhere.
      if (edit === undefined)
        throw new ResponseError(LSPErrorCodes.ContentModified, 'The document has changed since.');
      return { ...action, edit };
    });
    connection.onExecuteCommand(async ({ command, arguments: [argument] = [] }) => {
      if (command === lookUpCommand) await lookUpAndFix(serving, argument);
      return null;
    });
  },
};

const fixAllKind = `${CodeActionKind.SourceFixAll}.egressRouter`;

/** Kinds are a hierarchy of dots; whoever names none takes all. */
function isWanted(kind: string, only: readonly string[] | undefined): boolean {
  return only?.every((one) => one !== '' && kind !== one && !kind.startsWith(`${one}.`)) !== true;
}

function toLspAction(document: OpenDocument, action: CodeAction, client: Client): LspCodeAction {
  const { text } = document;
  const { title } = action;
  if (action.kind === 'fix-all') {
    const { code } = action;
    const kind = code === undefined ? fixAllKind : CodeActionKind.QuickFix;
    if (!client.resolvesEdits) return { title, kind, edit: fixAllOf(document, code, client) };
    return { title, kind, data: { uri: text.uri, version: text.version, ...(code && { code }) } };
  }
  const mended = {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [toLspDiagnostic(text, action.slice, action.diagnostic, client)],
  };
  if (action.kind === 'look-up') return { ...mended, command: toLookUpCommand(text, action) };
  return {
    ...mended,
    ...(action.isPreferred ? { isPreferred: true } : {}),
    edit: toWorkspaceEdit(text, action.edits, client),
  };
}

function fixAllOf(
  { text, file }: OpenDocument,
  code: DiagnosticCode | undefined,
  client: Client,
): WorkspaceEdit {
  const edit = fixAllEdit(file, code === undefined ? {} : { code });
  return toWorkspaceEdit(text, edit === undefined ? [] : [edit], client);
}

function readFixAllData(
  data: unknown,
): { readonly uri: string; readonly version: number; readonly code?: DiagnosticCode } | undefined {
  if (typeof data !== 'object' || data === null || !('uri' in data) || !('version' in data)) return undefined;
  const { uri, version } = data;
  if (typeof uri !== 'string' || typeof version !== 'number') return undefined;
  const code = 'code' in data ? diagnosticCodes.find((one) => one === data.code) : undefined;
  return { uri, version, ...(code && { code }) };
}
