import type { Connection } from '#cluster/connect.ts';
import { kindOf } from '../client.ts';
import { Mirror } from '../mirror.ts';

/** The kinds that controllers and node listen to. */
export type Mirrors = ReturnType<typeof createMirrors>;

export function createMirrors() {
  return {
    deployments: new Mirror(kindOf.deployment),
    daemonSets: new Mirror(kindOf.daemonSet),
    replicaSets: new Mirror(kindOf.replicaSet),
    pods: new Mirror(kindOf.pod),
    services: new Mirror(kindOf.service),
    endpointSlices: new Mirror(kindOf.endpointSlice),
    namespaces: new Mirror(kindOf.namespace),
    nodes: new Mirror(kindOf.node),
    configMaps: new Mirror(kindOf.configMap),
    crds: new Mirror(kindOf.crd),
  } as const;
}

export async function startMirrors(mirrors: Mirrors, connection: Connection): Promise<void> {
  await Promise.all(Object.values(mirrors).map((mirror) => mirror.start(connection)));
}

export function closeMirrors(mirrors: Mirrors): void {
  for (const mirror of Object.values(mirrors)) mirror.close();
}
