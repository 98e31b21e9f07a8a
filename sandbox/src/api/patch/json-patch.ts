import { isJsonObject, type JsonObject, jsonEqual } from '#core/schema/json-schema.ts';
import { ApiError, badRequest } from '../api-error.ts';

/** RFC 6902. @throws ApiError 400 for a malformed patch, 422 for one that does not fit the object. */
export function applyJsonPatch(object: JsonObject, patch: unknown): JsonObject {
  if (!Array.isArray(patch)) {
    throw badRequest('error decoding patch: json: cannot unmarshal object into a JSON patch');
  }
  const result = patch.reduce<unknown>(applyOperation, object);
  if (!isJsonObject(result)) throw misfit();
  return result;
}

function applyOperation(document: unknown, operation: unknown): unknown {
  if (!isJsonObject(operation)) throw badRequest('error decoding patch: an operation must be an object');
  const path = toTokens(operation['path']);
  switch (operation['op']) {
    case 'add':
      return addAt(document, path, operation['value']);
    case 'remove':
      return removeAt(document, path);
    case 'replace':
      return addAt(document, path, operation['value'], true);
    case 'test':
      if (!jsonEqual(readAt(document, path), operation['value'] ?? null)) {
        throw misfit();
      }
      return document;
    case 'move': {
      const from = toTokens(operation['from']);
      return addAt(removeAt(document, from), path, readAt(document, from));
    }
    case 'copy':
      return addAt(document, path, readAt(document, toTokens(operation['from'])));
    default:
      throw badRequest(`Unexpected kind: ${String(operation['op'])}`);
  }
}

function toTokens(pointer: unknown): string[] {
  if (typeof pointer !== 'string' || (pointer !== '' && !pointer.startsWith('/'))) {
    throw badRequest(`error decoding patch: invalid JSON pointer ${JSON.stringify(pointer)}`);
  }
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function readAt(document: unknown, path: readonly string[]): unknown {
  let found = document;
  for (const token of path) {
    if (Array.isArray(found)) found = found[indexOf(token, found.length - 1)];
    else if (isJsonObject(found) && Object.hasOwn(found, token)) found = found[token];
    else throw misfit();
  }
  return found;
}

/** `replaces`: a list's item is put in place of another; a field need not be there, as in evanphx/json-patch. */
function addAt(document: unknown, path: readonly string[], value: unknown, replaces = false): unknown {
  const [token, ...rest] = path;
  if (token === undefined) return value;
  if (Array.isArray(document)) {
    if (rest.length === 0 && !replaces) {
      const index = token === '-' ? document.length : indexOf(token, document.length);
      return document.toSpliced(index, 0, value);
    }
    const index = indexOf(token, document.length - 1);
    return document.with(index, addAt(document[index], rest, value, replaces));
  }
  if (!isJsonObject(document) || (rest.length > 0 && !Object.hasOwn(document, token))) {
    throw misfit();
  }
  return { ...document, [token]: addAt(document[token], rest, value, replaces) };
}

function removeAt(document: unknown, path: readonly string[]): unknown {
  const [token, ...rest] = path;
  if (token === undefined) return undefined;
  if (Array.isArray(document)) {
    const index = indexOf(token, document.length - 1);
    return rest.length === 0
      ? document.toSpliced(index, 1)
      : document.with(index, removeAt(document[index], rest));
  }
  if (!isJsonObject(document) || !Object.hasOwn(document, token)) {
    throw misfit();
  }
  if (rest.length > 0) return { ...document, [token]: removeAt(document[token], rest) };
  const { [token]: _, ...others } = document;
  return others;
}

function indexOf(token: string, last: number): number {
  const index = /^(0|[1-9][0-9]*)$/.test(token) ? Number(token) : -1;
  if (index < 0 || index > last) throw misfit();
  return index;
}

function misfit(): ApiError {
  return new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}
