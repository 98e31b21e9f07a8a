import { t } from '#client/l10n.ts';
import { told } from '#client/told.ts';
import type { PodView, RouterState } from '#cluster/view.ts';
import { messageNodes } from './message-nodes.ts';
import type { TreeNode } from './tree-node.ts';

/** @param routerState what that says already is not said again below the pod */
export function podNode(id: string, namespace: string, pod: PodView, routerState: RouterState): TreeNode {
  const podId = `${id}/pod/${pod.name}`;
  const state = pod.node === undefined ? podState(pod) : t`${podState(pod)} on ${pod.node}`;
  const said = routerState.message ?? '';
  const sentences = [pod.problem, pod.simulated].flatMap((text) =>
    text === undefined || said.includes(text) ? [] : [text],
  );
  return {
    id: podId,
    label: t`Pod`,
    description: `${state} · ${pod.name}`,
    tooltip: [t`Pod ${pod.name}: ${state}`, pod.problem === undefined ? [] : told(pod.problem)]
      .flat()
      .join('\n\n'),
    spoken: t`Pod ${pod.name}, ${state}`,
    icon: 'pod',
    copy: pod.name,
    object: { apiVersion: 'v1', kind: 'Pod', namespace, name: pod.name },
    children: () => [
      ...sentences.flatMap((text, index) => messageNodes(`${podId}/why/${index}`, text)),
      ...interfaceNodes(podId, pod),
    ],
    isOpen: sentences.length > 0,
  };
}

function podState({ ready, phase, simulated }: PodView): string {
  if (simulated !== undefined) return t`simulated`;
  return ready ? t`ready` : phase.toLowerCase();
}

function interfaceNodes(id: string, { net1, podIP }: PodView): readonly TreeNode[] {
  return [
    ...(podIP === undefined
      ? []
      : [{ id: `${id}/eth0`, label: 'eth0', description: podIP, icon: 'interface', copy: podIP } as const]),
    net1 === undefined
      ? { id: `${id}/net1`, label: 'net1', description: t`not attached yet`, icon: 'interface' }
      : {
          id: `${id}/net1`,
          label: 'net1',
          description: [net1.ips.join(', '), net1.mac].filter(Boolean).join(' · '),
          tooltip:
            net1.mac === undefined
              ? t`The interface that owns the reserved address.`
              : t`The interface that owns the reserved address. A platform that filters MAC addresses must admit ${net1.mac}.`,
          icon: 'interface',
          copy: net1.mac ?? net1.ips.join(' '),
        },
  ];
}
