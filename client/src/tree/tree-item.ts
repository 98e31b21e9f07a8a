import { MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { plainMarkdown } from '#client/plain-markdown.ts';
import { longestTooltip, rowText } from './row-text.ts';
import type { NodeIcon, TreeNode } from './tree-node.ts';

/** The only place where a row becomes something the editor draws. */
export function toTreeItem(node: TreeNode): TreeItem {
  const item = new TreeItem(rowText(node.label), collapsibleState(node));
  item.id = node.id;
  if (node.description !== undefined) item.description = rowText(node.description);
  // Texts of a cluster: never read as Markdown with links or commands in it.
  item.tooltip = new MarkdownString(plainMarkdown(rowText(node.tooltip ?? node.label, longestTooltip)));
  if (node.icon !== undefined) item.iconPath = icons[node.icon];
  item.contextValue = contextValue(node);
  if (node.command !== undefined) {
    item.command = {
      command: node.command.id,
      title: node.command.title,
      arguments: [node.command.argument ?? node],
    };
  }
  item.accessibilityInformation = {
    label: rowText(node.spoken ?? [node.label, node.description].filter(Boolean).join(', ')),
  };
  return item;
}

function collapsibleState({ children, isOpen }: TreeNode): TreeItemCollapsibleState {
  if (children === undefined) return TreeItemCollapsibleState.None;
  return isOpen === true ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
}

/** Words that the menus of package.json look for: `viewItem =~ /\bobject\b/`. */
function contextValue({ router, object, address, manifest, copy, command }: TreeNode): string {
  const words = [
    ...(router !== undefined && command === undefined
      ? [object?.kind === 'Service' ? 'service' : 'router']
      : []),
    ...(object === undefined ? [] : ['object']),
    ...(object?.kind === 'Pod' ? ['pod'] : []),
    ...(address === undefined ? [] : ['address']),
    ...(manifest === undefined ? [] : ['manifest']),
    ...(copy === undefined ? [] : ['copy']),
  ];
  return words.join(' ');
}

const icons: Readonly<Record<NodeIcon, ThemeIcon>> = {
  ready: new ThemeIcon('pass-filled', new ThemeColor('testing.iconPassed')),
  'ready-out-of-step': new ThemeIcon('pass', new ThemeColor('problemsWarningIcon.foreground')),
  simulated: new ThemeIcon('beaker', new ThemeColor('charts.blue')),
  progressing: new ThemeIcon('loading~spin'),
  degraded: new ThemeIcon('error', new ThemeColor('problemsErrorIcon.foreground')),
  'stale-rules': new ThemeIcon('history', new ThemeColor('problemsWarningIcon.foreground')),
  'address-conflict': new ThemeIcon('warning', new ThemeColor('problemsErrorIcon.foreground')),
  'not-reconciled': new ThemeIcon('circle-slash', new ThemeColor('problemsWarningIcon.foreground')),
  deleting: new ThemeIcon('trash', new ThemeColor('disabledForeground')),
  address: new ThemeIcon('location'),
  rules: new ThemeIcon('list-ordered'),
  rule: new ThemeIcon('arrow-right'),
  pod: new ThemeIcon('package'),
  interface: new ThemeIcon('circuit-board'),
  service: new ThemeIcon('plug'),
  'out-of-step': new ThemeIcon('plug', new ThemeColor('problemsWarningIcon.foreground')),
  'no-service': new ThemeIcon('debug-disconnect', new ThemeColor('problemsWarningIcon.foreground')),
  port: new ThemeIcon('link'),
  object: new ThemeIcon('symbol-object'),
  'in-step': new ThemeIcon('file', new ThemeColor('testing.iconPassed')),
  drifted: new ThemeIcon('git-compare', new ThemeColor('problemsWarningIcon.foreground')),
  'no-manifest': new ThemeIcon('file', new ThemeColor('disabledForeground')),
  warnings: new ThemeIcon('warning', new ThemeColor('problemsWarningIcon.foreground')),
  warning: new ThemeIcon('alert'),
  more: new ThemeIcon('ellipsis'),
  new: new ThemeIcon('add'),
  retry: new ThemeIcon('refresh'),
  trust: new ThemeIcon('workspace-untrusted'),
  log: new ThemeIcon('output'),
  filter: new ThemeIcon('filter'),
  context: new ThemeIcon('server'),
  namespace: new ThemeIcon('symbol-namespace'),
  unseen: new ThemeIcon('eye-closed'),
  message: new ThemeIcon('info'),
  continued: new ThemeIcon('blank'),
};
