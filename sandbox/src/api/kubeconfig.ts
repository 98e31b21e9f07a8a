import { stringify } from 'yaml';

export type KubeconfigLogin =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'certificate'; readonly key: string; readonly cert: string };

export interface KubeconfigOptions {
  readonly server: string;
  readonly caCert: string;
  readonly context: string;
  readonly user: string;
  readonly namespace?: string;
  readonly login: KubeconfigLogin;
}

/** A kubeconfig with one context, certificates inside. */
export function toKubeconfig({ server, caCert, context, user, namespace, login }: KubeconfigOptions): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [{ name: context, cluster: { server, 'certificate-authority-data': base64(caCert) } }],
    contexts: [
      {
        name: context,
        context: { cluster: context, user, ...(namespace === undefined ? {} : { namespace }) },
      },
    ],
    users: [
      {
        name: user,
        user:
          login.kind === 'token'
            ? { token: login.token }
            : { 'client-certificate-data': base64(login.cert), 'client-key-data': base64(login.key) },
      },
    ],
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
