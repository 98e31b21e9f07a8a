/** What the API server refuses in a Service, beside what its schema tells. */
export const serviceProblemCodes = ['service-port-repeated', 'service-fields-conflict'] as const;

export type ServiceProblemCode = (typeof serviceProblemCodes)[number];
