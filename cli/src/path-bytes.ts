/**
 * Names of files are bytes, of which Node makes texts: of one that is not written in UTF-8 none that leads back to it.
 * Here each byte that cannot be read becomes a lone surrogate (U+DC80 to U+DCFF, as Python has it), which no name that
 * can be read has. On Windows names are texts.
 */
export function nameOfBytes(bytes: Uint8Array): string {
  let name = '';
  let at = 0;
  while (at < bytes.length) {
    const length = characterAt(bytes, at);
    name +=
      length === 0
        ? String.fromCharCode(0xdc00 + (bytes[at] ?? 0))
        : Buffer.from(bytes.subarray(at, at + length)).toString('utf8');
    at += Math.max(1, length);
  }
  return name;
}

/** What the functions of `node:fs` take for a path. */
export function bytesOfPath(path: string): string | Buffer {
  if (!hasRawBytes(path)) return path;
  const parts = path
    .split(rawByte)
    .map((part) => (hasRawBytes(part) ? Buffer.from([part.charCodeAt(0) - 0xdc00]) : Buffer.from(part)));
  return Buffer.concat(parts);
}

export function hasRawBytes(path: string): boolean {
  return process.platform !== 'win32' && anyRawByte.test(path);
}

/** With such bytes as `\xff`. */
export function printableName(path: string): string {
  return path.replaceAll(rawByte, (byte) => `\\x${hexOf(byte)}`);
}

/** RFC 3986: as it stands in a URI, but for its slashes. */
export function percentEncoded(path: string): string {
  return path
    .split(rawByte)
    .map((part) =>
      anyRawByte.test(part)
        ? `%${hexOf(part).toUpperCase()}`
        : part.split('/').map(encodeURIComponent).join('/'),
    )
    .join('');
}

const rawByte = /([\udc80-\udcff])/gu;
const anyRawByte = /[\udc80-\udcff]/u;

function hexOf(byte: string): string {
  return (byte.charCodeAt(0) - 0xdc00).toString(16);
}

/** Of how many bytes the character at an offset is, 0 where there is none. */
function characterAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const length =
    first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  const part = bytes.subarray(at, at + length);
  try {
    return part.length === length && strict.decode(part).length > 0 ? length : 0;
  } catch {
    // It goes on with bytes that do not belong to it.
    return 0;
  }
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
