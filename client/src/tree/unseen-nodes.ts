import { t } from '#client/l10n.ts';
import type { RouterView } from '#cluster/view.ts';
import type { TreeNode } from './tree-node.ts';

/** Kinds that the person may not see have no rows below the router, which would look as if there were none of them. */
export function unseenNodes(id: string, { mayNotSee = [], namespace }: RouterView): readonly TreeNode[] {
  if (mayNotSee.length === 0) return [];
  const kinds = mayNotSee.join(', ');
  const sentences = [
    t`You may not see ${kinds} in namespace ${namespace}, so the router is shown without them.`,
    t`Ask for a role that grants get, list and watch on them, or switch the context.`,
  ];
  const message = sentences.join(' ');
  return [
    {
      id: `${id}/unseen`,
      label: t`Not shown to you`,
      description: kinds,
      tooltip: message,
      spoken: t`Not shown to you: ${kinds}`,
      icon: 'unseen',
      copy: message,
      children: () =>
        sentences.map((label, index) => ({
          id: `${id}/unseen/${index}`,
          label,
          tooltip: message,
          icon: index === 0 ? 'message' : 'continued',
          copy: message,
        })),
    },
  ];
}
