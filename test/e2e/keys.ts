// What a person does without a pointer. The page's inner names are those of the pinned code-server.
import type { Locator, Page } from 'playwright-core';

export class Keys {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Moves through the list that has the focus until that row has it, the first or the last of them. */
  async toRow(list: Locator, text: RegExp, which: 'first' | 'last' = 'first'): Promise<Locator> {
    const focused = list.locator('.monaco-list-row.focused');
    await this.#page.keyboard.press(which === 'first' ? 'Home' : 'End');
    const row = focused.filter({ hasText: text });
    await this.#until(which === 'first' ? 'ArrowDown' : 'ArrowUp', row, focused);
    return row;
  }

  /** Opens the menu of what has the focus, and chooses from it. */
  async choose(title: string): Promise<void> {
    await this.openMenu();
    await this.chooseFromMenu(title);
  }

  async openMenu(): Promise<void> {
    await this.#page.keyboard.press('Shift+F10');
    await this.#page.locator('.monaco-menu .action-label').first().waitFor();
  }

  async chooseFromMenu(title: string): Promise<void> {
    const focused = this.#page.locator('.monaco-menu .action-item.focused');
    const item = focused.filter({ has: this.#page.getByText(title, { exact: true }) });
    await this.#until('ArrowDown', item, focused);
    await this.#page.keyboard.press('Enter');
    await this.#page.locator('.monaco-menu').first().waitFor({ state: 'detached' });
  }

  /** Answers the question that is open: it has the focus. */
  async answer(button: string): Promise<void> {
    const focused = this.#page.locator('.monaco-dialog-box .monaco-button:focus');
    await this.#page.locator('.monaco-dialog-box').waitFor();
    await this.#until('Tab', focused.filter({ hasText: button }), focused);
    await this.#page.keyboard.press('Enter');
    await this.#page.locator('.monaco-dialog-box').waitFor({ state: 'detached' });
  }

  /** Presses a key until what it leads to is there. */
  async #until(key: string, wanted: Locator, focused: Locator): Promise<void> {
    for (let pressesLeft = 40; pressesLeft > 0; pressesLeft -= 1) {
      try {
        await wanted.first().waitFor({ timeout: stepMs });
        return;
      } catch {
        // Another one has the focus.
        await this.#page.keyboard.press(key);
      }
    }
    const said = await focused.allInnerTexts();
    throw new Error(`The key ${key} does not lead to ${String(wanted)}: ${said.join(' | ')}`);
  }
}

const stepMs = 250;
