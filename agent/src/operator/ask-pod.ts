import { get, type IncomingMessage, type RequestOptions } from 'node:http';

/** How pods are reached: by their addresses, or by an HTTP proxy on a Unix socket that reaches them. */
export type PodAccess = { readonly kind: 'direct' } | { readonly kind: 'proxy'; readonly socket: string };

/**
 * Asks a router pod which text of its configuration is in force.
 *
 * @returns the first 16 hex digits of its SHA-256, or undefined where the pod cannot be reached, says no such thing,
 * or sends elsewhere
 */
export async function askDigest(
  pod: { readonly host: string; readonly port: number },
  access: PodAccess,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ ...targetOf(pod, access), agent: false, signal }, resolve).on('error', reject);
    });
    let text = '';
    for await (const chunk of response) {
      text += String(chunk);
      if (text.length > 1024) response.destroy();
    }
    return response.statusCode === 200 ? /"digest": ?"([0-9a-f]{16})"/.exec(text)?.[1] : undefined;
  } catch {
    return undefined; // Whatever the reason, there is no answer.
  }
}

function targetOf(
  { host, port }: { readonly host: string; readonly port: number },
  access: PodAccess,
): RequestOptions {
  if (access.kind === 'direct') return { host, port, path: '/config' };
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return { socketPath: access.socket, path: `http://${authority}/config`, headers: { host: authority } };
}
