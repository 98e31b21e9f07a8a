import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** The largest kubeconfigs, of thousands of clusters, have a tenth of it. */
export const largestFileBytes = 16 * 2 ** 20;

export interface BoundedRead {
  /** For who writes to a pipe; else one is refused. */
  readonly mayWait: boolean;
  /** The error of a file that cannot be read to its end; `why` goes on after its name. */
  readonly unfit: (why: string) => Error;
}

/**
 * Who must not wait, such as an editor, is never kept by a pipe to which nobody writes, by a terminal, or by a file
 * without an end.
 *
 * @throws what `unfit` makes; what the system says is thrown as it is
 */
export function readBoundedFile(path: string, { mayWait, unfit }: BoundedRead): Buffer {
  // Absent on Windows, where nothing blocks like this.
  const flag = mayWait ? 0 : (constants.O_NONBLOCK ?? 0);
  const file = openSync(path, constants.O_RDONLY | flag);
  try {
    const stats = fstatSync(file);
    if (stats.isDirectory()) throw unfit('is a folder. Name a file in it.');
    if (!mayWait && (stats.isFIFO() || stats.isSocket())) throw unfit(isPipe);
    const parts: Buffer[] = [];
    for (let size = 0; size <= largestFileBytes; ) {
      const part = Buffer.alloc(partBytes);
      const read = readPart(file, part, unfit);
      if (read === 0) return Buffer.concat(parts);
      parts.push(part.subarray(0, read));
      size += read;
    }
    throw unfit(`is larger than ${largestFileBytes / 2 ** 20} MiB. Name another one.`);
  } finally {
    closeSync(file);
  }
}

const partBytes = 2 ** 16;
const isPipe = 'is a pipe or a terminal, which is not waited for here. Name a file.';

function readPart(file: number, part: Buffer, unfit: BoundedRead['unfit']): number {
  try {
    return readSync(file, part);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') throw unfit(isPipe);
    throw error;
  }
}
