// Answers as redhat.vscode-yaml does, with the same id and the same API, for a person who has given it a Kubernetes
// schema for all YAML: then it knows no EgressRouter, and says so.
import {
  CompletionItem,
  Diagnostic,
  DiagnosticSeverity,
  DocumentSymbol,
  type ExtensionContext,
  Hover,
  languages,
  Range,
  SymbolKind,
  type TextDocument,
  TextEdit,
  workspace,
} from 'vscode';

interface Contributor {
  readonly requestSchema: (resource: string) => string;
  readonly requestSchemaContent: (uri: string) => Promise<string> | string;
}

interface Schema {
  readonly title?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

const kubernetes: Schema = { title: 'Kubernetes', properties: { spec: {}, metadata: {} } };

export function activate(context: ExtensionContext) {
  const contributors = new Map<string, Contributor>();
  const diagnostics = languages.createDiagnosticCollection('YAML');

  const schemaOf = async (document: TextDocument): Promise<Schema> => {
    for (const { requestSchema } of contributors.values()) {
      const uri = requestSchema(document.uri.toString());
      // It finds who brings the content by the scheme of the schema's URI.
      const content = await contributors.get(uri.split(':')[0] ?? '')?.requestSchemaContent(uri);
      if (content !== undefined) return JSON.parse(content);
    }
    return kubernetes;
  };
  const check = async (document: TextDocument): Promise<void> => {
    if (document.languageId !== 'yaml') return;
    const { title, properties } = await schemaOf(document);
    const found: Diagnostic[] = [];
    for (let line = 0; line < document.lineCount; line += 1) {
      const { text, range } = document.lineAt(line);
      if (properties !== undefined && text === 'kind: EgressRouter') {
        found.push(toDiagnostic(range, 'Value is not accepted.', `yaml-schema: ${title}`));
      }
      if (text.startsWith('\t'))
        found.push(toDiagnostic(range, 'Tabs are not allowed as indentation', 'YAML'));
    }
    diagnostics.set(document.uri, found);
  };
  const selector = { language: 'yaml' };
  context.subscriptions.push(
    diagnostics,
    workspace.onDidOpenTextDocument(check),
    workspace.onDidChangeTextDocument(({ document }) => check(document)),
    languages.registerCompletionItemProvider(selector, {
      provideCompletionItems: async (document) =>
        Object.keys((await schemaOf(document)).properties ?? {}).map((key) => new CompletionItem(key)),
    }),
    languages.registerHoverProvider(selector, {
      provideHover: async (document) => {
        const { title, properties } = await schemaOf(document);
        return properties === undefined ? undefined : new Hover(`Source: ${title}`);
      },
    }),
    languages.registerDocumentSymbolProvider(selector, {
      provideDocumentSymbols: (document) =>
        keysOf(document).map(
          ({ key, range }) => new DocumentSymbol(key, '', SymbolKind.Module, range, range),
        ),
    }),
    languages.registerDocumentFormattingEditProvider(selector, {
      provideDocumentFormattingEdits: () => [TextEdit.insert(new Range(0, 0, 0, 0).start, '# formatted\n')],
    }),
  );
  for (const document of workspace.textDocuments) void check(document);
  return {
    registerContributor: (
      name: string,
      requestSchema: Contributor['requestSchema'],
      requestSchemaContent: Contributor['requestSchemaContent'],
    ): boolean => {
      if (contributors.has(name)) return false;
      contributors.set(name, { requestSchema, requestSchemaContent });
      return true;
    },
  };
}

function keysOf(document: TextDocument) {
  const lines = Array.from({ length: document.lineCount }, (_, line) => document.lineAt(line));
  return lines.flatMap(({ text, range }) => {
    const key = /^(\w+):/.exec(text)?.[1];
    return key === undefined ? [] : [{ key, range }];
  });
}

function toDiagnostic(range: Range, message: string, source: string): Diagnostic {
  const diagnostic = new Diagnostic(range, message, DiagnosticSeverity.Error);
  diagnostic.source = source;
  return diagnostic;
}
