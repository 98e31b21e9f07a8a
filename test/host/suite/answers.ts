// The person's part: VS Code refuses modal dialogs in tests, so the extension's are answered here.
import type { TestApi } from '#client/extension.ts';

export interface Told {
  readonly kind: 'question' | 'information' | 'warning' | 'error';
  readonly text: string;
}

/** Answers every question with its action, and every list with the entry of that label; notes all that was said. */
export function answerWith(
  api: TestApi,
  answers: {
    readonly confirm?: boolean;
    readonly pick?: string;
    readonly action?: string;
    /** Of questions with several, one after the other; then each one's action. */
    readonly decide?: string[];
    readonly typed?: string;
  },
): Told[] {
  const told: Told[] = [];
  Object.assign(api.dialogs, {
    confirm: async ({ message, detail }) => {
      told.push({ kind: 'question', text: `${message}\n${detail}` });
      return answers.confirm ?? true;
    },
    decide: async ({ message, detail, action, others }) => {
      told.push({ kind: 'question', text: `${message}\n${detail}\n[${[action, ...others].join('] [')}]` });
      return answers.confirm === false ? undefined : (answers.decide?.shift() ?? action);
    },
    typeName: async ({ title, name, lines }) => {
      told.push({ kind: 'question', text: [title, ...lines].join('\n') });
      return answers.typed === name;
    },
    pick: async (title, items) => {
      const all = await items;
      told.push({ kind: 'question', text: [title, ...all.map(({ label }) => label)].join('\n') });
      return all.find(({ label }) => label.includes(answers.pick ?? ''));
    },
    tell: async (kind, text, actions) => {
      told.push({ kind, text });
      return actions.find((action) => action === answers.action);
    },
  } satisfies Partial<TestApi['dialogs']>);
  return told;
}
