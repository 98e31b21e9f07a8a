import type { IncomingMessage } from 'node:http';
import { parse } from 'yaml';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { ApiError, badRequest, unsupportedMediaType } from '../api-error.ts';
import { decodeProtobuf, protobufType } from './protobuf.ts';

const largestBytes = 3 * 1024 * 1024;

export async function readText(request: IncomingMessage): Promise<string> {
  return (await readBytes(request)).toString('utf8');
}

export function mediaTypeOf(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** A whole object, as JSON, YAML or protocol buffers. @throws ApiError 400, 415 */
export async function readObject(request: IncomingMessage, kind = 'JSON object'): Promise<JsonObject> {
  const mediaType = mediaTypeOf(request);
  if (mediaType !== '' && !objectTypes.includes(mediaType)) throw unsupportedMediaType(objectTypes);
  const bytes = await readBytes(request);
  if (mediaType === protobufType) {
    const decoded = decodeProtobuf(bytes);
    if (decoded === undefined) throw unsupportedMediaType(objectTypes.filter((type) => type !== mediaType));
    return decoded;
  }
  const value = parseText(bytes.toString('utf8'), mediaType.includes('yaml'), kind);
  if (!isJsonObject(value)) throw badRequest(`the object provided is unrecognized (must be of type ${kind})`);
  return value;
}

/** `DeleteOptions`, which may be left out altogether. */
export async function readOptions(request: IncomingMessage): Promise<JsonObject> {
  const text = await readText(request);
  // Go's typed clients send them in a form of their own, and empty.
  if (text.trim() === '' || mediaTypeOf(request) === protobufType) return {};
  const value = parseText(text, mediaTypeOf(request).includes('yaml'), 'DeleteOptions');
  return isJsonObject(value) ? value : {};
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > largestBytes) {
      throw new ApiError(413, 'RequestEntityTooLarge', `limit is ${largestBytes}`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** @throws ApiError 400 for text that is neither. */
export function parseText(text: string, isYaml: boolean, kind = 'patch'): unknown {
  try {
    return isYaml ? parse(text, { uniqueKeys: true }) : JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const what = `the object provided is unrecognized (must be of type ${kind})`;
    throw badRequest(`${what}: couldn't get version/kind; ${isYaml ? 'yaml' : 'json'} parse error: ${why}`);
  }
}

const objectTypes = ['application/json', 'application/yaml', protobufType];
