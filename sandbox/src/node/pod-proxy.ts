import { createServer } from 'node:http';
import { run } from '../command.ts';
import { enter, type Netns } from '../netns.ts';

/**
 * An HTTP proxy on a Unix socket for what runs beside the sandbox's network and has to ask a pod, as its operator
 * does: it asks from the node, where the pods' addresses are theirs. GET only, of short answers, as text or as JSON.
 */
export async function startPodProxy(node: Netns, socket: string): Promise<{ close(): Promise<void> }> {
  const closing = new AbortController();
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    if (request.method !== 'GET' || !/^http:\/\/[0-9a-f.:[\]]+\/[a-z]*$/.test(url)) {
      response.writeHead(400).end();
      return;
    }
    const accept = request.headers.accept === json ? json : '*/*';
    void ask(node, url, accept, closing.signal).then((answer) => {
      response.writeHead(answer?.status ?? 502).end(answer?.text);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const json = 'application/json';

/** @returns undefined where the pod gives no answer */
async function ask(
  node: Netns,
  url: string,
  accept: string,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly text: string } | undefined> {
  const how = ['--silent', '--globoff', '--noproxy', '*', '--max-time', '5', '--header', `Accept: ${accept}`];
  const argv = ['curl', ...how, '--write-out', '\n%{http_code}', '--', url];
  const completion = await run(enter(node, argv), { signal });
  if (completion.kind !== 'exited' || completion.code !== 0) return undefined;
  const end = completion.stdout.lastIndexOf('\n');
  return { status: Number(completion.stdout.slice(end + 1)), text: completion.stdout.slice(0, end) };
}
