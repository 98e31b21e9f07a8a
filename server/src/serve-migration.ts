import type { CodeAction, Range, WorkspaceEdit } from 'vscode-languageserver';
import {
  type MigrationParams,
  type MigrationResult,
  migrateCommand,
  migrationMethod,
} from '#core/protocol.ts';
import {
  type MigrationHere,
  type MigrationOutcome,
  migrationsAt,
  type OtherFile,
} from '#language/migration/migration.ts';
import { applyEdits } from '#language/text/text-edit.ts';
import type { Client } from './client-options.ts';
import { toRange, toTextEdit } from './convert.ts';
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

/**
 * One action for each router of OpenShift SDN; where it cannot be migrated, one that tells why. Nothing is changed
 * unseen where the client can help it: ours shows a diff, others may ask first.
 */
export function migrationActions(
  serving: Serving,
  document: OpenDocument,
  range: Range,
): readonly CodeAction[] {
  const found = migrationsIn(serving, document, range);
  return found.flatMap(({ origin, span, outcome }): readonly CodeAction[] => {
    const title = found.length > 1 ? `Migrate ${origin} to an EgressRouter` : 'Migrate to an EgressRouter';
    const client = serving.client();
    if (outcome.kind === 'migrated') {
      if (!client.showsMigration) {
        return [{ title, kind: migrationKind, edit: toEdit(document, origin, outcome, client) }];
      }
      const range = toRange(document.text, span);
      const shown: MigrationParams = { textDocument: { uri: document.text.uri }, range };
      return [
        { title, kind: migrationKind, command: { title, command: migrateCommand, arguments: [shown] } },
      ];
    }
    const { reason } = outcome;
    return client.showsDisabled ? [{ title, kind: migrationKind, disabled: { reason } }] : [];
  });
}

type Migrated = Extract<MigrationOutcome, { readonly kind: 'migrated' }>;

/** The comments of the new text say what is lost; a client that asks before it makes an edit says it as well. */
function toEdit(
  { text }: OpenDocument,
  origin: string,
  { edits, losses, questions, steps }: Migrated,
  client: Client,
): WorkspaceEdit {
  if (!client.confirmsEdits) return toWorkspaceEdit(text, edits(), client);
  const remarks = [
    ...losses.map((one) => `Lost: ${one}`),
    ...questions.map((one) => `Please check: ${one}`),
    ...steps.map((one) => `To do: ${one}`),
  ];
  return {
    documentChanges: [
      {
        textDocument: { uri: text.uri, version: text.version },
        edits: edits().map((edit) => ({ ...toTextEdit(text, edit), annotationId: migrationKind })),
      },
    ],
    changeAnnotations: {
      [migrationKind]: {
        label: `${origin} as an EgressRouter`,
        needsConfirmation: true,
        ...(remarks.length === 0 ? {} : { description: remarks.join('\n') }),
      },
    },
  };
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
  return {
    kind: 'migrated',
    version,
    origin,
    text: applyEdits(file.text, edits()),
    losses,
    questions,
    steps,
  };
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
