import { closeSync, constants, createReadStream, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { addAbortSignal, type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { isatty, ReadStream } from 'node:tty';

/**
 * All that comes from what is neither a file nor a folder. A pipe may keep its reader waiting for ever, and a device
 * has no end: nothing here waits where Ctrl-C is not heard, as a thread does that opens a pipe or reads a terminal.
 */
export async function readStream(path: string, signal: AbortSignal): Promise<Buffer> {
  signal.throwIfAborted();
  // Otherwise a pipe that nobody writes to is not even opened.
  const handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return await readAll(streamOf(handle), signal);
}

/** @throws Error where there is more than a text can hold */
export async function readAll(stream: Readable, signal: AbortSignal): Promise<Buffer> {
  let length = 0;
  stream.on('data', (chunk: Uint8Array) => {
    length += chunk.length;
    if (length > mostBytes) stream.destroy(new Error('it goes on beyond 512 MB.'));
  });
  return await buffer(addAbortSignal(signal, stream));
}

const mostBytes = 512 * 1024 * 1024;

function streamOf(handle: number): Readable {
  try {
    if (isatty(handle)) return new ReadStream(handle);
    return new Socket({ fd: handle, readable: true, writable: false });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ERR_INVALID_FD_TYPE')) {
      closeSync(handle);
      throw cause;
    }
    // A device that is no terminal, such as /dev/null: it answers at once.
    return createReadStream('', { fd: handle });
  }
}
