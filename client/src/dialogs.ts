import { env, ProgressLocation, type QuickPickItem, type Uri, window } from 'vscode';
import { t } from './l10n.ts';
import { lateProgress } from './late-progress.ts';
import { askName, type NameQuestion } from './name-question.ts';
import { notificationText } from './notification-text.ts';
import { buttonsOf, type Decision, type Question } from './question.ts';
import { type Answer, askChoice, askText, type ChoiceStep, type TextStep } from './steps.ts';
import type { UnderWay } from './under-way.ts';

/**
 * Every question to the person and every word to them, in one place: modal dialogs are refused inside a test
 * host, which puts its own answers here.
 */
export interface Dialogs {
  /** One modal question; false when it was closed without an answer. */
  confirm(question: Question): Promise<boolean>;
  /** As `confirm`, with more to choose from. @returns undefined when it was closed without an answer */
  decide(question: Decision): Promise<string | undefined>;
  /** One question that only the very name answers with yes. */
  typeName(question: NameQuestion): Promise<boolean>;
  pick<T extends QuickPickItem>(
    title: string,
    items: readonly T[] | Promise<readonly T[]>,
  ): Promise<T | undefined>;
  /** A line of text that is told as it is typed. Escape tells what it was before. Ends when its input is closed. */
  typed(input: TypedInput): Promise<void>;
  /** One question of several, with the way back. */
  ask(step: TextStep): Promise<Answer>;
  choose(step: ChoiceStep): Promise<Answer>;
  /** Where a new file is to be written; undefined when no answer was given. */
  saveTo(proposed: Uri | undefined): Promise<Uri | undefined>;
  /** @returns the action chosen, if any. */
  tell(
    kind: 'information' | 'warning' | 'error',
    message: string,
    actions: readonly string[],
  ): Promise<string | undefined>;
  /** A notification with a Cancel button, which aborts the signal; none for what is done in a moment. */
  progress<T>(
    title: string,
    task: (report: (message: string) => void, signal: AbortSignal) => Promise<T>,
  ): Promise<T>;
  copy(text: string): Promise<void>;
}

export interface TypedInput {
  readonly title: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

export function editorDialogs(underWay: UnderWay): Dialogs {
  return {
    confirm: async ({ isGrave, message, detail, action }) => {
      const ask = isGrave === true ? window.showWarningMessage : window.showInformationMessage;
      return (await ask(message, { modal: true, detail }, action)) === action;
    },
    decide: async (decision) => {
      const { isGrave, message, detail } = decision;
      const ask = isGrave === true ? window.showWarningMessage : window.showInformationMessage;
      return ask(message, { modal: true, detail }, ...buttonsOf(decision));
    },
    typeName: askName,
    pick: async (title, items) => window.showQuickPick(items, { title, matchOnDescription: true }),
    typed: ({ title, placeholder, value, onChange }) =>
      new Promise((resolve) => {
        const input = window.createInputBox();
        input.title = title;
        input.placeholder = placeholder;
        input.value = value;
        // The person may look at what is left, and scroll in it.
        input.ignoreFocusOut = true;
        let isAccepted = false;
        input.onDidChangeValue(onChange);
        input.onDidAccept(() => {
          isAccepted = true;
          input.hide();
        });
        input.onDidHide(() => {
          input.dispose();
          if (!isAccepted) onChange(value);
          resolve();
        });
        input.show();
      }),
    ask: askText,
    choose: askChoice,
    saveTo: async (proposed) =>
      window.showSaveDialog({
        ...(proposed === undefined ? {} : { defaultUri: proposed }),
        filters: { YAML: ['yaml', 'yml'] },
        title: t`New Egress Router`,
      }),
    tell: async (kind, message, actions) => {
      const text = notificationText(message);
      switch (kind) {
        case 'information':
          return window.showInformationMessage(text, ...actions);
        case 'warning':
          return window.showWarningMessage(text, ...actions);
        case 'error':
          return window.showErrorMessage(text, ...actions);
      }
    },
    progress: (title, task) =>
      lateProgress(
        (report, signal) => underWay.run(signal, (either) => task(report, either)),
        (run, cancel) =>
          window.withProgress(
            { location: ProgressLocation.Notification, title: notificationText(title), cancellable: true },
            async (progress, token) => {
              const canceled = token.onCancellationRequested(cancel);
              await run((message) => progress.report({ message: notificationText(message) }));
              canceled.dispose();
            },
          ),
      ),
    copy: async (text) => env.clipboard.writeText(text),
  };
}
