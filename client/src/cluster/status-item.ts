import { MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from 'vscode';
import { t } from '#client/l10n.ts';
import { plainMarkdown } from '#client/plain-markdown.ts';
import type { StatusText } from './status-text.ts';

/** The one item in the status bar. There is none before a cluster was asked for something. */
export class StatusItem {
  #item: StatusBarItem | undefined;

  show(status: StatusText | undefined): void {
    if (status === undefined) {
      this.#item?.hide();
      return;
    }
    const item = this.#item ?? newItem();
    this.#item = item;
    const { text, tooltip, spoken, isError } = status;
    // Drawn anew only where it is another one: this is called with every change of the cluster.
    if (item.text !== text) item.text = text;
    const markdown = new MarkdownString(plainMarkdown(tooltip));
    if (tooltipOf(item) !== markdown.value) item.tooltip = markdown;
    item.accessibilityInformation = { label: spoken, role: 'button' };
    item.backgroundColor = isError ? new ThemeColor('statusBarItem.errorBackground') : undefined;
    item.show();
  }

  dispose(): void {
    this.#item?.dispose();
  }
}

function newItem(): StatusBarItem {
  const item = window.createStatusBarItem('egressRouter.place', StatusBarAlignment.Left);
  item.name = t`Egress Router`;
  item.command = 'egressRouter.switchContext';
  return item;
}

function tooltipOf({ tooltip }: StatusBarItem): string | undefined {
  return typeof tooltip === 'object' ? tooltip.value : tooltip;
}
