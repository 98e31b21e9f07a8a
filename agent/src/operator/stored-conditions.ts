import { conditionTypes, type EgressRouterCondition } from '#core/egress-router/wire.ts';
import { listAt, textAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';

/** In the order of `toConditions`, whatever the order they are stored in. */
export function conditionsOf(stored: KubernetesObject): readonly EgressRouterCondition[] {
  return conditionTypes.flatMap((type) => {
    const condition = listAt(stored, 'status', 'conditions').find((item) => textAt(item, 'type') === type);
    const status = statuses.find((known) => known === textAt(condition, 'status'));
    if (status === undefined) return [];
    return {
      type,
      status,
      lastTransitionTime: textAt(condition, 'lastTransitionTime') ?? null,
      reason: textAt(condition, 'reason') ?? '',
      message: textAt(condition, 'message') ?? '',
    };
  });
}

const statuses = ['True', 'False', 'Unknown'] as const;
