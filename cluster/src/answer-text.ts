import type { ResponseContext } from '@kubernetes/client-node';
import { ClusterError } from './errors.ts';
import { type ApiRequest, describe } from './request.ts';

/** Unpacked. A page of a list has a tenth of it at most; what is past it would be no string any more. */
export const largestAnswerBytes = 256 * 2 ** 20;

/** @throws ClusterError `server-error` for an answer of more bytes, of which the rest is not read */
export async function readAnswer(
  answer: ResponseContext,
  request: ApiRequest,
  mostBytes: number,
): Promise<string> {
  const { text, isWhole } = await readStart(answer.body.stream(), mostBytes);
  if (isWhole) return text;
  const message = `Cannot ${describe(request)}: the answer is larger than ${inWords(mostBytes)}, and is not read any further. Check that the kubeconfig names a Kubernetes cluster, and that no proxy answers in its place.`;
  throw new ClusterError({ reason: 'server-error', message });
}

/** What goes with a status other than 2xx: a few lines, of which never more than the start is read. */
export async function readRefusal(answer: ResponseContext): Promise<string> {
  return (await readStart(answer.body.stream(), largestRefusalBytes)).text;
}

const largestRefusalBytes = 2 ** 20;

/** Bytes as they are counted after unpacking: a small packed answer may be an endless one. */
export async function readStart(
  body: ReadableStream<Uint8Array> | null,
  mostBytes: number,
): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    // Leaving the loop ends the connection.
    if (size > mostBytes) return { text: parts.join(''), isWhole: false };
    parts.push(decoder.decode(chunk, { stream: true }));
  }
  parts.push(decoder.decode());
  return { text: parts.join(''), isWhole: true };
}

function inWords(bytes: number): string {
  return bytes < 2 ** 20 ? `${bytes} bytes` : `${bytes / 2 ** 20} MiB`;
}
