import { readBoundedFile } from './bounded-file.ts';
import { ClusterError } from './errors.ts';

/**
 * The bytes of a kubeconfig as text.
 *
 * @param mayWait as of `BoundedRead`
 * @throws ClusterError `no-kubeconfig`; what the system says is thrown as it is
 */
export function readKubeconfigText(path: string, mayWait: boolean): string {
  const unfit = (why: string): ClusterError =>
    new ClusterError({ reason: 'no-kubeconfig', message: `The kubeconfig ${path} ${why}` });
  return readBoundedFile(path, { mayWait, unfit }).toString('utf8');
}
