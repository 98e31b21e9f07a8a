import { isUtf8 } from 'node:buffer';

export interface Decoded {
  readonly text: string;
  /** Why the readers of a cluster make something else of the bytes. */
  readonly encodingFault?: EncodingFault;
}

export interface EncodingFault {
  readonly message: string;
  /** In the text. */
  readonly start: number;
  readonly end: number;
}

/**
 * Text is UTF-8, also with a byte order mark, or begins with one of UTF-16, as Windows PowerShell writes it with `>`: so
 * kubectl takes it. Of other bytes the text is what was most likely meant.
 */
export function decode(bytes: Uint8Array): Decoded {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return { text: decodeAs('utf-16le', bytes) };
  if (first === 0xfe && second === 0xff) return { text: decodeAs('utf-16be', bytes) };
  // Each character of ASCII brings a zero byte along.
  if (first === 0 && second !== 0) return withoutMark(decodeAs('utf-16be', bytes));
  if (first !== 0 && second === 0) return withoutMark(decodeAs('utf-16le', bytes));
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (isUtf8(bytes)) return { text };
  const start = Math.max(0, text.indexOf('\uFFFD'));
  const message =
    'This is not written in UTF-8, and kubectl takes another character for it, or refuses the file: save it as UTF-8.';
  return { text, encodingFault: { message, start, end: start + 1 } };
}

function withoutMark(text: string): Decoded {
  const message =
    'This file is written in UTF-16 without a byte order mark, so that kubectl cannot read it: save it as UTF-8.';
  return { text, encodingFault: { message, start: 0, end: 1 } };
}

function decodeAs(encoding: 'utf-16le' | 'utf-16be', bytes: Uint8Array): string {
  return new TextDecoder(encoding).decode(bytes);
}
