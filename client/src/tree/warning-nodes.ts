import { t } from '#client/l10n.ts';
import { told } from '#client/told.ts';
import type { RouterView, WarningView } from '#cluster/view.ts';
import { clockText } from './clock-text.ts';
import { messageNodes } from './message-nodes.ts';
import type { TreeNode } from './tree-node.ts';

/** What the cluster warned of, in one group; none where it did not. */
export function warningNodes(id: string, warnings: RouterView['warnings']): readonly TreeNode[] {
  if (warnings.length === 0) return [];
  return [
    {
      id: `${id}/warnings`,
      label: t`Warnings`,
      description: `${warnings.length}`,
      tooltip: t`From the Events of the router and its objects, the newest first.`,
      spoken: warnings.length === 1 ? t`1 warning` : t`${warnings.length} warnings`,
      icon: 'warnings',
      children: () => warnings.map((warning, index) => warningNode(`${id}/warnings/${index}`, warning)),
    },
  ];
}

function warningNode(id: string, { about, reason, message, count, lastSeen }: WarningView): TreeNode {
  const when = lastSeen === undefined ? [] : [clockText(lastSeen)];
  return {
    id,
    label: reason,
    description: [...(count > 1 ? [`×${count}`] : []), ...when, about].join(' · '),
    tooltip: [
      `${about}: ${reason}`,
      told(message),
      ...(lastSeen === undefined ? [] : [t`Last seen ${lastSeen}.`]),
    ].join('\n\n'),
    spoken: [reason, count > 1 ? t`${count} times` : [], when.map((time) => t`last at ${time}`), about]
      .flat()
      .join(', '),
    icon: 'warning',
    copy: message,
    children: () => messageNodes(id, message),
  };
}
