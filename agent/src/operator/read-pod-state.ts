import { createHash } from 'node:crypto';
import { kinds } from '#cluster/kinds.ts';
import type { PodState } from '#core/egress-router/conditions.ts';
import { textAt } from '#core/json-value.ts';
import { appLabel, configHashAnnotation } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { RouterNames } from '#core/manifest/router-names.ts';
import { isMadeFor } from './ownership.ts';
import { findReadyPod, toPodState } from './pod-state.ts';
import type { World } from './world.ts';

/**
 * How the pod of a router fares, and whether it redirects by what it should, or why not.
 *
 * @param wanted the configuration it should have; undefined: the one that it was given, whatever the spec says
 * @returns `asking` while that is not known: the router comes back when it is
 */
export async function readPodState(
  stored: KubernetesObject,
  names: RouterNames,
  wanted: string | undefined,
  world: World,
  signal: AbortSignal,
): Promise<PodState | 'asking'> {
  const { namespace = '' } = stored.metadata;
  const deployment = await world.get(kinds.deployment, { namespace, name: names.deployment }, signal);
  if (deployment === undefined || !isMadeFor(deployment, stored)) return { kind: 'none' };
  const labelSelector = `${appLabel}=${names.app}`;
  const pods = await world.list(kinds.pod, { namespace, labelSelector }, signal);
  const key = `${namespace}/${stored.metadata.name}`;
  const withoutEvents = toPodState(deployment, pods, [], configHashAnnotation, () => undefined);
  if (withoutEvents.kind === 'ready') {
    const place = { namespace, name: names.configMap };
    const config = wanted ?? configOf(await world.get(kinds.configMap, place, signal));
    const ready = findReadyPod(deployment, pods, configHashAnnotation);
    if (config === undefined || ready === undefined) return withoutEvents;
    const rules = world.rulesOf(ready, digestOf(config), key);
    if (rules === 'asking' || rules === 'inForce') return rules === 'asking' ? rules : withoutEvents;
    return { ...withoutEvents, rules };
  }
  if (withoutEvents.kind !== 'starting' || pods.length === 0) return withoutEvents;
  const fieldSelector = 'involvedObject.kind=Pod,type=Warning';
  const events = await world.list(kinds.event, { namespace, fieldSelector }, signal);
  let isAsking = false;
  const state = toPodState(deployment, pods, events, configHashAnnotation, (pod) => {
    const faults = world.faultsOf(pod, key);
    isAsking ||= faults === 'asking';
    return faults === 'asking' ? undefined : faults;
  });
  return isAsking ? 'asking' : state;
}

export function configOf(configMap: KubernetesObject | undefined): string | undefined {
  return textAt(configMap, 'data', 'config.json');
}

/** As the router process tells it. */
function digestOf(config: string): string {
  return createHash('sha256').update(config).digest('hex').slice(0, 16);
}
