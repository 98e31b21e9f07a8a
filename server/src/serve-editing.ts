import type { CompletionList } from 'vscode-languageserver';
import { completionsAt } from '#language/features/completion/completion.ts';
import type { Completion } from '#language/features/completion/completion-item.ts';
import { formatEdits } from '#language/features/format.ts';
import { hoverAt } from '#language/features/hover/hover.ts';
import { toCompletionItem, toHover, toTextEdit } from './convert.ts';
import type { FeatureGroup } from './serving.ts';

/** What helps to write: completion, hover, formatting. */
export const serveEditing: FeatureGroup = {
  capabilities: ({ wantsFormat }) => ({
    completionProvider: { triggerCharacters },
    hoverProvider: true,
    ...(wantsFormat ? { documentFormattingProvider: true } : {}),
  }),
  serve: ({ connection, platform, base, answer, client, situation, files, lookAround }) => {
    connection.onCompletion(({ textDocument: { uri }, position }) =>
      answer<CompletionList>(uri, { isIncomplete: false, items: [] }, async ({ text, file }) => {
        const taking = client();
        const ask = (): readonly Completion[] => {
          const { cluster } = situation;
          const surroundings = { facts: files.facts(), ...(cluster === undefined ? {} : { cluster }) };
          return completionsAt(file, text.offsetAt(position), surroundings);
        };
        const first = ask();
        // A new manifest proposes what is free, which the other files tell.
        const isNew = first.some(({ kind }) => kind === 'manifest');
        const isEarly = isNew && !(await lookAround());
        const completions = isNew ? ask() : first;
        // What is typed on may be a whole value by itself: then the offers have to go.
        const isIncomplete = isEarly || completions.some(({ kind }) => kind === 'value');
        return {
          isIncomplete,
          items: completions.map((one, index) => toCompletionItem(text, one, index, taking)),
        };
      }),
    );
    connection.onHover(({ textDocument: { uri }, position }) =>
      answer(uri, null, async ({ text, file }) => {
        const hover = await hoverAt(file, text.offsetAt(position), base, situation.cluster, () =>
          files.facts(),
        );
        return hover === undefined ? null : toHover(text, hover, client().takesHoverMarkdown);
      }),
    );
    connection.onDocumentFormatting(({ textDocument: { uri }, options: { tabSize } }, cancelled) =>
      answer(uri, [], async ({ text, file }) => {
        const { version } = text;
        const giveWay = async (): Promise<boolean> => {
          await new Promise<void>((resolve) => platform.defer(resolve));
          return !cancelled.isCancellationRequested && text.version === version;
        };
        const edits = await formatEdits(file, base, { tabSize, giveWay });
        return edits.map((edit) => toTextEdit(text, edit));
      }),
    );
  },
};

/**
 * After figures and what stands between them editors do not look again by themselves: VS Code leaves a list of
 * addresses as it was, and takes its first one at Enter, whatever has been typed since.
 */
const triggerCharacters = [' ', '"', ...'.:/0123456789'.split('')];
