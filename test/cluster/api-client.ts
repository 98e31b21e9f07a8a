import { request as httpsRequest, type RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { isJsonObject, type JsonObject } from '#core/schema/json-schema.ts';

/** An answer as it came. `body` is the JSON of it, or empty where it was none. */
export interface Answer {
  readonly code: number;
  readonly body: JsonObject;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface Call {
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Requests without a client library between: status codes, headers and bodies are seen as they are. */
export interface ApiClient {
  readonly config: KubeConfig;
  /** `verb` is `GET /api/v1/pods?limit=1` and its like. */
  readonly send: (request: string, call?: Call) => Promise<Answer>;
  /** Sends, and fails unless the answer is a success. */
  readonly must: (request: string, call?: Call) => Promise<JsonObject>;
  /** A server-side apply. */
  readonly apply: (path: string, manager: string, object: unknown, more?: string) => Promise<Answer>;
}

export function openClient(kubeconfigPath: string): ApiClient {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfigPath);
  return clientOf(config);
}

/** The same server, met as somebody else. */
export function clientWithToken({ config }: ApiClient, token: string | undefined): ApiClient {
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error('The kubeconfig has no cluster');
  const other = new KubeConfig();
  const user = token === undefined ? { name: 'nobody' } : { name: 'other', token };
  other.loadFromClusterAndUser(cluster, user);
  return clientOf(other);
}

function clientOf(config: KubeConfig): ApiClient {
  const send: ApiClient['send'] = async (request, call = {}) => {
    const [method = '', path = ''] = request.split(' ');
    const options: RequestOptions = { method, agent: false };
    await config.applyToHTTPSOptions(options);
    const login = Object.fromEntries(Object.entries(options.headers ?? {}));
    const url = new URL(path, config.getCurrentCluster()?.server);
    const text = call.body === undefined ? undefined : bodyText(call.body);
    const headers = {
      ...(text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) }),
      ...login,
      accept: 'application/json',
      ...(text === undefined ? {} : { 'content-type': call.type ?? 'application/json' }),
      ...call.headers,
    };
    return new Promise((resolve, reject) => {
      const outgoing = httpsRequest(url, { ...options, agent: false, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString();
          resolve({
            code: response.statusCode ?? 0,
            body: jsonOf(answer),
            text: answer,
            headers: response.headers,
          });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(text);
    });
  };
  return {
    config,
    send,
    must: async (request, call) => {
      const { code, body, text } = await send(request, call);
      if (code >= 300) throw new Error(`${request}: ${code} ${text}`);
      return body;
    },
    apply: (path, manager, object, more = '') =>
      send(`PATCH ${path}?fieldManager=${manager}${more}`, {
        body: object,
        type: 'application/apply-patch+yaml',
      }),
  };
}

function bodyText(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function jsonOf(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {}; // Logs and health answers are no JSON.
  }
}
