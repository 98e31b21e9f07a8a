// What the editor draws of a row, and what it says of it to those who do not see it.
import { expect, test, vi } from 'vitest';
import { toTreeItem } from '#client/tree/tree-item.ts';
import type { NodeIcon, TreeNode } from '#client/tree/tree-node.ts';
import type { RouterState } from '#cluster/view.ts';

vi.mock('vscode', () => ({
  TreeItem: class {
    readonly label: string;
    readonly collapsibleState: string;
    constructor(label: string, collapsibleState: string) {
      this.label = label;
      this.collapsibleState = collapsibleState;
    }
  },
  TreeItemCollapsibleState: { None: 'none', Collapsed: 'closed', Expanded: 'open' },
  ThemeColor: class {},
  ThemeIcon: class {
    readonly id: string;
    constructor(id: string) {
      this.id = id;
    }
  },
  MarkdownString: class {
    readonly value: string;
    constructor(value: string) {
      this.value = value;
    }
  },
}));

const row: TreeNode = { id: 'web/a', label: 'a', description: 'Ready · web' };

function iconOf(icon: NodeIcon): unknown {
  return toTreeItem({ ...row, icon }).iconPath;
}

test('each state has an icon of its own', () => {
  const icons = {
    ready: 'pass-filled',
    simulated: 'beaker',
    progressing: 'loading~spin',
    degraded: 'error',
    'stale-rules': 'history',
    'address-conflict': 'warning',
    'not-reconciled': 'circle-slash',
    deleting: 'trash',
  } as const satisfies Record<RouterState['kind'], string>;
  const states = Object.keys(icons).filter((state): state is keyof typeof icons => state in icons);
  expect(Object.fromEntries(states.map((state) => [state, iconOf(state)]))).toEqual(
    Object.fromEntries(states.map((state) => [state, expect.objectContaining({ id: icons[state] })])),
  );
  expect(new Set(Object.values(icons)).size).toBe(states.length);
});

test('a row is read aloud in its own words, else by its label and what stands beside it', () => {
  const spoken = 'a, Ready, namespace web';
  expect(toTreeItem({ ...row, spoken }).accessibilityInformation).toEqual({ label: spoken });
  expect(toTreeItem(row).accessibilityInformation).toEqual({ label: 'a, Ready · web' });
  expect(toTreeItem({ id: 'x', label: 'x' }).accessibilityInformation).toEqual({ label: 'x' });
});

test('a hover is plain text, whose lines break between words', () => {
  const tooltip = '[Click](command:x) or remove';
  expect(toTreeItem({ ...row, tooltip }).tooltip).toEqual({
    value: '\\[Click\\]\\(command\\:x\\) or remove',
  });
});

test.each<[string, Partial<TreeNode>, string]>([
  ['a router', { router: { namespace: 'web', name: 'a' }, copy: 'a' }, 'router copy'],
  [
    'a row that does something of its own when it is clicked',
    {
      router: { namespace: 'web', name: 'a' },
      command: { id: 'egressRouter.expose', title: 'Expose' },
    },
    '',
  ],
  ['a pod', { object: { apiVersion: 'v1', kind: 'Pod', namespace: 'web', name: 'p' } }, 'object pod'],
  [
    'a Service, whose commands act on its router',
    {
      router: { namespace: 'web', name: 'a' },
      object: { apiVersion: 'v1', kind: 'Service', namespace: 'web', name: 's' },
      copy: 's.web.svc',
    },
    'service object copy',
  ],
  ['an address', { address: '192.168.12.9', copy: '192.168.12.9' }, 'address copy'],
])('what the menus look for in %s', (_, node, expected) => {
  expect(toTreeItem({ ...row, ...node }).contextValue).toBe(expected);
});

test.each<[string, Partial<TreeNode>, string]>([
  ['nothing below it', {}, 'none'],
  ['rows below it', { children: () => [] }, 'closed'],
  ['rows below it that are to be seen', { children: () => [], isOpen: true }, 'open'],
])('a row with %s', (_, node, expected) => {
  expect(toTreeItem({ ...row, ...node }).collapsibleState).toBe(expected);
});
