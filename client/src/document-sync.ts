import type { TextDocument } from 'vscode';
import type { Middleware } from 'vscode-languageclient';
import { isServed } from './served-documents.ts';

/**
 * Gives the server the texts that it is to have, and no others. A JSON text may become a manifest while it is
 * written: then it is opened with the change that made it one.
 */
export function documentSync(open: (document: TextDocument) => Promise<void>) {
  const opened = new Set<string>();
  return {
    didOpen: async (document, next) => {
      if (!isServed(document)) return;
      opened.add(document.uri.toString());
      await next(document);
    },
    didChange: async (change, next) => {
      const uri = change.document.uri.toString();
      if (opened.has(uri)) return next(change);
      if (!isServed(change.document)) return;
      opened.add(uri);
      await open(change.document);
    },
    didClose: async (document, next) => {
      if (opened.delete(document.uri.toString())) await next(document);
    },
  } satisfies Middleware;
}
