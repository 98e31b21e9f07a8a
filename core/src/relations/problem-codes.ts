export const relationProblemCodes = [
  'address-in-use',
  'address-in-cluster-network',
  'destination-in-cluster',
  'second-router',
  'same-name',
  'rule-edit-needs-new-pod',
  'service-selects-nothing',
  'service-shared-selector',
  'service-port-without-rule',
  'service-protocol',
  'service-target-port',
  'rule-without-service-port',
  'nad-disagrees',
  'nad-beside-router',
  'legacy-service-selector',
  'config-map-key',
  'config-map-missing',
] as const;

export type RelationProblemCode = (typeof relationProblemCodes)[number];
