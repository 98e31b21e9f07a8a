/** An entry of `status.conditions`, as the CRD admits it. */
export interface EgressRouterCondition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly lastTransitionTime: string | null;
  readonly reason?: string;
  readonly message?: string;
}

export type ConditionType = (typeof conditionTypes)[number];
export const conditionTypes = ['Available', 'Progressing', 'Degraded'] as const;

export type MacvlanMode = (typeof macvlanModes)[number];
export const macvlanModes = ['Bridge', 'Private', 'VEPA', 'Passthru'] as const;

export const egressRouterGroup = 'network.operator.openshift.io';
export const egressRouterApiVersion = 'network.operator.openshift.io/v1';
export const egressRouterKind = 'EgressRouter';
export const egressRouterPlural = 'egressrouters';
