import type { Resources, RouterOptions } from '#core/egress-router/options.ts';
import { routerLabel } from './names.ts';

/** Where the pod of a router may run, as its annotations say; routers keep apart where nothing else is said. */
export function toPlacement(options: RouterOptions) {
  const { nodeSelector, tolerations, priorityClass, spread = 'preferred' } = options;
  return {
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
    ...(tolerations === undefined ? {} : { tolerations }),
    ...(priorityClass === undefined ? {} : { priorityClassName: priorityClass }),
    ...(spread === 'none' ? {} : { affinity: { podAntiAffinity: toAntiAffinity(spread) } }),
  };
}

/** What is not asked for is the default, unless it would contradict what is. */
export function toResources({ requests = {}, limits = {} }: RouterOptions) {
  const request: Resources = {
    ...(limits.cpu === undefined ? { cpu: '20m' } : {}),
    ...(limits.memory === undefined ? { memory: '64Mi' } : {}),
    ...requests,
  };
  const limit: Resources = { ...(requests.memory === undefined ? { memory: '128Mi' } : {}), ...limits };
  // Kubernetes takes a limit for the request where there is none.
  return { requests: request, limits: limit };
}

/** One node that fails shall not take two routers with it, of whatever namespace. */
function toAntiAffinity(spread: 'preferred' | 'required') {
  const term = {
    labelSelector: { matchExpressions: [{ key: routerLabel, operator: 'Exists' }] },
    namespaceSelector: {},
    topologyKey: 'kubernetes.io/hostname',
  };
  return spread === 'required'
    ? { requiredDuringSchedulingIgnoredDuringExecution: [term] }
    : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] };
}
