import {
  IsomorphicFetchHttpLibrary,
  type KubeConfig,
  RequestContext,
  type ResponseContext,
} from '@kubernetes/client-node';
import { ClusterError, type Failure, isAbort } from './errors.ts';
import { type ApiRequest, methods, targetOf } from './request.ts';

/** Any answer is a result. Rejects when there is none, or no way to log in. */
export type Sender = (request: ApiRequest, signal: AbortSignal) => Promise<ResponseContext>;

type Dispatcher = NonNullable<ReturnType<RequestContext['getDispatcher']>>;

/** How long a pool of connections, and the client certificate in it, is used. */
const dispatcherAgeMs = 5 * 60_000;

export function makeSender(config: KubeConfig, server: string): Sender {
  const http = new IsomorphicFetchHttpLibrary();
  let pool: { readonly dispatcher: Dispatcher; readonly since: number } | undefined;
  return async (request, signal) => {
    signal.throwIfAborted();
    const context = new RequestContext(server + targetOf(request), methods[request.verb]);
    await untilAborted(authenticate(config, context), signal);
    // client-node makes a dispatcher, hence a TLS connection, for every request: keep one.
    const fresh = context.getDispatcher();
    if (pool === undefined || Date.now() - pool.since > dispatcherAgeMs) {
      pool = fresh === undefined ? undefined : { dispatcher: fresh, since: Date.now() };
    }
    if (pool !== undefined) context.setDispatcher(pool.dispatcher);
    context.setHeaderParam('Accept', 'application/json, */*');
    if (request.body !== undefined) {
      context.setHeaderParam('Content-Type', request.contentType ?? 'application/json');
      context.setBody(JSON.stringify(request.body));
    }
    context.setSignal(signal);
    try {
      const answer = await http.send(context).toPromise();
      if (answer.httpStatusCode === 401) pool = undefined;
      return answer;
    } catch (error) {
      if (!isAbort(error)) pool = undefined;
      throw error;
    }
  };
}

async function authenticate(config: KubeConfig, context: RequestContext): Promise<void> {
  const { name: user = '', exec, authProvider } = config.getCurrentUser() ?? {};
  try {
    await config.applySecurityAuthentication(context);
  } catch (cause) {
    throw new ClusterError(loginFailure(cause, user, Boolean(exec ?? authProvider)));
  }
  if (isHeaderValue(context.getHeaders()['Authorization'] ?? '')) return;
  const message = `The token of user "${user}" of the kubeconfig has characters that no token has. Log in to the cluster again.`;
  throw new ClusterError({ reason: 'login-failed', message });
}

/** To be asked first: `fetch` quotes the value that it refuses. */
function isHeaderValue(text: string): boolean {
  return /^[\t\x20-\x7e]*$/.test(text.trim());
}

function loginFailure(cause: unknown, user: string, hasProgram: boolean): Failure {
  // What a program printed in place of credentials may hold them, and these errors quote it.
  if (hasProgram && (cause instanceof SyntaxError || cause instanceof TypeError)) {
    const message = `The login program of user "${user}" of the kubeconfig did not answer with credentials. Run it by hand to see why, or switch context.`;
    return { reason: 'login-failed', message };
  }
  const message = cause instanceof Error ? cause.message.trim() : String(cause);
  const program = /^spawn (.*) E(NOENT|ACCES)/.exec(message)?.[1];
  if (program !== undefined) {
    return {
      reason: 'exec-missing',
      message: `User "${user}" of the kubeconfig logs in with the program "${program}", which cannot be started. Install it, or switch context.`,
    };
  }
  return {
    reason: 'login-failed',
    message: `Cannot get credentials for user "${user}" of the kubeconfig: ${ended(message)} Log in to the cluster again, or switch context.`,
  };
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
