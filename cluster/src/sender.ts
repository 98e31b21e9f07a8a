import {
  IsomorphicFetchHttpLibrary,
  RequestContext,
  type ResponseContext,
  type User,
} from '@kubernetes/client-node';
import type { ClientConfig } from './client-config.ts';
import { ClusterError } from './errors.ts';
import { wasCut } from './network-failure.ts';
import { type ApiRequest, methods, targetOf } from './request.ts';

/** Any answer is a result. Rejects when there is none, or no way to log in. */
export type Sender = (request: ApiRequest, signal: AbortSignal, limit?: Limit) => Promise<ResponseContext>;

/** Of the time that the cluster may take: a login program, which may wait for a person, has its own. */
export interface Limit {
  start(): void;
  stop(): void;
}

type Dispatcher = NonNullable<ReturnType<RequestContext['getDispatcher']>>;

/** How long a pool of connections, and the client certificate in it, is used. */
const dispatcherAgeMs = 5 * 60_000;

export function makeSender(config: ClientConfig): Sender {
  const http = new IsomorphicFetchHttpLibrary();
  let pool: { readonly dispatcher: Dispatcher; readonly since: number; readonly for: string } | undefined;

  async function sendOnce(request: ApiRequest, signal: AbortSignal, limit: Limit | undefined) {
    const context = new RequestContext(config.cluster.server + targetOf(request), methods[request.verb]);
    const user = await untilAborted(authenticate(config, context), signal);
    // client-node makes a dispatcher, hence a TLS connection, for every request: keep one.
    const fresh = context.getDispatcher();
    const identity = certificateOf(user);
    if (pool === undefined || performance.now() - pool.since > dispatcherAgeMs || pool.for !== identity) {
      pool = fresh === undefined ? undefined : { dispatcher: fresh, since: performance.now(), for: identity };
    }
    if (pool !== undefined) context.setDispatcher(pool.dispatcher);
    context.setHeaderParam('Accept', 'application/json, */*');
    if (request.body !== undefined) {
      context.setHeaderParam('Content-Type', request.contentType ?? 'application/json');
      context.setBody(JSON.stringify(request.body));
    }
    context.setSignal(signal);
    limit?.start();
    try {
      const answer = await http.send(context).toPromise();
      if (answer.httpStatusCode === 401) pool = undefined;
      return { answer, user };
    } catch (error) {
      if (!signal.aborted) pool = undefined;
      throw error;
    }
  }

  return async (request, signal, limit) => {
    signal.throwIfAborted();
    const { answer, user } = await sendOnce(request, signal, limit).catch((error: unknown) => {
      // A kept connection may have ended meanwhile, as after sleep: what only reads is asked again, as by Go.
      const isRead = request.verb === 'get' || request.verb === 'list';
      if (signal.aborted || !isRead || !wasCut(error)) throw error;
      return sendOnce(request, signal, limit);
    });
    if (answer.httpStatusCode !== 401 || !config.login.renew(user)) return answer;
    limit?.stop();
    // What it says goes unread: it may have no end.
    await answer.body.stream()?.cancel();
    return (await sendOnce(request, signal, limit)).answer;
  };
}

function certificateOf({ certData, keyData }: User): string {
  return JSON.stringify([certData, keyData]);
}

async function authenticate(config: ClientConfig, context: RequestContext): Promise<User> {
  const user = await config.logIn(context).catch((cause: unknown) => {
    throw loginFailure(cause, userName(config));
  });
  if (isHeaderValue(context.getHeaders()['Authorization'] ?? '')) return user;
  const message = `The token of user "${userName(config)}" of the kubeconfig has characters that no token has. Log in to the cluster again.`;
  throw new ClusterError({ reason: 'login-failed', message });
}

function userName(config: ClientConfig): string {
  return config.getContextObject(config.currentContext)?.user ?? '';
}

/** To be asked first: `fetch` quotes the value that it refuses. */
function isHeaderValue(text: string): boolean {
  return /^[\t\x20-\x7e]*$/.test(text.trim());
}

function loginFailure(cause: unknown, user: string): ClusterError {
  if (ClusterError.is(cause)) return cause;
  const message = cause instanceof Error ? cause.message.trim() : String(cause);
  return new ClusterError({
    reason: 'login-failed',
    message: `Cannot get credentials for user "${user}" of the kubeconfig: ${ended(message)} Log in to the cluster again, or switch context.`,
  });
}

/** For work that takes no signal: stops waiting, though the work itself goes on. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
