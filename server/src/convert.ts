import type { TextDocument } from 'vscode-languageserver-textdocument';
import {
  type CodeLens,
  type CompletionItem,
  CompletionItemKind,
  type Diagnostic,
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  DiagnosticTag,
  type DocumentSymbol,
  type FoldingRange,
  type Hover,
  type InlayHint,
  InsertTextFormat,
  MarkupKind,
  type SelectionRange,
  type SymbolInformation,
  SymbolKind,
  type TextEdit,
} from 'vscode-languageserver-types';
import {
  type DocumentsResult,
  type DocumentTarget,
  type MigrationParams,
  migrateCommand,
  type TextRange,
} from '#core/protocol.ts';
import type { FileSlice } from '#language/document.ts';
import type { Diagnostic as OurDiagnostic } from '#language/features/checks/diagnostic.ts';
import type { Completion } from '#language/features/completion/completion-item.ts';
import type { Fold } from '#language/features/folding.ts';
import type { Hint } from '#language/features/hints.ts';
import type { Hover as OurHover } from '#language/features/hover/hover.ts';
import type { Lens } from '#language/features/lenses.ts';
import type { RouterInFile } from '#language/features/routers.ts';
import type { OutlineSymbol } from '#language/features/symbols.ts';
import type { MigrationLens } from '#language/migration/migration-lenses.ts';
import { moved, type Span } from '#language/text/span.ts';
import type { Edit } from '#language/text/text-edit.ts';
import { spanOf } from '#language/yaml/source-map.ts';
import type { Client } from './client-options.ts';

export const diagnosticSource = 'egress-router';

export function toRange(text: TextDocument, { start, end }: Span): TextRange {
  return { start: text.positionAt(start), end: text.positionAt(end) };
}

/**
 * @param slice the one that the diagnostic counts from
 * @param places that have a part in it; where they are not given, those in the same document
 */
export function toLspDiagnostic(
  text: TextDocument,
  slice: FileSlice,
  diagnostic: OurDiagnostic,
  client: Pick<Client, 'documentation' | 'takesCodeDescription' | 'takesTags' | 'takesRelatedPlaces'>,
  places: readonly DiagnosticRelatedInformation[] = toRelatedPlaces(text, slice, diagnostic),
): Diagnostic {
  const { code, severity, message, span } = diagnostic;
  const { documentation } = client;
  const hasPage = client.takesCodeDescription && documentation !== undefined;
  const tag = client.takesTags ? tags.get(code) : undefined;
  const related = client.takesRelatedPlaces ? [...places] : [];
  return {
    range: toRange(text, moved(span, slice.start)),
    severity: severities[severity],
    code,
    ...(hasPage ? { codeDescription: { href: documentation.replaceAll('{code}', code) } } : {}),
    source: diagnosticSource,
    message,
    ...(tag === undefined ? {} : { tags: [tag] }),
    ...(related.length === 0 ? {} : { relatedInformation: related }),
  };
}

/** Editors draw what may go in gray, and what is outdated struck out. */
const tags: ReadonlyMap<string, DiagnosticTag> = new Map([
  ['target-port-repeats-port', DiagnosticTag.Unnecessary],
  ['fallback-repeats-rule', DiagnosticTag.Unnecessary],
  ['outdated-field', DiagnosticTag.Deprecated],
]);

/** Those in the same document. */
function toRelatedPlaces(
  text: TextDocument,
  { start, content }: FileSlice,
  { related }: OurDiagnostic,
): DiagnosticRelatedInformation[] {
  if (content === undefined || related.length === 0) return [];
  const parsed = content.source.parsed();
  return related.flatMap((place) => {
    if (place.document !== undefined) return [];
    const range = toRange(text, moved(spanOf(parsed, place), start));
    return [{ location: { uri: text.uri, range }, message: place.message }];
  });
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
  { takesSnippets, takesItemMarkdown, takesLabelDetails, hasCommands }: TakesCompletions,
): CompletionItem {
  const {
    label,
    kind,
    detail,
    documentation,
    span,
    snippet,
    plain = withoutStops(snippet),
    hasValues,
  } = completion;
  return {
    label,
    kind: completionKinds[kind],
    ...(detail === undefined
      ? {}
      : takesLabelDetails
        ? { labelDetails: { description: detail } }
        : { detail }),
    documentation: takesItemMarkdown
      ? { kind: MarkupKind.Markdown, value: documentation }
      : withoutMarkdown(documentation),
    sortText: String(index).padStart(3, '0'),
    // What is typed before the cursor is compared with this; a value may hold no blank.
    filterText: label,
    insertTextFormat: takesSnippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    textEdit: { range: toRange(text, span), newText: takesSnippets ? snippet : plain },
    // A command of VS Code, which only our own client is known to run in.
    ...(hasValues && hasCommands
      ? { command: { title: 'Choose a value', command: 'editor.action.triggerSuggest' } }
      : {}),
  };
}

type TakesCompletions = Pick<
  Client,
  'takesSnippets' | 'takesItemMarkdown' | 'takesLabelDetails' | 'hasCommands'
>;

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

export function toHover(text: TextDocument, { markdown, span }: OurHover, takesMarkdown: boolean): Hover {
  const contents = takesMarkdown
    ? { kind: MarkupKind.Markdown, value: markdown }
    : { kind: MarkupKind.PlainText, value: withoutMarkdown(markdown) };
  return { contents, range: toRange(text, span) };
}

/** The few marks that our own texts are written with. */
function withoutMarkdown(markdown: string): string {
  return markdown
    .replace(/^```.*\n?/gm, '')
    .replace(/^---$\n?/gm, '')
    .replace(/(\*\*|\*|`)([^*`\n]+)\1/g, '$2')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
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

/** For clients whose outline has no branches. */
export function toSymbolInformation(
  text: TextDocument,
  { name, kind, span, children }: OutlineSymbol,
  container?: string,
): readonly SymbolInformation[] {
  const location = { uri: text.uri, range: toRange(text, span) };
  return [
    {
      name,
      kind: symbolKinds[kind],
      location,
      ...(container === undefined ? {} : { containerName: container }),
    },
    ...children.flatMap((child) => toSymbolInformation(text, child, name)),
  ];
}

export function toFoldingRange({ startLine, endLine, kind }: Fold): FoldingRange {
  return { startLine, endLine, kind };
}

/** @param spans the innermost first; there is always the whole file */
export function toSelectionRange(text: TextDocument, spans: readonly Span[]): SelectionRange {
  const [innermost = { start: 0, end: 0 }, ...outer] = spans;
  const range = toRange(text, innermost);
  return outer.length === 0 ? { range } : { range, parent: toSelectionRange(text, outer) };
}

export function toInlayHint(text: TextDocument, { label, tooltip, offset, isClose }: Hint): InlayHint {
  return { position: text.positionAt(offset), label, tooltip, paddingLeft: isClose !== true };
}

const symbolKinds = {
  router: SymbolKind.Object,
  address: SymbolKind.Constant,
  rule: SymbolKind.Event,
  fallback: SymbolKind.Event,
  service: SymbolKind.Interface,
  nad: SymbolKind.Module,
  legacy: SymbolKind.Object,
} as const satisfies Record<OutlineSymbol['kind'], SymbolKind>;

export function toCodeLens(text: TextDocument, { title, command, span, target }: Lens): CodeLens {
  const { span: targetSpan, ...named } = target;
  const argument: DocumentTarget = { uri: text.uri, ...named, range: toRange(text, targetSpan) };
  return { range: toRange(text, span), command: { title, command, arguments: [argument] } };
}

export function toMigrationCodeLens(text: TextDocument, { span, target }: MigrationLens): CodeLens {
  const argument: MigrationParams = { textDocument: { uri: text.uri }, range: toRange(text, target) };
  return {
    range: toRange(text, span),
    command: { title: 'Migrate', command: migrateCommand, arguments: [argument] },
  };
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
