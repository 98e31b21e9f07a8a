import { ClusterError } from '#cluster/errors.ts';
import { kinds } from '#cluster/kinds.ts';
import { at, listAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { portsRenamed } from '#core/manifest/service-ports.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import type { World } from './world.ts';

/**
 * Changes what somebody else set in `present` and the API server would refuse beside `wanted`.
 * Fails, to be tried again, where somebody writes to it at the same moment: that is no refusal.
 */
export async function clearWay(
  present: KubernetesObject,
  wanted: KubernetesObject,
  world: World,
  signal: AbortSignal,
): Promise<void> {
  if (at(present, 'spec', 'strategy', 'rollingUpdate') !== undefined) {
    await world.patch(kinds.deployment, present, onePodAtATime, signal);
  }
  if (wanted.kind !== kinds.service.kind) return;
  const ports = portsRenamed(portsOf(present), portsOf(wanted));
  if (ports === undefined) return;
  // A list is patched as a whole: with the version, none is lost that somebody has added since it was read.
  const { resourceVersion } = present.metadata;
  const metadata = resourceVersion === undefined ? {} : { metadata: { resourceVersion } };
  try {
    await world.patch(kinds.service, present, { ...metadata, spec: { ports } }, signal);
  } catch (error) {
    if (!ClusterError.is(error, 'conflict')) throw error;
    throw new Error(`Somebody wrote at the same moment: ${error.message}`, { cause: error });
  }
}

/** The one cannot be with what is left of the other, and that is whose who chose the other. */
const onePodAtATime = { spec: { strategy: { type: 'Recreate', rollingUpdate: null } } } as const;

function portsOf(service: KubernetesObject) {
  return listAt(service, 'spec', 'ports').filter(isJsonObject);
}
