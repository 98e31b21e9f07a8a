import { routerLabel } from '#core/manifest/names.ts';
import type { KubernetesObject, OwnerReference } from '#core/manifest/object.ts';
import { routerLabelValue } from '#core/manifest/router-names.ts';
import { appliedAnnotation } from './in-step.ts';

export function controllerOf(object: KubernetesObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}

/**
 * True for what the operator made for this very router; also where the owner was taken off it since, as the label
 * and the operator's annotation still tell.
 */
export function isMadeFor(object: KubernetesObject, { metadata }: KubernetesObject): boolean {
  const owner = controllerOf(object);
  if (owner !== undefined) return owner.uid === metadata.uid;
  const { labels, annotations } = object.metadata;
  return (
    annotations?.[appliedAnnotation] !== undefined &&
    labels?.[routerLabel] === routerLabelValue(metadata.name)
  );
}
