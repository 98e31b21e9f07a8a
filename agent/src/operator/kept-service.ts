import { kinds } from '#cluster/kinds.ts';
import type { Fault } from '#core/egress-router/conditions.ts';
import type { EgressRouter } from '#core/egress-router/model.ts';
import { optionPrefix } from '#core/egress-router/options.ts';
import { routerLabel } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { routerLabelValue } from '#core/manifest/router-names.ts';
import { appliedAnnotation } from './in-step.ts';
import { controllerOf } from './ownership.ts';
import type { World } from './world.ts';

/** The Service that the operator keeps for a router, or why it must not. */
export interface ServiceState {
  readonly present?: KubernetesObject;
  /** Made by the operator, and no longer asked for. */
  readonly extra?: KubernetesObject;
  readonly fault?: Fault;
}

export async function readService(
  stored: KubernetesObject,
  { options, rules }: EgressRouter,
  world: World,
  signal: AbortSignal,
): Promise<ServiceState> {
  const { name, namespace = '' } = stored.metadata;
  const isMade = (service: KubernetesObject): boolean =>
    controllerOf(service)?.uid === stored.metadata.uid &&
    service.metadata.annotations?.[appliedAnnotation] !== undefined;
  if (options?.expose !== true) {
    const labelSelector = `${routerLabel}=${routerLabelValue(name)}`;
    const extra = (await world.list(kinds.service, { namespace, labelSelector }, signal)).find(isMade);
    return extra === undefined ? {} : { extra };
  }
  if (rules.length === 0) {
    const message =
      'There is nothing to expose: a Service has a port for each rule, and this router has no rules.';
    return { fault: { reason: 'InvalidSpec', message } };
  }
  const present = await world.get(kinds.service, { namespace, name }, signal);
  if (present === undefined || isMade(present)) return present === undefined ? {} : { present };
  const message =
    `Service ${namespace}/${name} exists already and is not the operator's, so it stays as it is. ` +
    `Delete it, or take the annotation ${optionPrefix}expose off this router.`;
  return { fault: { reason: 'NameTaken', message } };
}
