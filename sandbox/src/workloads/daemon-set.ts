import { isDeepStrictEqual } from 'node:util';
import { kinds } from '#cluster/kinds.ts';
import { kindOf } from '../client.ts';
import {
  controllerOf,
  type DaemonSet,
  isPodActive,
  isPodReady,
  keyOf,
  locationOf,
  type Node,
  type Pod,
} from '../objects.ts';
import type { Controller, ControllerContext } from './controller.ts';
import { randomSuffix } from './names.ts';
import { templateHash } from './rollout.ts';

/** Kubernetes names a ControllerRevision here; this one tells templates apart without. */
const revisionLabel = 'controller-revision-hash';

/** One pod on each node that the template's nodeSelector admits; an older template's pod goes before a new one comes. */
export function daemonSetController(context: ControllerContext): Controller {
  const { client, mirrors } = context;
  return {
    name: 'daemonset',
    listen: (enqueue) => {
      mirrors.daemonSets.onChange(({ object }) => enqueue(keyOf(object)));
      mirrors.nodes.onChange(() => {
        for (const set of mirrors.daemonSets.list()) enqueue(keyOf(set));
      });
      mirrors.pods.onChange(({ object }) => {
        const owner = controllerOf(object);
        if (owner?.kind === 'DaemonSet') enqueue(`${object.metadata.namespace}/${owner.name}`);
      });
    },
    reconcile: async (key, signal) => {
      const set = await client.find(kindOf.daemonSet, locationOf(key), signal);
      if (set === undefined || set.metadata.deletionTimestamp !== undefined) return undefined;
      const nodes = mirrors.nodes.list().filter((node) => admits(set, node));
      // From the API server, not from a mirror: a late one would make the same pods again.
      const pods = (await client.list(kindOf.pod, set.metadata.namespace, signal)).filter(
        (pod) => controllerOf(pod)?.uid === set.metadata.uid,
      );
      await adjust(context, set, { nodes, pods }, signal);
      await report(context, set, { nodes, pods }, signal);
      return undefined;
    },
  };
}

interface Place {
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
}

async function adjust(
  { client }: ControllerContext,
  set: DaemonSet,
  { nodes, pods }: Place,
  signal: AbortSignal,
): Promise<void> {
  const hash = templateHash(set.spec.template);
  const names = new Set(nodes.map(({ metadata }) => metadata.name));
  for (const pod of pods.filter(isPodActive)) {
    if (pod.metadata.labels?.[revisionLabel] === hash && names.has(pod.spec.nodeName ?? '')) continue;
    const { namespace, name, uid } = pod.metadata;
    await client.remove(kinds.pod, { namespace, name }, { uid, signal });
  }
  for (const name of names) {
    if (!pods.some((pod) => pod.spec.nodeName === name)) {
      await client.create(kinds.pod, toPod(set, name, hash), signal);
    }
  }
}

async function report(
  { client }: ControllerContext,
  set: DaemonSet,
  { nodes, pods }: Place,
  signal: AbortSignal,
): Promise<void> {
  const hash = templateHash(set.spec.template);
  const active = pods.filter(isPodActive);
  const ready = active.filter(isPodReady).length;
  const status = {
    currentNumberScheduled: active.length,
    desiredNumberScheduled: nodes.length,
    numberMisscheduled: 0,
    numberReady: ready,
    numberAvailable: ready,
    numberUnavailable: Math.max(0, nodes.length - ready),
    updatedNumberScheduled: active.filter(({ metadata }) => metadata.labels?.[revisionLabel] === hash).length,
    observedGeneration: set.metadata.generation ?? 0,
  };
  const current = new Map(Object.entries(set.status ?? {}));
  const isSame = Object.entries(status).every(([field, value]) =>
    isDeepStrictEqual(current.get(field), value),
  );
  if (!isSame) await client.patchStatus(kinds.daemonSet, locationOf(keyOf(set)), status, signal);
}

/** As the real controller's pods, these tolerate nodes that are not ready. */
function admits(set: DaemonSet, { metadata: { labels } }: Node): boolean {
  const wanted = Object.entries(set.spec.template.spec.nodeSelector ?? {});
  return wanted.every(([name, value]) => labels?.[name] === value);
}

function toPod(set: DaemonSet, nodeName: string, hash: string): Pod {
  const { name, namespace, uid = '' } = set.metadata;
  const { metadata, spec } = set.spec.template;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-${randomSuffix()}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...metadata?.labels, [revisionLabel]: hash },
      ...(metadata?.annotations === undefined ? {} : { annotations: metadata.annotations }),
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'DaemonSet', name, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: { ...spec, nodeName },
  };
}
