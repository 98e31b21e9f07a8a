import { createServer, type Server } from 'node:http';

/** `notReady` says why not, or nothing where the operator does its work. */
export async function serveHealth(port: number, notReady: () => string | undefined): Promise<Server> {
  const server = createServer((request, response) => {
    // Not by `URL`, which throws at `//`: no request may end the operator.
    const [pathname] = (request.url ?? '/').split('?');
    const reason = pathname === '/readyz' ? notReady() : undefined;
    const isKnown = pathname === '/healthz' || pathname === '/readyz';
    response.writeHead(!isKnown ? 404 : reason === undefined ? 200 : 503, { 'content-type': 'text/plain' });
    response.end(`${!isKnown ? 'There is /healthz and /readyz.' : (reason ?? 'ok')}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  return server;
}
