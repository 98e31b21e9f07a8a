import {
  CodeActionKind,
  LSPErrorCodes,
  type CodeAction as LspCodeAction,
  ResponseError,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { FileSlice } from '#language/document.ts';
import {
  type Diagnostic,
  type DiagnosticCode,
  diagnosticCodes,
} from '#language/features/checks/diagnostic.ts';
import { type CodeAction, codeActionsAt } from '#language/features/fixes/code-actions.ts';
import { fixAllEdit } from '#language/features/fixes/fix-all.ts';
import { fixEdits } from '#language/features/fixes/fix-edits.ts';
import { withFreeAddresses } from '#language/features/fixes/free-address.ts';
import type { Client } from './client-options.ts';
import { toLspDiagnostic } from './convert.ts';
import type { OpenDocument } from './documents.ts';
import { lookUpAndFix, lookUpCommand, toLookUpCommand } from './look-up-fix.ts';
import { migrationActions, migrationKind } from './serve-migration.ts';
import type { FeatureGroup, Serving } from './serving.ts';
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
    const { connection, answer, client, platform } = serving;
    connection.onCodeAction(({ textDocument: { uri }, range, context: { only } }) =>
      answer(uri, [], (document) => {
        const { text, file } = document;
        const span = { start: text.offsetAt(range.start), end: text.offsetAt(range.end) };
        const actions = codeActionsAt(file, span, {
          quickFixes: isWanted(CodeActionKind.QuickFix, only),
          fixAll: isWanted(fixAllKind, only),
          lateFixes: client().resolvesEdits,
          lookUps: platform.lookUp !== undefined && client().appliesEdits,
          diagnosticsOf: (slice) => findingsIn(uri, slice, serving),
        });
        return [
          ...actions.map((action) => toLspAction(document, action, client())),
          ...(isWanted(migrationKind, only) ? migrationActions(serving, document, range) : []),
        ];
      }),
    );
    connection.onCodeActionResolve(async (action) => {
      const data = readActionData(action.data);
      if (data === undefined) return action;
      const { uri, version } = data;
      const edit = await answer<WorkspaceEdit | 'none' | undefined>(uri, undefined, (document) =>
        document.text.version === version ? editOf(document, data, serving) : undefined,
      );
      // An edit of an old text would fall anywhere.
      if (edit === undefined)
        throw new ResponseError(LSPErrorCodes.ContentModified, 'The document has changed since.');
      if (edit === 'none') throw new ResponseError(LSPErrorCodes.RequestFailed, cannotMend);
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
  const preferred = action.isPreferred ? { isPreferred: true } : {};
  if (action.kind === 'late-fix') {
    const { slice, diagnostic } = action;
    const { code } = diagnostic;
    const fix = { title, offset: slice.start + diagnostic.span.start };
    return { ...mended, ...preferred, data: { uri: text.uri, version: text.version, code, fix } };
  }
  return {
    ...mended,
    ...preferred,
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

/** What an action says of itself where its edit is made once it is chosen: all of a code, or one fix. */
interface ActionData {
  readonly uri: string;
  readonly version: number;
  readonly code?: DiagnosticCode;
  readonly fix?: OneFix;
}

interface OneFix {
  readonly title: string;
  /** Where its diagnostic begins. */
  readonly offset: number;
}

const cannotMend = 'The text here cannot be changed without changing more of it: change it by hand.';

function editOf(
  document: OpenDocument,
  { uri, code, fix }: ActionData,
  serving: Serving,
): WorkspaceEdit | 'none' {
  const { client } = serving;
  if (fix === undefined) return fixAllOf(document, code, client());
  for (const slice of document.file.slices) {
    if (fix.offset < slice.start || fix.offset > slice.start + slice.text.length) continue;
    for (const one of findingsIn(uri, slice, serving)) {
      if (one.code !== code || slice.start + one.span.start !== fix.offset) continue;
      const wanted = one.fixes.find(({ title }) => title === fix.title);
      const edits = wanted && fixEdits(slice, wanted);
      if (edits !== undefined) return toWorkspaceEdit(document.text, edits, client());
    }
  }
  return 'none';
}

function findingsIn(
  uri: string,
  slice: FileSlice,
  { findings, files, situation: { cluster } }: Serving,
): readonly Diagnostic[] {
  return withFreeAddresses(slice, findings.in(uri, slice), () => ({
    facts: files.facts(),
    ...(cluster === undefined ? {} : { cluster }),
  }));
}

function readActionData(data: unknown): ActionData | undefined {
  if (typeof data !== 'object' || data === null || !('uri' in data) || !('version' in data)) return undefined;
  const { uri, version } = data;
  if (typeof uri !== 'string' || typeof version !== 'number') return undefined;
  const code = 'code' in data ? diagnosticCodes.find((one) => one === data.code) : undefined;
  const fix = 'fix' in data ? readFix(data.fix) : undefined;
  return { uri, version, ...(code && { code }), ...(fix && { fix }) };
}

function readFix(fix: unknown): OneFix | undefined {
  if (typeof fix !== 'object' || fix === null || !('title' in fix) || !('offset' in fix)) return undefined;
  const { title, offset } = fix;
  return typeof title === 'string' && typeof offset === 'number' ? { title, offset } : undefined;
}
