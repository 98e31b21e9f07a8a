import type { ServiceNetworks } from '#sandbox/api/resource.ts';
import { type Api, startApi } from '#sandbox/api/start.ts';
import type { ApiServer, Login } from './api-server.ts';
import { demoNamespace, operatorAccount } from './bootstrap.ts';

/** The sandbox's own Kubernetes API. */
export async function startBuiltInApi(options: {
  readonly folder: string;
  readonly serviceNetworks?: ServiceNetworks;
}): Promise<ApiServer> {
  const { folder, ...others } = options;
  const api = await startApi({ host: '127.0.0.1', dir: folder, kubelet: { scheme: 'https' }, ...others });
  return {
    url: api.url,
    kubeconfigOf: (login, context) => kubeconfigOf(api, login, context),
    kubelet: { ...(await api.issueServer('localhost')), clientCa: api.caCert },
    close: () => api.close(),
  };
}

function kubeconfigOf(api: Api, login: Login, context: string): Promise<string> {
  const who =
    login === 'admin'
      ? ({ kind: 'admin' } as const)
      : ({ kind: 'serviceAccount', ...operatorAccount } as const);
  return api.kubeconfigFor(who, { context, namespace: demoNamespace });
}
