import { window } from 'vscode';
import { t } from './l10n.ts';

export interface NameQuestion {
  readonly title: string;
  readonly name: string;
  /** What is to be known before it is typed. */
  readonly lines: readonly string[];
}

/** The lines stand below what is typed, so that all of it is in one place, and asked once. */
export function askName({ title, name, lines }: NameQuestion): Promise<boolean> {
  return new Promise((resolve) => {
    const input = window.createQuickPick();
    input.title = title;
    input.placeholder = t`Type ${name}, then Enter`;
    input.ignoreFocusOut = true;
    input.items = lines.map((label) => ({ label, alwaysShow: true }));
    let isMeant = false;
    input.onDidAccept(() => {
      isMeant = input.value === name;
      if (isMeant) input.hide();
      else input.placeholder = t`That is not the name. Type ${name}, then Enter`;
      if (!isMeant) input.value = '';
    });
    input.onDidHide(() => {
      input.dispose();
      resolve(isMeant);
    });
    input.show();
  });
}
