import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';

/** An API server that is having a bad day: plain HTTP on this side, the real one behind it. */
export interface FaultProxy extends AsyncDisposable {
  readonly url: string;
  /** How many requests came, and how many of them were spoiled, by the way they were. */
  readonly counts: ReadonlyMap<string, number>;
}

export interface FaultOptions {
  readonly server: string;
  readonly ca: string;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Which part of the calls is spoiled, from 0 to 1. */
  readonly share: number;
}

export async function openFaultProxy({ server, ca, random, share }: FaultOptions): Promise<FaultProxy> {
  const agent = new Agent({ ca, keepAlive: true });
  const counts = new Map<string, number>();
  const count = (what: string): void => {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  };

  function handle(incoming: IncomingMessage, answer: ServerResponse): void {
    count('requests');
    const isWatch = incoming.url?.includes('watch=true') === true;
    const isSpoiled = random() < share;
    const fault = isSpoiled ? faults[Math.floor(random() * faults.length)] : undefined;
    if (fault !== undefined) count(fault);
    if (fault === 'cut') return void incoming.socket.destroy();
    if (fault === '409' || fault === '429' || fault === '500') {
      incoming.resume();
      return refuse(answer, Number(fault));
    }
    const outgoing = httpsRequest(
      new URL(incoming.url ?? '/', server),
      { method: incoming.method, agent, headers: { ...incoming.headers, host: new URL(server).host } },
      (response) => {
        // Done, but nobody is told.
        if (fault === 'answer lost') {
          response.resume();
          incoming.socket.destroy();
          return;
        }
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
        response.on('error', () => answer.destroy());
      },
    );
    outgoing.on('error', () => answer.destroy());
    answer.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
    if (!isWatch) return;
    const cutting = setTimeout(
      () => {
        count('watch cut');
        answer.destroy();
      },
      200 + random() * 4_000,
    );
    answer.on('close', () => clearTimeout(cutting));
  }

  const listener = createServer(handle);
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', resolve);
  });
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    counts,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      listener.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}

const faults = ['409', '429', '500', 'cut', 'answer lost'] as const;

function refuse(answer: ServerResponse, code: number): void {
  const reason = { 409: 'Conflict', 429: 'TooManyRequests', 500: 'InternalError' }[code];
  const status = { apiVersion: 'v1', kind: 'Status', status: 'Failure', reason, code, message: 'A bad day.' };
  const retry = code === 429 ? { 'retry-after': '1' } : {};
  answer.writeHead(code, { 'content-type': 'application/json', ...retry });
  answer.end(JSON.stringify(status));
}
