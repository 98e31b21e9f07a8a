import type { Cluster, User } from '@kubernetes/client-node';
import { readBoundedFile } from './bounded-file.ts';
import { ClusterError } from './errors.ts';

/**
 * A file that a kubeconfig names, read in one go: a pipe is never waited for.
 *
 * @throws ClusterError `login-failed`; what the system says is thrown as it is
 */
export function readCredentialFile(path: string): Buffer {
  const unfit = (why: string): ClusterError =>
    new ClusterError({
      reason: 'login-failed',
      message: `The file ${path}, which the kubeconfig names, ${why}`,
    });
  return readBoundedFile(path, { mayWait: false, unfit });
}

/** With what client-node would read itself, and wait for. */
export function withCertificate({ certFile, keyFile, ...user }: User): User {
  return { ...user, ...dataOf('certData', certFile), ...dataOf('keyData', keyFile) };
}

export function withAuthority({ caFile, ...cluster }: Cluster): Cluster {
  return { ...cluster, ...dataOf('caData', caFile) };
}

function dataOf<K extends string>(key: K, file: string | undefined): { readonly [P in K]?: string };
function dataOf(key: string, file: string | undefined): object {
  return file === undefined ? {} : { [key]: readCredentialFile(file).toString('base64') };
}
