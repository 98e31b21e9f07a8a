import { get, type IncomingMessage } from 'node:http';

/**
 * Asks a router pod which text of its configuration is in force.
 *
 * @returns the first 16 hex digits of its SHA-256, or undefined where the pod cannot be reached, says no such thing,
 * or sends elsewhere
 */
export async function askDigest(
  { host, port }: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ host, port, path: '/config', agent: false, signal }, resolve).on('error', reject);
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
