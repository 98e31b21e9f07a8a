import {
  type Disposable,
  InputBoxValidationSeverity,
  type QuickInput,
  type QuickInputButton,
  QuickInputButtons,
  type QuickPickItem,
  ThemeIcon,
  window,
} from 'vscode';
import { t } from './l10n.ts';
import { notificationText } from './notification-text.ts';
import { told } from './told.ts';

/** One question of several. */
export interface StepPlace {
  readonly title: string;
  /** From 1. */
  readonly step?: number;
  readonly steps?: number;
  readonly canGoBack: boolean;
}

export interface TextStep extends StepPlace {
  readonly prompt: string;
  readonly placeholder: string;
  /** What stands there at first. */
  readonly value: string;
  /** To be chosen from instead. */
  readonly offers: readonly { readonly text: string; readonly note: string }[];
  /** An error keeps the person from going on, a warning does not. */
  readonly check: (text: string) => StepProblem | undefined | Promise<StepProblem | undefined>;
}

export interface ChoiceStep extends StepPlace {
  readonly choices: readonly { readonly text: string; readonly note: string }[];
  /** What was chosen before. */
  readonly value?: string | undefined;
}

export interface StepProblem {
  readonly severity: 'error' | 'warning' | 'information';
  readonly message: string;
}

export type Answer =
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'back' }
  | { readonly kind: 'closed' };

/** A line of text, checked as it is typed. */
export async function askText(step: TextStep): Promise<Answer> {
  let { value } = step;
  for (;;) {
    const answer = await askLine({ ...step, value });
    if (answer.kind !== 'list') return answer;
    const chosen = await askChoice({ ...step, canGoBack: true, choices: step.offers });
    if (chosen.kind === 'closed') return chosen;
    value = chosen.kind === 'value' ? chosen.text : answer.text;
  }
}

/** `list`: the person wants to see the offers, and has typed `text`. */
function askLine(step: TextStep): Promise<Answer | { readonly kind: 'list'; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const input = window.createInputBox();
    place(input, step);
    input.prompt = step.prompt;
    input.placeholder = step.placeholder;
    input.value = step.value;
    const list: QuickInputButton = { iconPath: new ThemeIcon('list-selection'), tooltip: t`Choose` };
    input.buttons = [
      ...(step.canGoBack ? [QuickInputButtons.Back] : []),
      ...(step.offers.length > 1 ? [list] : []),
    ];
    const end = ending(input, resolve);
    /** Of the newest text: an answer for an older one comes too late. */
    let asked = 0;
    const check = async (): Promise<boolean> => {
      asked += 1;
      const own = asked;
      const problem = await step.check(input.value);
      if (own !== asked) return false;
      input.validationMessage = problem && {
        message: notificationText(told(problem.message)),
        severity: severities[problem.severity],
      };
      return problem?.severity !== 'error';
    };
    /** Without an answer to whether the text is good there is no going on. */
    const fail = (error: unknown): void => {
      reject(error);
      input.dispose();
    };
    input.onDidChangeValue(() => void check().catch(fail));
    input.onDidTriggerButton((button) =>
      end(button === list ? { kind: 'list', text: input.value } : { kind: 'back' }),
    );
    input.onDidAccept(() => {
      const accept = (isGood: boolean): void => {
        if (isGood) end({ kind: 'value', text: input.value });
      };
      void check().then(accept, fail);
    });
    // Nothing is wrong yet with what has not been typed.
    if (step.value !== '') void check().catch(fail);
    input.show();
  });
}

const severities = {
  error: InputBoxValidationSeverity.Error,
  warning: InputBoxValidationSeverity.Warning,
  information: InputBoxValidationSeverity.Info,
} as const;

/** One of a few. */
export function askChoice(step: ChoiceStep): Promise<Answer> {
  return new Promise((resolve) => {
    const input = window.createQuickPick<QuickPickItem>();
    place(input, step);
    input.items = step.choices.map(({ text, note }) => ({ label: text, detail: note }));
    // An empty list would take the mark from the first one, and Enter would choose nothing.
    const before = input.items.filter(({ label }) => label === step.value);
    if (before.length > 0) input.activeItems = before;
    if (step.canGoBack) input.buttons = [QuickInputButtons.Back];
    const end = ending(input, resolve);
    input.onDidTriggerButton(() => end({ kind: 'back' }));
    input.onDidAccept(() => {
      const chosen = input.selectedItems[0];
      if (chosen !== undefined) end({ kind: 'value', text: chosen.label });
    });
    input.show();
  });
}

function place(input: QuickInput, { title, step, steps }: StepPlace): void {
  input.title = title;
  input.step = step;
  input.totalSteps = steps;
  // Looking something up elsewhere must not lose what was answered.
  input.ignoreFocusOut = true;
}

function ending<T>(
  input: QuickInput & Disposable,
  resolve: (answer: T | Answer) => void,
): (answer: T | Answer) => void {
  const end = (answer: T | Answer): void => {
    // A promise keeps its first answer: closing comes after every other.
    resolve(answer);
    input.dispose();
  };
  input.onDidHide(() => end({ kind: 'closed' }));
  return end;
}
