import {
  type CompletionItem,
  type CompletionList,
  type DocumentSymbol,
  MarkdownString,
  SymbolInformation,
  window,
} from 'vscode';
import {
  type BaseLanguageClient,
  MessageType,
  type Middleware,
  ShowMessageNotification,
} from 'vscode-languageclient';
import { isTranslated, told, toldMarkdown } from './told.ts';

/** All that the language server answers, in the language of the person. In English nothing stands in between. */
export function toldAnswers(): Middleware {
  if (!isTranslated()) return {};
  return {
    provideCodeActions: async (document, range, context, token, next) => {
      const actions = await next(document, range, context, token);
      for (const action of actions ?? []) {
        action.title = told(action.title);
        if ('disabled' in action && action.disabled !== undefined) {
          action.disabled = { reason: told(action.disabled.reason) };
        }
      }
      return actions;
    },
    provideCodeLenses: async (document, token, next) => {
      const lenses = await next(document, token);
      for (const { command } of lenses ?? []) if (command !== undefined) command.title = told(command.title);
      return lenses;
    },
    provideCompletionItem: async (document, position, context, token, next) =>
      toldCompletions(await next(document, position, context, token)),
    provideDocumentLinks: async (document, token, next) => {
      const links = await next(document, token);
      for (const link of links ?? []) if (link.tooltip !== undefined) link.tooltip = told(link.tooltip);
      return links;
    },
    provideDocumentSymbols: async (document, token, next) => {
      const symbols = await next(document, token);
      for (const symbol of symbols ?? []) if (!(symbol instanceof SymbolInformation)) tellSymbol(symbol);
      return symbols;
    },
    provideHover: async (document, position, token, next) => {
      const hover = await next(document, position, token);
      for (const content of hover?.contents ?? []) {
        if (content instanceof MarkdownString) content.value = toldMarkdown(content.value);
      }
      return hover;
    },
    provideInlayHints: async (document, range, token, next) => {
      const hints = await next(document, range, token);
      for (const hint of hints ?? []) {
        if (typeof hint.label === 'string') hint.label = told(hint.label);
        if (typeof hint.tooltip === 'string') hint.tooltip = told(hint.tooltip);
      }
      return hints;
    },
    provideRenameEdits: async (document, position, newName, token, next) => {
      try {
        return await next(document, position, newName, token);
      } catch (cause) {
        // VS Code shows the message of an error, and nothing of one that was canceled.
        if (!(cause instanceof Error) || told(cause.message) === cause.message) throw cause;
        throw new Error(told(cause.message), { cause });
      }
    },
  };
}

/** What the middleware does for completion, for those who ask the server themselves. */
export function toldCompletions<T extends CompletionItem[] | CompletionList | null | undefined>(found: T): T {
  if (!isTranslated()) return found;
  const items = Array.isArray(found) ? found : (found?.items ?? []);
  for (const item of items) {
    const { documentation, detail, label } = item;
    if (typeof documentation === 'string') item.documentation = toldMarkdown(documentation);
    else if (documentation !== undefined) documentation.value = toldMarkdown(documentation.value);
    if (detail !== undefined) item.detail = told(detail);
    if (typeof label === 'object' && label.description !== undefined) {
      item.label = { ...label, description: told(label.description) };
    }
  }
  return found;
}

/** Notifications of the server; no middleware sees them. To be called before the client starts. */
export function showTold(client: Pick<BaseLanguageClient, 'onNotification'>): void {
  if (!isTranslated()) return;
  client.onNotification(ShowMessageNotification.type, ({ type, message }) => {
    const text = told(message);
    if (type === MessageType.Error) void window.showErrorMessage(text);
    else if (type === MessageType.Warning) void window.showWarningMessage(text);
    else void window.showInformationMessage(text);
  });
}

/** A name is the person's own where it is one word. */
function tellSymbol(symbol: DocumentSymbol): void {
  if (symbol.name.includes(' ')) symbol.name = told(symbol.name);
  symbol.detail = told(symbol.detail);
  for (const child of symbol.children) tellSymbol(child);
}
