import { randomUUID } from 'node:crypto';
import type { JsonObject } from '#core/schema/json-schema.ts';
import { mastersGroup } from './auth/user.ts';
import { bootstrapRoles } from './bootstrap-roles.ts';
import type { Cluster } from './cluster.ts';
import { isDeleting, nameOf, namespaceOf, timestamp } from './json.ts';
import type { Call } from './request/call.ts';
import { createObject } from './write/create.ts';

/** What a cluster has before anyone has made anything, and what every namespace gets. */
export function bootstrap(cluster: Cluster, caCert: string, port: number): void {
  const { store } = cluster;
  const put = (resource: readonly [string, string, string], object: JsonObject): void => {
    const found = cluster.registry.find(...resource);
    if (found === undefined) throw new RangeError(`There is no resource ${resource.join('/')}`);
    createObject(cluster, found, namespaceOf(object), object, systemCall);
  };
  const fillNamespace = (namespace: string): void => {
    const isHere = (table: string, name: string): boolean => store.get(table, namespace, name) !== undefined;
    if (!isHere('serviceaccounts', 'default')) {
      put(['', 'v1', 'serviceaccounts'], { metadata: { name: 'default', namespace } });
    }
    if (!isHere('configmaps', 'kube-root-ca.crt')) {
      put(['', 'v1', 'configmaps'], {
        metadata: { name: 'kube-root-ca.crt', namespace },
        data: { 'ca.crt': caCert },
      });
    }
  };
  store.subscribe('namespaces', ({ type, object }) => {
    if (type === 'ADDED') fillNamespace(nameOf(object));
  });
  for (const table of ['serviceaccounts', 'configmaps']) {
    store.subscribe(table, ({ type, object }) => {
      const namespace = namespaceOf(object) ?? '';
      const found = store.get('namespaces', undefined, namespace);
      if (type === 'DELETED' && found !== undefined && !isDeleting(found)) fillNamespace(namespace);
    });
  }

  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) {
    put(['', 'v1', 'namespaces'], { metadata: { name } });
  }
  for (const { plural, object } of bootstrapRoles) {
    put(['rbac.authorization.k8s.io', 'v1', plural], object);
  }
  const labels = { component: 'apiserver', provider: 'kubernetes' };
  const [firstIp] = cluster.world.serviceNetworks.ip4.split('/');
  put(['', 'v1', 'services'], {
    metadata: { name: 'kubernetes', namespace: 'default', labels },
    spec: {
      clusterIP: firstIp?.replace(/0$/, '1'),
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: port }],
    },
  });
  // Made by the server and not by a controller: the address is its own.
  store.put('endpoints', {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      uid: randomUUID(),
      creationTimestamp: timestamp(),
      labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' },
    },
    subsets: [{ addresses: [{ ip: '127.0.0.1' }], ports: [{ name: 'https', port, protocol: 'TCP' }] }],
  });
}

const systemCall: Call = {
  user: { name: 'system:apiserver', groups: [mastersGroup] },
  manager: 'kube-apiserver',
  isManagerGiven: true,
  isDryRun: false,
  isForced: false,
  fieldValidation: 'Strict',
};
