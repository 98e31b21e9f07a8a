import { listAt, textAt } from '#core/json-value.ts';

export interface Condition {
  readonly status: string | undefined;
  readonly reason: string | undefined;
  readonly message: string;
  /** When its status became what it is; empty where that is not told. */
  readonly since: string;
}

/** The entry of that type in `status.conditions`, where there is one. */
export function conditionOf(object: unknown, type: string): Condition | undefined {
  const condition = listAt(object, 'status', 'conditions').find((entry) => textAt(entry, 'type') === type);
  return condition === undefined
    ? undefined
    : {
        status: textAt(condition, 'status'),
        reason: textAt(condition, 'reason'),
        message: textAt(condition, 'message') ?? '',
        since: textAt(condition, 'lastTransitionTime') ?? '',
      };
}
