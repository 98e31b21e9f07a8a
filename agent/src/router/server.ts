import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { keepFewConnections } from '#core/few-connections.ts';
import { shorten } from '#core/shorten.ts';
import { formatInspection, type Inspection } from './inspection.ts';
import { toMetrics } from './metrics.ts';

/**
 * Serves /healthz (the process answers), /readyz (the pod redirects, else why not; as JSON to whoever
 * accepts it, with the digest of the configuration in force), /metrics and, to the pod itself only, /inspection.
 */
export async function serve(look: () => Promise<Inspection>, port: number): Promise<Server> {
  const metrics = new LastMetrics();
  const server = createServer((request, response) => {
    answer(request, look, metrics).then(
      ({ status, type, body }) => send(response, status, type, body),
      (error: unknown) => send(response, 500, 'text/plain', `${String(error)}\n`),
    );
  });
  keepFewConnections(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  return server;
}

/** Ten thousand rules are 3 MB: however many ask at once, they are written once, and all are sent the same bytes. */
class LastMetrics {
  #inspection: Inspection | undefined;
  #bytes = Buffer.alloc(0);

  of(inspection: Inspection): Buffer {
    if (inspection !== this.#inspection) this.#bytes = Buffer.from(toMetrics(inspection));
    this.#inspection = inspection;
    return this.#bytes;
  }
}

const unreadUntilMs = 10_000;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
}

async function answer(
  request: IncomingMessage,
  look: () => Promise<Inspection>,
  metrics: LastMetrics,
): Promise<Answer> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  switch (pathname) {
    case '/healthz':
      return text(200, 'ok\n');
    case '/readyz': {
      const { digest, faults, warnings } = await look();
      const ready = faults.length === 0;
      if (request.headers.accept?.includes('application/json') === true) {
        return json(ready ? 200 : 503, { ready, digest, faults: few(faults), warnings: few(warnings) });
      }
      return text(ready ? 200 : 503, ready ? 'ok\n' : faults.map((fault) => `${fault}\n`).join(''));
    }
    case '/metrics':
      return { status: 200, type: 'text/plain; version=0.0.4', body: metrics.of(await look()) };
    case '/inspection':
      if (!isOwn(request)) return text(403, 'Only the pod itself is told.\n');
      return { status: 200, type: 'application/json', body: formatInspection(await look(), 'json') };
    default:
      return text(404, 'There is /healthz, /readyz, /metrics and /inspection.\n');
  }
}

/** Ten thousand rules may all be missing, and one sentence may name as many. */
function few(sentences: readonly string[]): readonly string[] {
  const first = sentences.slice(0, mostTold).map((sentence) => shorten(sentence, mostOfSentence));
  const left = sentences.length - first.length;
  return left === 0 ? first : [...first, `… and ${left} more.`];
}

const mostTold = 20;
const mostOfSentence = 500;

function isOwn(request: IncomingMessage): boolean {
  const { remoteAddress = '' } = request.socket;
  return ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(remoteAddress);
}

function text(status: number, body: string): Answer {
  return { status, type: 'text/plain', body };
}

function json(status: number, value: unknown): Answer {
  return { status, type: 'application/json', body: `${JSON.stringify(value)}\n` };
}

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  // Whoever asks and does not read keeps the answer in memory.
  response.setTimeout(unreadUntilMs, () => response.destroy());
  response.writeHead(status, { 'content-type': type });
  response.end(body);
}
