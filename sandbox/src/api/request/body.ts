import type { IncomingMessage } from 'node:http';
import { parse } from 'yaml';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';
import { ApiError, badRequest, unsupportedMediaType } from '../api-error.ts';

const largestBytes = 3 * 1024 * 1024;

export async function readBody(request: IncomingMessage): Promise<string> {
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
  return Buffer.concat(chunks).toString('utf8');
}

export function mediaTypeOf(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** A whole object, as JSON or YAML. @throws ApiError 400, 415 */
export function parseObject(text: string, mediaType: string, kind = 'JSON object'): JsonObject {
  if (mediaType !== '' && !objectTypes.includes(mediaType)) throw unsupportedMediaType(objectTypes);
  const value = parseText(text, mediaType.includes('yaml'), kind);
  if (!isJsonObject(value)) throw badRequest(`the object provided is unrecognized (must be of type ${kind})`);
  return value;
}

/** Options may be left out altogether. */
export function parseOptions(text: string, mediaType: string): JsonObject {
  return text.trim() === '' ? {} : parseObject(text, mediaType);
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

const objectTypes = ['application/json', 'application/yaml'];
