import type { JsonObject } from '#core/schema/json-schema.ts';

export const annotationKey = 'pod.network.openshift.io/assign-macvlan';

export const soundEnv = {
  EGRESS_SOURCE: '192.168.12.99/24',
  EGRESS_GATEWAY: '192.168.12.1',
  EGRESS_DESTINATION: '8080 tcp 203.0.113.25 80\n',
  EGRESS_ROUTER_MODE: 'init',
} as const;

/** A variable that is undefined is left out; an object stands in place of `value`. */
export type Env = Readonly<Record<string, unknown>>;

export function toEnv(env: Env): readonly JsonObject[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [typeof value === 'object' && value !== null ? { name, ...value } : { name, value }];
  });
}

/** The container of a sound router, with variables and fields in place of its own. */
export function routerContainer(env: Env = {}, fields: JsonObject = {}): JsonObject {
  return {
    name: 'egress-router',
    image: 'registry.redhat.io/openshift3/ose-egress-router',
    securityContext: { privileged: true },
    env: toEnv({ ...soundEnv, ...env }),
    ...fields,
  };
}

export const waitContainer = { name: 'wait', image: 'registry.redhat.io/openshift3/ose-pod' };

/** A sound legacy router, with fields of its pod in place of its own. */
export function legacyPod(spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'egress-1',
      namespace: 'web',
      labels: { name: 'egress-1' },
      annotations: { [annotationKey]: 'true' },
      ...metadata,
    },
    spec: { initContainers: [routerContainer()], containers: [waitContainer], ...spec },
  };
}

/** The same with another environment of its router. */
export function podWith(env: Env): JsonObject {
  return legacyPod({ initContainers: [routerContainer(env)] });
}

/** A Deployment of the pod. */
export function deploymentOf(pod: JsonObject, spec: JsonObject = {}): JsonObject {
  const { metadata, spec: podSpec } = pod;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'egress-1', namespace: 'web' },
    spec: { replicas: 1, ...spec, template: { metadata, spec: podSpec } },
  };
}
