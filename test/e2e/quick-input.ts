// The input at the top of VS Code, as a person answers it. The page's inner names are those of the pinned code-server.
import type { Locator, Page } from 'playwright-core';

export class QuickInput {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get #widget(): Locator {
    return this.#page.locator('.quick-input-widget:visible');
  }

  get title(): Locator {
    return this.#widget.locator('.quick-input-titlebar');
  }

  get input(): Locator {
    return this.#widget.locator('.quick-input-box input');
  }

  /** What stands below the input: its prompt, or what is wrong. */
  get message(): Locator {
    return this.#widget.locator('.quick-input-message');
  }

  get rows(): Locator {
    return this.#widget.locator('.monaco-list-row');
  }

  /** Waits for the question with that title and its input. */
  async asks(title: string | RegExp): Promise<void> {
    await this.title.filter({ hasText: title }).waitFor();
    await this.input.waitFor();
  }

  /** Waits until the input holds the text: what stands there comes a moment after the question. */
  async holds(text: string): Promise<void> {
    await this.#page.waitForFunction(
      (wanted) =>
        [...document.querySelectorAll('.quick-input-widget .quick-input-box input')].some(
          (input) => input instanceof HTMLInputElement && input.value === wanted,
        ),
      text,
    );
  }

  /** Types it in place of what stands there. */
  async type(text: string): Promise<void> {
    await this.input.press('Control+A');
    await this.input.pressSequentially(text);
    await this.holds(text);
  }

  /** Types an answer and goes on. */
  async answer(title: string | RegExp, text: string): Promise<void> {
    await this.asks(title);
    await this.type(text);
    await this.#page.keyboard.press('Enter');
  }

  /** Goes on with what stands there. */
  async keep(title: string | RegExp, text: string): Promise<void> {
    await this.asks(title);
    await this.holds(text);
    await this.#page.keyboard.press('Enter');
  }

  async choose(title: string | RegExp, row: string): Promise<void> {
    await this.asks(title);
    await this.rows.filter({ hasText: row }).first().click();
  }

  async goBack(): Promise<void> {
    await this.title.locator('a[aria-label^="Back"]').click();
  }

  async closed(): Promise<void> {
    await this.#widget.waitFor({ state: 'detached' });
  }
}
