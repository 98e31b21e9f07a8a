import { type Disposable, languages } from 'vscode';
import type { Language } from './language.ts';
import { isBeginning } from './router-text.ts';
import { isServed } from './served-documents.ts';

/**
 * Completion in a YAML text in which nothing stands yet: whole manifests. The server gives them, as all
 * completion, but no text of ours has started it. One that asks for them does.
 */
export function offerBeginnings(language: Language): Disposable {
  return languages.registerCompletionItemProvider(
    { language: 'yaml' },
    {
      provideCompletionItems: (document, position, token) =>
        isServed(document) && isBeginning(document.getText())
          ? language.beginnings(document, position, token)
          : undefined,
    },
  );
}
