import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';

/** An API server that is having a bad day: plain HTTP on this side, the real one behind it. */
export interface FaultProxy extends AsyncDisposable {
  readonly url: string;
  /** How many requests came, and how many of them were spoiled, by the way they were: `429`, `cut`. */
  readonly counts: ReadonlyMap<string, number>;
  /** What becomes of a request; undefined is nothing bad. */
  fault: (request: FaultyRequest) => Fault | undefined;
  /** Told of each request that the API server is about to hear of. */
  onForward: (request: FaultyRequest) => void;
}

export interface FaultyRequest {
  /** `PATCH` */
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly isWatch: boolean;
}

export type Fault =
  /** A refusal, which the API server never hears of. */
  | {
      readonly kind: 'answer';
      readonly code: number;
      readonly reason?: string;
      readonly message?: string;
      readonly retryAfterSeconds?: number;
    }
  /** The connection ends before anything is done, or after it, or when the first of the answer has come. */
  | { readonly kind: 'cut' | 'answer lost' | 'cut in the middle' }
  /** Half-open: nothing ever comes. */
  | { readonly kind: 'silence' }
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** A watch that begins well. */
  | { readonly kind: 'watch cut' | 'watch falls silent'; readonly afterMs: number };

export async function openFaultProxy(options: {
  readonly server: string;
  readonly ca: string;
}): Promise<FaultProxy> {
  const agent = new Agent({ ca: options.ca, keepAlive: true });
  const counts = new Map<string, number>();
  const count = (what: string): void => {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  };

  function handle(incoming: IncomingMessage, answer: ServerResponse): void {
    count('requests');
    const fault = proxy.fault(requestOf(incoming));
    if (fault !== undefined && !fault.kind.startsWith('watch')) {
      count(fault.kind === 'answer' ? String(fault.code) : fault.kind);
    }
    switch (fault?.kind) {
      case 'answer':
        incoming.resume();
        return refuse(answer, fault);
      case 'cut':
        return void incoming.socket.destroy();
      case 'silence':
        return void incoming.resume();
      case 'slow': {
        const waiting = setTimeout(() => forward(incoming, answer, fault), fault.delayMs);
        return void answer.on('close', () => clearTimeout(waiting));
      }
      default:
        return forward(incoming, answer, fault);
    }
  }

  function forward(incoming: IncomingMessage, answer: ServerResponse, fault: Fault | undefined): void {
    proxy.onForward(requestOf(incoming));
    const { server } = options;
    const headers = { ...incoming.headers, host: new URL(server).host };
    const outgoing = httpsRequest(
      new URL(incoming.url ?? '/', server),
      { method: incoming.method, agent, headers },
      (response) => {
        if (fault?.kind === 'answer lost') {
          response.resume();
          return void incoming.socket.destroy();
        }
        answer.writeHead(response.statusCode ?? 502, response.headers);
        // A quiet watch begins with its head alone.
        answer.flushHeaders();
        response.on('error', () => answer.destroy());
        if (fault?.kind === 'cut in the middle') {
          return void response.once('data', (chunk: Buffer) => {
            answer.write(chunk.subarray(0, Math.ceil(chunk.length / 2)), () => answer.destroy());
          });
        }
        response.pipe(answer);
        if (fault?.kind === 'watch falls silent')
          later(fault.afterMs, () => response.unpipe(answer).resume());
      },
    );
    const later = (afterMs: number, act: () => void): void => {
      const timer = setTimeout(() => {
        count(fault?.kind ?? '');
        act();
      }, afterMs);
      answer.on('close', () => clearTimeout(timer));
    };
    if (fault?.kind === 'watch cut') later(fault.afterMs, () => answer.destroy());
    outgoing.on('error', () => answer.destroy());
    answer.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  }

  const listener = createServer(handle);
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', resolve);
  });
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${port}`,
    counts,
    fault: () => undefined,
    onForward: () => undefined,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      listener.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
  return proxy;
}

function requestOf({ method = 'GET', url: path = '/' }: IncomingMessage): FaultyRequest {
  return { method, path, isWatch: path.includes('watch=true') };
}

/** Spoils a share of the calls, from 0 to 1, and cuts every watch after a while. `random` gives 0 to 1, too. */
export function badDay(random: () => number, share: number): FaultProxy['fault'] {
  return ({ isWatch }) => {
    if (random() < share) return faults[Math.floor(random() * faults.length)];
    return isWatch ? { kind: 'watch cut', afterMs: 200 + random() * 4_000 } : undefined;
  };
}

const faults: readonly Fault[] = [
  { kind: 'answer', code: 409 },
  { kind: 'answer', code: 429, retryAfterSeconds: 1 },
  { kind: 'answer', code: 500 },
  { kind: 'cut' },
  { kind: 'answer lost' },
];

const reasons: Readonly<Record<number, string>> = {
  403: 'Forbidden',
  409: 'Conflict',
  410: 'Expired',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

function refuse(answer: ServerResponse, fault: Extract<Fault, { readonly kind: 'answer' }>): void {
  const { code, retryAfterSeconds, reason = reasons[code], message = 'A bad day.' } = fault;
  const status = { apiVersion: 'v1', kind: 'Status', status: 'Failure', reason, code, message };
  const retry = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  answer.writeHead(code, { 'content-type': 'application/json', ...retry });
  answer.end(JSON.stringify(status));
}
