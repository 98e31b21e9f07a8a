import type { ServerResponse } from 'node:http';
import type { JsonObject } from '#core/schema/json-schema.ts';
import { ApiError, internalError, NoPage } from './api-error.ts';

export function sendJson(
  response: ServerResponse,
  code: number,
  object: JsonObject,
  warnings: readonly string[] = [],
): void {
  const text = JSON.stringify(object);
  response.writeHead(code, {
    'content-type': 'application/json',
    'cache-control': 'no-cache, private',
    'content-length': Buffer.byteLength(text),
    // RFC 7234 §5.5: 299 is a warning without further meaning; kubectl prints its text.
    ...(warnings.length === 0
      ? {}
      : { warning: warnings.map((one) => `299 - ${JSON.stringify(one)}`).join(', ') }),
  });
  response.end(text);
}

/** Every failure leaves as a Status. */
export function sendError(response: ServerResponse, error: unknown): void {
  if (response.destroyed) return;
  if (response.headersSent) {
    response.end();
    return;
  }
  if (error instanceof NoPage) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
    response.end('404 page not found\n');
    return;
  }
  const known = toApiError(error);
  sendJson(response, known.code, known.toStatus());
}

export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return internalError(error instanceof Error ? error.message : String(error));
}
