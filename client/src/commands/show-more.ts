import type { Desk } from './desk.ts';

/** @param argument the row that stands for what a list leaves out */
export function showMore({ sidebar, tree }: Desk, argument: unknown): void {
  const list = typeof argument === 'object' && argument !== null && 'list' in argument ? argument.list : '';
  if (typeof list !== 'string') return;
  sidebar.showMore(list);
  tree.repaint();
}
