import { createHash } from 'node:crypto';
import type { EgressRouter } from '#core/egress-router/model.ts';
import { toConfigMap } from '#core/manifest/config-map.ts';
import { toDeployment } from '#core/manifest/deployment.ts';
import { toNad } from '#core/manifest/nad.ts';
import { routerLabel } from '#core/manifest/names.ts';
import type { KubernetesObject, OwnerReference } from '#core/manifest/object.ts';
import { toPodDigestText } from '#core/manifest/pod-digest.ts';
import { type RouterNames, routerLabelValue } from '#core/manifest/router-names.ts';
import { toService } from '#core/manifest/service.ts';
import { appliedAnnotation } from './in-step.ts';

export interface DesiredOptions {
  /** Reference of the agent image. */
  readonly image: string;
  readonly owner: OwnerReference;
  readonly names: RouterNames;
  /** The Service that the operator has made before. */
  readonly service?: KubernetesObject | undefined;
}

/**
 * The objects of a router, in the order in which they must come to be: the pod needs both others, and the Service,
 * where one is asked for, is the last.
 *
 * A change of the rules alters both configurations and not the pod, which reloads them. A change of anything else
 * makes a new pod by way of the hash on the pod template: the pod's network is made by the CNI plugin when the pod
 * starts, and only then.
 */
export function desired(router: EgressRouter, options: DesiredOptions): readonly KubernetesObject[] {
  const configHash = digestOf(toPodDigestText(router, options));
  const objects: readonly KubernetesObject[] = [
    toNad(router, options),
    toConfigMap(router, options),
    toDeployment(router, { ...options, configHash }),
  ];
  return (router.options?.expose === true ? [...objects, desiredService(router, options)] : objects).map(
    withDigest,
  );
}

function desiredService(router: EgressRouter, options: DesiredOptions): KubernetesObject {
  const service = toService(router, { ...options, present: options.service });
  const { metadata } = service;
  const labels = { ...metadata.labels, [routerLabel]: routerLabelValue(router.name) };
  return { ...service, metadata: { ...metadata, labels } };
}

function withDigest(object: KubernetesObject): KubernetesObject {
  const { metadata } = object;
  const annotations = { ...metadata.annotations, [appliedAnnotation]: digestOf(JSON.stringify(object)) };
  return { ...object, metadata: { ...metadata, annotations } };
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
