import { kinds } from '#cluster/kinds.ts';
import { kindOf } from '../client.ts';
import { conditionOf, isPodActive, keyOf, locationOf, type Node, type Pod } from '../objects.ts';
import type { Controller, ControllerContext } from './controller.ts';

/** Binds each pod without a node to a ready one that its nodeSelector admits. */
export function schedulerController({ client, mirrors, events, now }: ControllerContext): Controller {
  return {
    name: 'scheduler',
    listen: (enqueue) => {
      mirrors.pods.onChange(({ object }) => {
        if (object.spec.nodeName === undefined) enqueue(keyOf(object));
      });
      mirrors.nodes.onChange(() => {
        for (const pod of mirrors.pods.list()) if (pod.spec.nodeName === undefined) enqueue(keyOf(pod));
      });
    },
    reconcile: async (key, signal) => {
      const pod = await client.find(kindOf.pod, locationOf(key), signal);
      if (pod === undefined || pod.spec.nodeName !== undefined || !isPodActive(pod)) return undefined;
      const choice = chooseNode(pod, mirrors.nodes.list());
      if (choice.kind === 'node') {
        const binding = {
          apiVersion: 'v1',
          kind: 'Binding',
          metadata: { name: pod.metadata.name, namespace: pod.metadata.namespace },
          target: { apiVersion: 'v1', kind: 'Node', name: choice.name },
        };
        await client.post(kinds.pod, locationOf(key), 'binding', binding, signal);
        const message = `Successfully assigned ${key} to ${choice.name}`;
        events.record(pod, { type: 'Normal', reason: 'Scheduled', message });
        return undefined;
      }
      const before = conditionOf(pod.status?.conditions, 'PodScheduled');
      if (before?.message === choice.message) return undefined;
      const condition = {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message: choice.message,
        lastTransitionTime: now(),
      };
      await client.patchStatus(
        kinds.pod,
        locationOf(key),
        { phase: 'Pending', conditions: [condition] },
        signal,
      );
      events.record(pod, { type: 'Warning', reason: 'FailedScheduling', message: choice.message });
      return undefined;
    },
  };
}

type Choice =
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'none'; readonly message: string };

export function chooseNode(pod: Pod, nodes: readonly Node[]): Choice {
  const open = nodes.filter((node) => node.spec?.unschedulable !== true && isReady(node));
  const wanted = Object.entries(pod.spec.nodeSelector ?? {});
  const fitting = open.find((node) =>
    wanted.every(([name, value]) => node.metadata.labels?.[name] === value),
  );
  if (fitting !== undefined) return { kind: 'node', name: fitting.metadata.name };
  if (nodes.length === 0) return { kind: 'none', message: 'no nodes available to schedule pods' };
  const why =
    open.length === 0
      ? `${nodes.length} node(s) were not ready or unschedulable`
      : `${open.length} node(s) didn't match Pod's node affinity/selector`;
  return { kind: 'none', message: `0/${nodes.length} nodes are available: ${why}.` };
}

function isReady(node: Node): boolean {
  return conditionOf(node.status?.conditions, 'Ready')?.status === 'True';
}
