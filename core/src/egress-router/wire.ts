/**
 * The EgressRouter resource as the API server stores it, after defaulting. Only for values that came through
 * the CRD; text from people goes through `parseRouter`.
 */
export interface EgressRouterResource {
  readonly apiVersion: typeof egressRouterApiVersion;
  readonly kind: typeof egressRouterKind;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly generation?: number;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: EgressRouterSpec;
  readonly status?: { readonly conditions: readonly EgressRouterCondition[] };
}

export interface EgressRouterSpec {
  readonly mode: 'Redirect';
  readonly networkInterface: { readonly macvlan: { readonly mode: MacvlanMode; readonly master?: string } };
  readonly addresses: readonly { readonly ip: string; readonly gateway?: string }[];
  readonly redirect?: {
    readonly redirectRules?: readonly {
      readonly destinationIP: string;
      readonly port: number;
      readonly protocol: string;
      readonly targetPort?: number;
    }[];
    readonly fallbackIP?: string;
  };
}

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
export const egressRouterVersion = 'v1';
export const egressRouterApiVersion = 'network.operator.openshift.io/v1';
export const egressRouterKind = 'EgressRouter';
export const egressRouterPlural = 'egressrouters';
