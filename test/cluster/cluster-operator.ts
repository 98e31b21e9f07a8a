import { applyObject } from '#cluster/apply.ts';
import type { Connection } from '#cluster/connect.ts';
import { kinds } from '#cluster/kinds.ts';
import { deleteObject } from '#cluster/objects.ts';
import { cnoClusterOperator } from '#core/manifest/names.ts';
import { signal, until } from './operations-world.ts';

/** What shows that the Cluster Network Operator is there, until it is disposed of. */
export async function showClusterNetworkOperator(connection: Connection): Promise<AsyncDisposable> {
  const options = { fieldManager: 'test', signal };
  await applyObject(connection, crd, options);
  const { apiVersion, kind, name } = cnoClusterOperator;
  const object = { apiVersion, kind, metadata: { name } };
  await until(() =>
    applyObject(connection, object, options).then(
      () => true,
      () => false,
    ),
  );
  return {
    [Symbol.asyncDispose]: () => deleteObject(connection, kinds.clusterOperator, { name }, { signal }),
  };
}

const crd = {
  apiVersion: kinds.crd.apiVersion,
  kind: kinds.crd.kind,
  metadata: {
    name: 'clusteroperators.config.openshift.io',
    annotations: { 'api-approved.kubernetes.io': 'unapproved, for a test' },
  },
  spec: {
    group: 'config.openshift.io',
    scope: 'Cluster',
    names: { plural: 'clusteroperators', singular: 'clusteroperator', kind: 'ClusterOperator' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};
