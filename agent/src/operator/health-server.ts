import { createServer, type Server } from 'node:http';
import { keepFewConnections } from '#core/few-connections.ts';

export interface Health {
  /** Says why not, or nothing where the operator does its work or waits for its turn. */
  readonly notReady: () => string | undefined;
  /** In the Prometheus text format. */
  readonly metrics: () => string;
}

export async function serveHealth(port: number, health: Health): Promise<Server> {
  const server = createServer((request, response) => {
    // Not by `URL`, which throws at `//`: no request may end the operator.
    const [pathname = '/'] = (request.url ?? '/').split('?');
    const { code, type = 'text/plain', body } = answerTo(pathname, health);
    response.writeHead(code, { 'content-type': type });
    response.end(body);
  });
  keepFewConnections(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  return server;
}

interface Answer {
  readonly code: number;
  readonly type?: string;
  readonly body: string;
}

function answerTo(pathname: string, { notReady, metrics }: Health): Answer {
  switch (pathname) {
    case '/healthz':
      return { code: 200, body: 'ok\n' };
    case '/readyz': {
      const reason = notReady();
      return { code: reason === undefined ? 200 : 503, body: `${reason ?? 'ok'}\n` };
    }
    case '/metrics':
      return { code: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: metrics() };
    default:
      return { code: 404, body: 'There is /healthz, /readyz and /metrics.\n' };
  }
}
