import { createServer } from 'node:http';
import { run } from '../command.ts';
import { enter, type Netns } from '../netns.ts';

/**
 * An HTTP proxy on a Unix socket for what runs beside the sandbox's network and has to ask a pod, as its operator
 * does: it asks from the node, where the pods' addresses are theirs. GET only, of short answers.
 */
export async function startPodProxy(node: Netns, socket: string): Promise<{ close(): Promise<void> }> {
  const closing = new AbortController();
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    if (request.method !== 'GET' || !/^http:\/\/[0-9a-f.:[\]]+\/[a-z]*$/.test(url)) {
      response.writeHead(400).end();
      return;
    }
    void ask(node, url, closing.signal).then((text) => {
      response.writeHead(text === undefined ? 502 : 200).end(text);
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

/** @returns undefined where the pod gives no good answer */
async function ask(node: Netns, url: string, signal: AbortSignal): Promise<string | undefined> {
  const how = ['--silent', '--fail', '--globoff', '--noproxy', '*', '--max-time', '5'];
  const completion = await run(enter(node, ['curl', ...how, '--', url]), { signal });
  return completion.kind === 'exited' && completion.code === 0 ? completion.stdout : undefined;
}
