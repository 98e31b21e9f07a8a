import { DocumentDiagnosticReportKind, type FullDocumentDiagnosticReport } from 'vscode-languageserver';
import type { FeatureGroup } from './serving.ts';

/** Diagnostics for a client that asks for them. All others are told without asking: they would show all twice. */
export const serveDiagnostics: FeatureGroup = {
  capabilities: ({ pullsDiagnostics }) =>
    pullsDiagnostics
      ? { diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: false } }
      : {},
  serve: ({ connection, answer, diagnose }) => {
    connection.languages.diagnostics.on(({ textDocument: { uri } }) =>
      answer<FullDocumentDiagnosticReport>(
        uri,
        { kind: DocumentDiagnosticReportKind.Full, items: [] },
        (document) => ({ kind: DocumentDiagnosticReportKind.Full, items: diagnose(document) }),
      ),
    );
  },
};
