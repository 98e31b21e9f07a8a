import { createHash } from 'node:crypto';
import type { EgressRouter } from '#core/egress-router/model.ts';
import { toConfigMap } from '#core/manifest/config-map.ts';
import { toDeployment } from '#core/manifest/deployment.ts';
import { toNad } from '#core/manifest/nad.ts';
import type { KubernetesObject, OwnerReference } from '#core/manifest/object.ts';
import type { RouterNames } from '#core/manifest/router-names.ts';
import { appliedAnnotation } from './in-step.ts';

export interface DesiredOptions {
  /** Reference of the agent image. */
  readonly image: string;
  readonly owner: OwnerReference;
  readonly names: RouterNames;
}

/**
 * The objects of a router, in the order in which they must come to be: the pod needs both others.
 *
 * A change of the configuration makes a new pod by way of the hash on the pod template. The running pod could
 * not take it up: its network is made by the CNI plugin when the pod starts, and only then.
 */
export function desired(router: EgressRouter, options: DesiredOptions): readonly KubernetesObject[] {
  const nad = toNad(router, options);
  const configMap = toConfigMap(router, options);
  const configHash = digestOf([nad.spec, configMap.data]);
  return [nad, configMap, toDeployment(router, { ...options, configHash })].map(withDigest);
}

function withDigest(object: KubernetesObject): KubernetesObject {
  const { metadata } = object;
  const annotations = { ...metadata.annotations, [appliedAnnotation]: digestOf(object) };
  return { ...object, metadata: { ...metadata, annotations } };
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
