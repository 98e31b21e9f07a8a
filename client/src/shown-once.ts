import { type Diagnostic, languages, Uri } from 'vscode';
import type { HandleDiagnosticsSignature, Middleware } from 'vscode-languageclient';
import { withoutRepeated } from './repeated.ts';
import { told } from './told.ts';
import { toldAnswers } from './told-answers.ts';
import { hasNeighbor } from './yaml-neighbor.ts';

/**
 * Keeps back what another extension shows already, and links each code to its page in the package. What is shown is
 * in the language of the person.
 */
export function shownOnce(): { readonly middleware: Middleware; dispose(): void } {
  const shown = new Map<string, Shown>();
  const show = (uri: Uri, entry: Shown): void => {
    const others = languages.getDiagnostics(uri).filter(({ source }) => source !== ourSource);
    const kept = withoutRepeated(entry.all, others);
    if (kept.length === entry.kept?.length) return;
    entry.kept = kept;
    entry.next(uri, [...kept]);
  };
  const answers = toldAnswers();
  const subscription = languages.onDidChangeDiagnostics(({ uris }) => {
    for (const uri of uris) {
      const entry = shown.get(uri.toString());
      if (entry !== undefined) show(uri, entry);
    }
  });
  return {
    middleware: {
      ...answers,
      handleDiagnostics: (uri, diagnostics, next) => {
        if (diagnostics.length === 0) {
          shown.delete(uri.toString());
          next(uri, diagnostics);
          return;
        }
        for (const diagnostic of diagnostics) {
          linkCode(diagnostic);
          translate(diagnostic);
        }
        const entry: Shown = { all: diagnostics, kept: undefined, next };
        shown.set(uri.toString(), entry);
        show(uri, entry);
      },
      provideDocumentSymbols: (document, token, next) => {
        if (hasNeighbor(document)) return [];
        return answers.provideDocumentSymbols?.(document, token, next) ?? next(document, token);
      },
    },
    dispose: () => subscription.dispose(),
  };
}

interface Shown {
  readonly all: readonly Diagnostic[];
  kept: readonly Diagnostic[] | undefined;
  readonly next: HandleDiagnosticsSignature;
}

function translate(diagnostic: Diagnostic): void {
  diagnostic.message = told(diagnostic.message);
  for (const one of diagnostic.relatedInformation ?? []) one.message = told(one.message);
}

/** As the server names itself. */
const ourSource = 'egress-router';

function linkCode(diagnostic: Diagnostic): void {
  const { code } = diagnostic;
  const value = typeof code === 'object' ? code.value : code;
  if (value === undefined) return;
  const target = Uri.from({
    scheme: 'command',
    path: 'egressRouter.explain',
    query: JSON.stringify([value]),
  });
  diagnostic.code = { value, target };
}
