import type { TextDocument } from 'vscode-languageserver-textdocument';
import {
  type CodeLens,
  type CompletionItem,
  CompletionItemKind,
  type Diagnostic,
  DiagnosticSeverity,
  type DocumentSymbol,
  type Hover,
  InsertTextFormat,
  MarkupKind,
  SymbolKind,
  type TextEdit,
} from 'vscode-languageserver-types';
import type { DocumentsResult, DocumentTarget, TextRange } from '#core/protocol.ts';
import type { Completion } from '#language/features/completion.ts';
import type { Diagnostic as OurDiagnostic } from '#language/features/diagnostics.ts';
import type { Hover as OurHover } from '#language/features/hover.ts';
import type { Lens } from '#language/features/lenses.ts';
import type { RouterInFile } from '#language/features/routers.ts';
import type { OutlineSymbol } from '#language/features/symbols.ts';
import { moved, type Span } from '#language/span.ts';
import type { Edit } from '#language/text-edit.ts';

export const diagnosticSource = 'egress-router';

export function toRange(text: TextDocument, { start, end }: Span): TextRange {
  return { start: text.positionAt(start), end: text.positionAt(end) };
}

/** @param start where the slice begins that the diagnostic counts from */
export function toLspDiagnostic(text: TextDocument, start: number, diagnostic: OurDiagnostic): Diagnostic {
  const { code, severity, message, span } = diagnostic;
  return {
    range: toRange(text, moved(span, start)),
    severity: severities[severity],
    code,
    source: diagnosticSource,
    message,
  };
}

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
} as const satisfies Record<OurDiagnostic['severity'], DiagnosticSeverity>;

/** `index` keeps our order: clients sort by it. */
export function toCompletionItem(
  text: TextDocument,
  completion: Completion,
  index: number,
  takesSnippets: boolean,
): CompletionItem {
  const { label, kind, documentation, span, snippet } = completion;
  return {
    label,
    kind: completionKinds[kind],
    documentation: { kind: MarkupKind.Markdown, value: documentation },
    sortText: String(index).padStart(3, '0'),
    // What is typed before the cursor is compared with this; a value may hold no blank.
    filterText: label,
    insertTextFormat: takesSnippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    textEdit: { range: toRange(text, span), newText: takesSnippets ? snippet : withoutStops(snippet) },
  };
}

const completionKinds = {
  field: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  manifest: CompletionItemKind.Snippet,
} as const satisfies Record<Completion['kind'], CompletionItemKind>;

/** For clients that know no snippets: `${1:text}` is its text, `${1|a,b|}` the first choice, `$0` nothing. */
function withoutStops(snippet: string): string {
  return snippet
    .replace(/\$\{\d+:((?:\\.|[^}\\])*)\}/g, '$1')
    .replace(/\$\{\d+\|([^,|]*)[^}]*\}/g, '$1')
    .replace(/\$\d+/g, '')
    .replace(/\\([\\$}])/g, '$1');
}

export function toHover(text: TextDocument, { markdown, span }: OurHover): Hover {
  return { contents: { kind: MarkupKind.Markdown, value: markdown }, range: toRange(text, span) };
}

export function toDocumentSymbol(text: TextDocument, symbol: OutlineSymbol): DocumentSymbol {
  return {
    name: symbol.name,
    detail: symbol.detail,
    kind: symbolKinds[symbol.kind],
    range: toRange(text, symbol.span),
    selectionRange: toRange(text, symbol.selection),
    children: symbol.children.map((child) => toDocumentSymbol(text, child)),
  };
}

const symbolKinds = {
  router: SymbolKind.Object,
  address: SymbolKind.Constant,
  rule: SymbolKind.Event,
  fallback: SymbolKind.Event,
} as const satisfies Record<OutlineSymbol['kind'], SymbolKind>;

export function toCodeLens(text: TextDocument, { title, command, span, target }: Lens): CodeLens {
  const { span: targetSpan, ...named } = target;
  const argument: DocumentTarget = { uri: text.uri, ...named, range: toRange(text, targetSpan) };
  return { range: toRange(text, span), command: { title, command, arguments: [argument] } };
}

export function toTextEdit(text: TextDocument, { span, newText }: Edit): TextEdit {
  return { range: toRange(text, span), newText };
}

export function toDocumentsResult(text: TextDocument, routers: readonly RouterInFile[]): DocumentsResult {
  const documents = routers.map(({ diagnostics, span, ...router }) => ({
    ...router,
    problems: diagnostics.map(({ code, severity, message, span: at }) => ({
      code,
      severity,
      message,
      range: toRange(text, at),
    })),
    range: toRange(text, span),
  }));
  return { version: text.version, documents };
}
