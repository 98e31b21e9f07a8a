import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Inspect } from './inspection.ts';
import { toMetrics } from './metrics.ts';

/** Serves /healthz (the process answers), /readyz (the pod redirects, else why not) and /metrics. */
export async function serve(inspect: Inspect, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    answer(request, inspect).then(
      ({ status, type, body }) => send(response, status, type, body),
      (error: unknown) => send(response, 500, 'text/plain', `${String(error)}\n`),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  return server;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

async function answer(request: IncomingMessage, inspect: Inspect): Promise<Answer> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  switch (pathname) {
    case '/healthz':
      return text(200, 'ok\n');
    case '/readyz': {
      const { faults } = await inspect();
      const ready = faults.length === 0;
      if (request.headers.accept?.includes('application/json') === true) {
        const body = `${JSON.stringify({ ready, faults })}\n`;
        return { status: ready ? 200 : 503, type: 'application/json', body };
      }
      return text(ready ? 200 : 503, ready ? 'ok\n' : faults.map((fault) => `${fault}\n`).join(''));
    }
    case '/metrics': {
      const { seen, faults } = await inspect();
      return { status: 200, type: 'text/plain; version=0.0.4', body: toMetrics(seen, faults) };
    }
    default:
      return text(404, 'There is /healthz, /readyz and /metrics.\n');
  }
}

function text(status: number, body: string): Answer {
  return { status, type: 'text/plain', body };
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type });
  response.end(body);
}
