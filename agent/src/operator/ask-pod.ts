import { get, type IncomingMessage, type RequestOptions } from 'node:http';
import { at, listAt, parseJson, textAt } from '#core/json-value.ts';

/** How pods are reached: by their addresses, or by an HTTP proxy on a Unix socket that reaches them. */
export type PodAccess = { readonly kind: 'direct' } | { readonly kind: 'proxy'; readonly socket: string };

/** What a router pod says of itself. */
export interface PodReport {
  /** The first 16 hex digits of the SHA-256 of the configuration in force; absent where none is. */
  readonly digest?: string;
  /** Why it does not redirect, a sentence each; none where it does. */
  readonly faults: readonly string[];
}

/**
 * Asks a router pod how it is.
 *
 * @returns undefined where the pod cannot be reached, says something else, or sends elsewhere
 */
export async function askPod(
  pod: { readonly host: string; readonly port: number },
  access: PodAccess,
  signal: AbortSignal,
): Promise<PodReport | undefined> {
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ ...targetOf(pod, access), agent: false, signal }, resolve).on('error', reject);
    });
    response.setEncoding('utf8');
    let text = '';
    for await (const chunk of response) {
      text += String(chunk);
      if (text.length > mostOfAnswer) return undefined;
    }
    return response.statusCode === 200 || response.statusCode === 503 ? toReport(text) : undefined;
  } catch {
    return undefined; // Whatever the reason, there is no answer.
  }
}

/** UTF-16 units: a router names a few faults, each in a sentence that is cut where it is long. */
const mostOfAnswer = 65_536;

function toReport(text: string): PodReport | undefined {
  const answer = parseJson(text);
  if (typeof at(answer, 'ready') !== 'boolean') return undefined;
  const digest = textAt(answer, 'digest');
  return {
    ...(digest !== undefined && /^[0-9a-f]{16}$/.test(digest) ? { digest } : {}),
    faults: listAt(answer, 'faults')
      .filter((fault) => typeof fault === 'string')
      .map(inOneLine),
  };
}

/** Who reads a condition has a terminal, which obeys what stands in it; and not every router is the one it seems. */
function inOneLine(sentence: string): string {
  return sentence.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ').trim();
}

function targetOf(
  { host, port }: { readonly host: string; readonly port: number },
  access: PodAccess,
): RequestOptions {
  const accept = 'application/json';
  if (access.kind === 'direct') return { host, port, path: '/readyz', headers: { accept } };
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    socketPath: access.socket,
    path: `http://${authority}/readyz`,
    headers: { host: authority, accept },
  };
}
