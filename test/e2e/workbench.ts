// VS Code in the browser as a person uses it. Its page's inner names stand here and in its neighbors, and nowhere
// else: they are those of the pinned code-server.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';

const root = path.dirname(path.dirname(import.meta.dirname));
const screenshots = path.join(root, 'dist/screenshots');
const briefMs = 10_000;

/** Opens a window. */
export type OpenWindow = (close: (page: Page) => Promise<void>) => Promise<Workbench>;

export const themes = ['light', 'dark', 'high-contrast'] as const;
export type Theme = (typeof themes)[number];

/** What the page is told of the system, and the class that it has then. */
const themeMarks = {
  light: { media: { colorScheme: 'light', forcedColors: 'none' }, mark: 'vs' },
  dark: { media: { colorScheme: 'dark', forcedColors: 'none' }, mark: 'vs-dark' },
  'high-contrast': { media: { colorScheme: 'dark', forcedColors: 'active' }, mark: 'hc-black' },
} as const;

export class Workbench {
  readonly page: Page;
  /** Hosts other than this machine that the page asked for. */
  readonly refusedHosts: ReadonlySet<string>;
  /** The folder that is open: a copy. */
  readonly workspace: string;
  readonly #open: OpenWindow;
  readonly #close: (page: Page) => Promise<void>;

  constructor(
    page: Page,
    workspace: string,
    refusedHosts: ReadonlySet<string>,
    open: OpenWindow,
    close: (page: Page) => Promise<void>,
  ) {
    this.page = page;
    this.refusedHosts = refusedHosts;
    this.workspace = workspace;
    this.#open = open;
    this.#close = close;
  }

  close(): Promise<void> {
    return this.#close(this.page);
  }

  /** The same folder in a further window, with an extension host of its own. */
  anotherWindow(): Promise<Workbench> {
    return this.#open((page) => page.close());
  }

  /** Puts a file into the open folder, as another program would. */
  write(name: string, text: string): void {
    writeFileSync(path.join(this.workspace, name), text);
  }

  read(name: string): string {
    return readFileSync(path.join(this.workspace, name), 'utf8');
  }

  /** As VS Code follows the system. */
  async theme(theme: Theme): Promise<void> {
    const { media, mark } = themeMarks[theme];
    await this.page.emulateMedia(media);
    await this.page.locator(`.monaco-workbench.${mark}`).waitFor();
  }

  async openFile(name: string): Promise<void> {
    const isActive = this.page.locator(`.tab.active[data-resource-name="${name}"]`);
    await this.#pick('Control+P', name, name, () => isActive.waitFor({ timeout: briefMs }));
  }

  async command(title: string): Promise<void> {
    await this.#pick('F1', `>${title}`, title, (row) => row.waitFor({ state: 'hidden', timeout: briefMs }));
  }

  /**
   * Chooses a row of the quick input. What VS Code still does of its own, such as moving the focus after an editor
   * was closed, may close the input under a person's hands, who then opens it again.
   */
  async #pick(
    key: string,
    text: string,
    choice: string,
    isDone: (row: Locator) => Promise<void>,
  ): Promise<void> {
    const input = this.page.locator('.quick-input-widget input').first();
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: choice }).first();
    for (let triesLeft = 4; ; triesLeft -= 1) {
      try {
        await this.page.keyboard.press(key);
        await input.fill(text, { timeout: briefMs });
        await row.waitFor({ timeout: briefMs });
        await input.press('Enter', { timeout: briefMs });
        await isDone(row);
        return;
      } catch (cause) {
        if (triesLeft === 0) throw new Error(`The quick input does not lead to ${choice}.`, { cause });
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** The first line of the editor with this text. The editor draws blanks as no-break spaces. */
  line(text: string): Locator {
    const pattern = text.split(' ').map(escapeRegExp).join('[\\s\u00a0]');
    return this.page.locator('.editor-instance .view-line', { hasText: new RegExp(pattern) }).first();
  }

  /** Types over the line with this text, keeping its indent; a line break in `text` keeps it as well. */
  async replaceLine(old: string, text: string): Promise<void> {
    await this.line(old).click();
    await this.page.keyboard.press('End');
    await this.page.keyboard.press('Shift+Home');
    for (const [index, line] of text.split('\n').entries()) {
      if (index > 0) await this.page.keyboard.press('Enter');
      await this.page.keyboard.type(line);
      await this.page.keyboard.press('Escape');
    }
    await this.page.locator('.suggest-widget.visible').waitFor({ state: 'detached' });
  }

  get squiggle(): Locator {
    return this.page.locator('.squiggly-error');
  }

  lens(title: string): Locator {
    return this.page.locator('.codelens-decoration a', { hasText: title }).first();
  }

  get problems(): Locator {
    return this.page.locator('.markers-panel .monaco-list-row');
  }

  /** The link at the end of a problem's row. */
  problemCode(code: string): Locator {
    return this.problems.locator('a', { hasText: code }).first();
  }

  get quickFixes(): Locator {
    return this.page.locator('.action-widget .monaco-list-row');
  }

  /** A button at the right of the tabs. */
  titleAction(title: string): Locator {
    return this.page.locator(`.editor-actions a[aria-label^="${title}"]`);
  }

  /** Chooses from the quick fixes at the cursor. Their list may close under a person's hands, as it is asked for anew. */
  async quickFix(title: string, isDone: Locator): Promise<void> {
    for (let triesLeft = 4; ; triesLeft -= 1) {
      try {
        await this.page.keyboard.press('Control+.');
        await this.quickFixes.filter({ hasText: title }).click({ timeout: briefMs });
        await isDone.waitFor({ timeout: briefMs });
        return;
      } catch (cause) {
        if (triesLeft === 0) throw new Error(`The quick fix ${title} does nothing.`, { cause });
        await this.page.keyboard.press('Escape');
      }
    }
  }

  tab(name: string | RegExp): Locator {
    return this.page.locator('.tab', { hasText: name }).first();
  }

  /** By the pointer: while a preview has the focus, it gets what is typed. */
  async selectTab(name: string): Promise<void> {
    await this.page.locator(`.tab[data-resource-name="${name}"]`).click();
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
  }

  /** The editor of a text that has no file yet. */
  async selectUntitled(): Promise<void> {
    await this.page.locator('.tab[data-resource-name^="Untitled"]').first().click();
    await this.page.locator('.tab.active[data-resource-name^="Untitled"]').waitFor();
  }

  /** The names above the parts of an editor that compares several files. */
  get comparedFiles(): Locator {
    return this.page.locator('.multiDiffEntry .file-path');
  }

  /** What a preview of Markdown shows. */
  get preview(): Locator {
    return this.page
      .frameLocator('iframe.webview.ready')
      .last()
      .frameLocator('iframe#active-frame')
      .locator('body');
  }

  /** The first word of that text in the editor. */
  word(text: string): Locator {
    return this.page.locator('.editor-instance .view-line span span', { hasText: text }).first();
  }

  /** What the editor draws beside the text, and is no part of it. */
  hint(text: RegExp): Locator {
    return this.page.locator('.editor-instance .view-line [class*="dyn-rule"]', { hasText: text }).first();
  }

  get suggestions(): Locator {
    return this.page.locator('.suggest-widget.visible .monaco-list-row');
  }

  get hover(): Locator {
    return this.page.locator('.monaco-hover:not(.hidden) .hover-contents').first();
  }

  /** A hover goes when the editor draws its line anew; a person points again. */
  async hoverOver(word: string, text: RegExp): Promise<void> {
    const said = this.hover.filter({ hasText: text });
    for (let triesLeft = 4; ; triesLeft -= 1) {
      try {
        await this.word(word).hover({ timeout: briefMs });
        await said.waitFor({ timeout: briefMs });
        return;
      } catch (cause) {
        if (triesLeft === 0) throw new Error(`Over ${word} nothing says ${String(text)}.`, { cause });
        await this.page.mouse.move(150, 600);
      }
    }
  }

  async closeHover(): Promise<void> {
    await this.page.mouse.move(150, 600);
    await this.hover.waitFor({ state: 'hidden' });
  }

  async openSidebar(): Promise<void> {
    const title = this.page.locator('.composite.title', { hasText: 'Egress Routers' });
    // A second click would close it, and is not even possible where the badge lies over the middle.
    if (!(await title.isVisible())) {
      await this.page.locator('.activitybar .action-item a[aria-label*="Egress Routers"]').click();
    }
    await title.waitFor();
    await this.page.mouse.move(900, 700);
  }

  /** In place of the view. */
  async openExplorer(): Promise<void> {
    await this.page.locator('.activitybar .action-item a[aria-label*="Explorer"]').click();
    await this.page.locator('.composite.title', { hasText: 'Explorer' }).waitFor();
  }

  /** The sidebar with all that is in it: rows, message or welcome text. */
  get sidebar(): Locator {
    return this.page.locator('.sidebar .pane-body').first();
  }

  /** A button of a welcome text. */
  welcomeButton(title: string): Locator {
    return this.page.locator('.sidebar .welcome-view-content .monaco-button', { hasText: title }).first();
  }

  get walkthrough(): Locator {
    return this.page.locator('.gettingStartedContainer');
  }

  walkthroughButton(title: string): Locator {
    return this.walkthrough.locator('.button-container .monaco-button:visible', { hasText: title }).first();
  }

  row(text: string | RegExp): Locator {
    return this.sidebar.locator('.monaco-list-row', { hasText: text }).first();
  }

  /** A button that a row shows under the pointer. */
  async rowAction(row: Locator, title: string): Promise<void> {
    await row.hover();
    await row.locator(`.actions a[aria-label^="${title}"]`).click();
  }

  /** An entry of the menu of a row. */
  async rowMenu(row: Locator, title: string): Promise<void> {
    const menu = this.page.locator('.monaco-menu');
    const item = menu.locator('.action-label', { hasText: title }).first();
    await row.click({ button: 'right' });
    // A menu takes no click in its first moments: that could be the end of the one that opened it.
    for (let triesLeft = 4; ; triesLeft -= 1) {
      try {
        await item.click({ timeout: briefMs });
        await menu.first().waitFor({ state: 'detached', timeout: 2000 });
        break;
      } catch (cause) {
        if (triesLeft === 0) throw new Error(`The menu does not take ${title}.`, { cause });
      }
    }
    await this.page.mouse.move(900, 700);
  }

  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  async answer(button: string): Promise<void> {
    await this.dialog.locator('.monaco-button', { hasText: button }).click();
    await this.dialog.waitFor({ state: 'detached' });
  }

  toast(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast', { hasText: text }).first();
  }

  /** Waits for the end of a command: its progress is no longer shown. */
  async progressGone(title: string): Promise<void> {
    await this.toast(title).waitFor({ state: 'detached' });
  }

  toastButton(title: string): Locator {
    return this.page.locator('.notification-toast .monaco-button', { hasText: title }).first();
  }

  /** In the page that VS Code has for it. */
  async trustFolder(): Promise<void> {
    await this.page.locator('.workspace-trust-editor .monaco-button', { hasText: 'Trust' }).first().click();
    await this.page.locator('.workspace-trust-editor', { hasText: 'You trust this folder' }).waitFor();
  }

  /** Waits until the part of the page says so; fails with what it says instead. */
  async shows(part: Locator, text: string | RegExp): Promise<void> {
    try {
      await part.filter({ hasText: text }).first().waitFor();
    } catch (cause) {
      const said = await part.allInnerTexts().catch(() => ['(not there)']);
      throw new Error(`The page does not say ${String(text)} but: ${said.join(' | ')}`, { cause });
    }
  }

  async widenSidebar(): Promise<void> {
    const sash = this.page.locator('.monaco-sash.vertical').nth(1);
    await sash.hover();
    await this.page.mouse.down();
    await this.page.mouse.move(620, 400);
    await this.page.mouse.up();
    await this.page.mouse.move(900, 700);
  }

  /** One in each kind of theme. @param shown waits for what is to be seen on each */
  async pictures(name: string, shown: () => Promise<void> = async () => undefined): Promise<void> {
    for (const theme of themes) {
      await this.theme(theme);
      await shown();
      await this.picture(`${name}-${theme}`);
    }
    await this.theme('light');
  }

  /** Keeps a picture of a state that the test has just asserted, without what only the pointer shows. */
  async picture(name: string): Promise<void> {
    await this.page.evaluate(() => document.fonts.ready);
    mkdirSync(screenshots, { recursive: true });
    await this.page.screenshot({ path: path.join(screenshots, `${name}.png`), animations: 'disabled' });
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
