import { ClusterError } from '#cluster/errors.ts';
import type { ResourceKind } from '#cluster/kinds.ts';
import { keyOf } from '../objects.ts';
import type { Controller, ControllerContext } from './controller.ts';

const serviceAccount: ResourceKind = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  namespaced: true,
};

/** Each namespace has a service account `default`, without which an API server admits no pod. */
export function serviceAccountController({ client, mirrors }: ControllerContext): Controller {
  return {
    name: 'serviceaccount',
    listen: (enqueue) => mirrors.namespaces.onChange(({ object }) => enqueue(keyOf(object))),
    reconcile: async (namespace, signal) => {
      const object = mirrors.namespaces.get(namespace);
      if (object === undefined || object.metadata.deletionTimestamp !== undefined) return undefined;
      const { apiVersion, kind } = serviceAccount;
      const account = { apiVersion, kind, metadata: { namespace, name: 'default' } };
      try {
        await client.create(serviceAccount, account, signal);
      } catch (error) {
        if (!ClusterError.is(error, 'already-exists')) throw error;
      }
      return undefined;
    },
  };
}
