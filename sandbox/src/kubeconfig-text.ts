import type { KeyPair } from '#sandbox/api/certificates.ts';
import type { Login } from './api-server.ts';
import { demoNamespace, operatorAccount } from './bootstrap.ts';

/** Who stands behind a login, as a client certificate names it. */
export const subjects = {
  admin: { user: 'sandbox-admin', groups: ['system:masters'] },
  operator: {
    user: `system:serviceaccount:${operatorAccount.namespace}:${operatorAccount.name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${operatorAccount.namespace}`],
  },
} as const satisfies Record<Login, { readonly user: string; readonly groups: readonly string[] }>;

/** JSON is YAML. All in it is called as its context is. */
export function kubeconfigText(url: string, caCert: string, name: string, { key, cert }: KeyPair): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server: url, 'certificate-authority-data': base64(caCert) } }],
    users: [{ name, user: { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: demoNamespace } }],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
