import type { CodeAction, Range } from 'vscode-languageserver';
import { type MigrationParams, type MigrationResult, migrationMethod } from '#core/protocol.ts';
import { type MigrationHere, migrationsAt, type OtherFile } from '#language/migration/migration.ts';
import { applyEdits } from '#language/text/text-edit.ts';
import type { OpenDocument } from './documents.ts';
import type { FeatureGroup, Serving } from './serving.ts';
import { toWorkspaceEdit } from './workspace-edit.ts';

/** What our own client shows the outcome of a migration with, before anything is changed. */
export const serveMigration: FeatureGroup = {
  capabilities: () => ({}),
  serve: (serving) => {
    const { connection, answer } = serving;
    connection.onRequest<MigrationResult | null, undefined>(
      migrationMethod,
      ({ textDocument: { uri }, range }: MigrationParams) =>
        answer<MigrationResult | null>(uri, null, (document) => {
          const [first] = migrationsIn(serving, document, range);
          return first === undefined ? null : toResult(document, first);
        }),
    );
  },
};

/** A client may ask for actions of this kind alone. */
export const migrationKind = 'refactor.rewrite.egressRouter.migrate';

/** One action for each router of OpenShift SDN; where it cannot be migrated, one that tells why. */
export function migrationActions(
  serving: Serving,
  document: OpenDocument,
  range: Range,
): readonly CodeAction[] {
  const found = migrationsIn(serving, document, range);
  return found.flatMap(({ origin, outcome }): readonly CodeAction[] => {
    const title = `Migrate ${found.length > 1 ? origin : ''} to an EgressRouter`.replace('  ', ' ');
    if (outcome.kind === 'migrated') {
      const edit = toWorkspaceEdit(document.text, outcome.edits, serving.client());
      return [{ title, kind: migrationKind, edit }];
    }
    const { reason } = outcome;
    return serving.client().showsDisabled ? [{ title, kind: migrationKind, disabled: { reason } }] : [];
  });
}

function migrationsIn(
  { files }: Serving,
  { text, file }: OpenDocument,
  range: Range,
): readonly MigrationHere[] {
  const span = { start: text.offsetAt(range.start), end: text.offsetAt(range.end) };
  return migrationsAt(file, span, () =>
    files
      .all()
      .filter(({ uri }) => uri !== text.uri)
      .map((one): OtherFile => ({ name: nameOf(one.uri), text: one.file.text })),
  );
}

function toResult({ text, file }: OpenDocument, { origin, outcome }: MigrationHere): MigrationResult {
  const { version } = text;
  if (outcome.kind === 'refused') return { version, origin, ...outcome };
  const { edits, losses, questions, steps } = outcome;
  return { kind: 'migrated', version, origin, text: applyEdits(file.text, edits), losses, questions, steps };
}

function nameOf(uri: string): string {
  const last = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    // A stray % is part of the name.
    return last;
  }
}
