// How the view comes to show a router, with and without taking the focus from the editor.
import { expect, onTestFinished, test, vi } from 'vitest';
import { RouterTree } from '#client/tree/tree-view.ts';

const { asked, selected, editor } = vi.hoisted(() => ({
  asked: new Array<unknown>(),
  selected: new Array<unknown>(),
  /** How often it passes over a row, as one that it has not drawn yet. */
  editor: { passesOver: 0 },
}));

vi.mock('vscode', async (original) => ({
  ...(await original<object>()),
  // What rows are drawn with, once they are.
  ThemeIcon: class {},
  ThemeColor: class {},
  TreeItem: class {},
  TreeItemCollapsibleState: {},
  EventEmitter: class {
    readonly event = () => undefined;
    readonly fire = () => undefined;
    readonly dispose = () => undefined;
  },
  commands: {
    executeCommand: async (...words: readonly unknown[]) => {
      if (words[0] === 'egressRouters.focus') asked.push(words);
    },
  },
  window: {
    createTreeView: () => ({
      selection: selected,
      reveal: async (...words: readonly unknown[]) => {
        asked.push(['row', ...words]);
        if (editor.passesOver > 0) editor.passesOver -= 1;
        else selected.splice(0, 1, words[0]);
      },
      dispose: () => undefined,
    }),
  },
}));

const router = { namespace: 'demo', name: 'partner-api' };

test.each([
  { how: 'reveal', focus: true },
  { how: 'showBeside', focus: false },
] as const)('$how', async ({ how, focus }) => {
  asked.length = 0;
  selected.length = 0;
  const row = { id: 'demo/partner-api', label: 'partner-api' };
  const sidebar = { place: '', nodes: [row], troubled: 0 };
  const tree = new RouterTree({ sidebar: () => sidebar, onLook: () => undefined });
  onTestFinished(() => tree.dispose());
  tree.getChildren();
  await tree[how](router);
  expect(asked).toEqual([
    ['egressRouters.focus', { preserveFocus: !focus }],
    ['row', row.id, { select: true, focus, expand: true }],
  ]);
});

test('a router that is not there yet is shown once it is', async () => {
  asked.length = 0;
  selected.length = 0;
  const nodes: { id: string; label: string }[] = [];
  const sidebar = () => ({ place: '', nodes: [...nodes], troubled: 0 });
  const tree = new RouterTree({ sidebar, onLook: () => undefined });
  onTestFinished(() => tree.dispose());
  tree.getChildren();
  await tree.showBeside(router);
  expect(asked).toHaveLength(1);
  nodes.push({ id: 'demo/partner-api', label: 'partner-api' });
  tree.repaint();
  await vi.waitFor(() =>
    expect(asked.at(-1)).toEqual(['row', 'demo/partner-api', { select: true, focus: false, expand: true }]),
  );
});

test('a row that the editor has not drawn yet is shown all the same', async () => {
  asked.length = 0;
  selected.length = 0;
  editor.passesOver = 2;
  const row = { id: 'demo/partner-api', label: 'partner-api' };
  const tree = new RouterTree({
    sidebar: () => ({ place: '', nodes: [row], troubled: 0 }),
    onLook: () => undefined,
  });
  onTestFinished(() => tree.dispose());
  tree.getChildren();
  await tree.reveal(router);
  expect(selected).toEqual([row.id]);
  expect(asked).toHaveLength(4);
});
