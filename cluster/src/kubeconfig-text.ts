import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { ClusterError } from './errors.ts';

/**
 * The bytes of a kubeconfig as text. Whoever cannot wait, such as an editor, is never kept by a pipe to which nobody
 * writes, by a terminal, or by a file without an end.
 *
 * @throws ClusterError `no-kubeconfig`; what the system says is thrown as it is
 */
export function readKubeconfigText(path: string, mayWait: boolean): string {
  // Absent on Windows, where nothing blocks like this.
  const flag = mayWait ? 0 : (constants.O_NONBLOCK ?? 0);
  const file = openSync(path, constants.O_RDONLY | flag);
  try {
    const stats = fstatSync(file);
    if (stats.isDirectory()) throw unfit(path, 'is a folder. Name a file in it.');
    if (!mayWait && (stats.isFIFO() || stats.isSocket())) throw unfit(path, isPipe);
    const parts: Buffer[] = [];
    for (let size = 0; size <= mostBytes; ) {
      const part = Buffer.alloc(partBytes);
      const read = readPart(file, part, path);
      if (read === 0) return Buffer.concat(parts).toString('utf8');
      parts.push(part.subarray(0, read));
      size += read;
    }
    throw unfit(path, `is larger than ${mostBytes / 2 ** 20} MiB. Name a kubeconfig.`);
  } finally {
    closeSync(file);
  }
}

/** The largest kubeconfigs, of thousands of clusters, have a tenth of it. */
const mostBytes = 16 * 2 ** 20;
const partBytes = 2 ** 16;
const isPipe = 'is a pipe or a terminal, which is not waited for here. Name a file.';

function readPart(file: number, part: Buffer, path: string): number {
  try {
    return readSync(file, part);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') throw unfit(path, isPipe);
    throw error;
  }
}

function unfit(path: string, why: string): ClusterError {
  return new ClusterError({ reason: 'no-kubeconfig', message: `The kubeconfig ${path} ${why}` });
}
