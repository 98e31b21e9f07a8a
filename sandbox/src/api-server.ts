import type { KubeletCertificates } from './node/server.ts';

/** Who gets a login: a person with every right, or the operator with those of its service account. */
export type Login = 'admin' | 'operator';

/** A Kubernetes API on loopback, the sandbox's own or a real one. */
export interface ApiServer {
  readonly url: string;
  /** The text of a kubeconfig with one context and the namespace `demo`. */
  kubeconfigOf(login: Login, context: string): Promise<string>;
  /** With what the node's API proves itself, and whom it lets in. */
  readonly kubelet: KubeletCertificates;
  close(): Promise<void>;
}
