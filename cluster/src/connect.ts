import { setTimeout as delay } from 'node:timers/promises';
import type { ResponseContext } from '@kubernetes/client-node';
import { parseJson } from '#core/json-value.ts';
import { largestAnswerBytes, readAnswer, readRefusal } from './answer-text.ts';
import { ClusterError } from './errors.ts';
import { httpFailure } from './http-failure.ts';
import { loadKubeconfig } from './kubeconfig.ts';
import { networkFailure } from './network-failure.ts';
import { type ApiRequest, changesObject, describe } from './request.ts';
import { type Limit, makeSender } from './sender.ts';
import type { ContextView } from './view.ts';

export interface ConnectOptions {
  /** As `OpenClusterOptions.kubeconfigPaths`. */
  readonly kubeconfigPaths?: readonly string[] | undefined;
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
  readonly allowExec: boolean;
  /** As `OpenClusterOptions.mayWait`. */
  readonly mayWait?: boolean | undefined;
  /** For one answer, watches excepted. Absent: 30 s. */
  readonly requestTimeoutMs?: number;
  /** Of one answer, streams excepted, as it is unpacked. Absent: `largestAnswerBytes`. */
  readonly mostAnswerBytes?: number;
  /** Told of each answer, those that are tried again included; without a code where none came. */
  readonly onAnswer?: (request: ApiRequest, code: number | undefined) => void;
  /** Told what a login program says while it runs. */
  readonly log?: (line: string) => void;
}

/** One context of a kubeconfig, ready for requests. All failures are `ClusterError`s. */
export interface Connection {
  readonly context: string;
  /** Where objects go that name no namespace. */
  readonly namespace: string;
  readonly server: string;
  readonly contexts: readonly ContextView[];
  /** The answer's JSON. */
  json(request: ApiRequest): Promise<unknown>;
  text(request: ApiRequest): Promise<string>;
  /** Resolves with the head of the answer; the body goes on until `request.signal` or the server ends it. */
  stream(request: ApiRequest): Promise<ReadableStream<Uint8Array>>;
  /** Ends whatever is under way. */
  close(): void;
}

/**
 * Reads files, sends nothing. Uses client-node for kubeconfig, credentials and HTTP, but not its API classes: those
 * make a new TLS connection per call, drop the body of a failed watch, and cannot be canceled.
 */
export function connect(options: ConnectOptions): Connection {
  const closed = new AbortController();
  const config = loadKubeconfig({
    paths: options.kubeconfigPaths,
    context: options.context,
    allowExec: options.allowExec,
    mayWait: options.mayWait,
    env: process.env,
    log: options.log,
    signal: closed.signal,
  });
  const context = config.getContextObject(config.currentContext);
  const { server, proxyUrl } = config.cluster;
  const timeoutMs = options.requestTimeoutMs ?? 30_000;
  const mostAnswerBytes = options.mostAnswerBytes ?? largestAnswerBytes;
  const sender = makeSender(config);

  /** A stream may be long in coming; what is said in place of one may not. */
  async function send(request: ApiRequest, limit: TimeLimit, isStream: boolean): Promise<ResponseContext> {
    const signal = AbortSignal.any([request.signal, closed.signal, limit.signal]);
    for (let attempt = 1; ; attempt++) {
      const answer = await counted(
        sender(request, signal, isStream ? undefined : limit),
        request,
        options.onAnswer,
      );
      if (answer.httpStatusCode >= 200 && answer.httpStatusCode < 300) return answer;
      if (isStream) limit.start();
      const body = await readRefusal(answer);
      const waitMs = retryAfterMs(answer);
      if (waitMs === undefined || attempt > 3) {
        throw new ClusterError(httpFailure(request, answer.httpStatusCode, body));
      }
      limit.stop();
      await delay(waitMs, undefined, { signal });
    }
  }

  /** Only as long as the head, or all of the answer, takes. */
  async function limited<T>(request: ApiRequest, ask: (limit: TimeLimit) => Promise<T>): Promise<T> {
    const limit = limitTime(timeoutMs);
    try {
      return await ask(limit);
    } catch (error) {
      const timedOutMs = limit.signal.aborted ? timeoutMs : undefined;
      throw toError(error, { request, server, proxyUrl, timedOutMs, isClosed: closed.signal.aborted });
    } finally {
      limit.stop();
    }
  }

  const text = (request: ApiRequest): Promise<string> =>
    limited(request, async (limit) =>
      readAnswer(await send(request, limit, false), request, mostAnswerBytes),
    );

  return {
    context: config.currentContext,
    namespace: options.namespace ?? context?.namespace ?? 'default',
    server,
    contexts: config.contexts.map(({ name, cluster, user, namespace }) =>
      namespace === undefined ? { name, cluster, user } : { name, cluster, user, namespace },
    ),
    text,
    json: async (request) => {
      const value = parseJson(await text(request));
      if (value !== undefined) return value;
      const message = `Cannot ${describe(request)}: ${server} does not answer as an API server does. Check that the kubeconfig names one, and that no proxy answers in its place.`;
      throw new ClusterError({ reason: 'server-error', message });
    },
    stream: (request) =>
      limited(request, async (limit) => {
        const body = (await send(request, limit, true)).body.stream();
        if (body === null) throw new Error('The answer has no body.');
        return body;
      }),
    close: () => closed.abort(),
  };
}

/** What asks for another attempt, as client-go sees it: 429, and a fault of the server that says when. */
function retryAfterMs({ httpStatusCode, headers }: ResponseContext): number | undefined {
  const { 'retry-after': after } = headers;
  const mayRetry = httpStatusCode === 429 || (httpStatusCode >= 500 && after !== undefined);
  // Below zero is at once, as for client-go.
  const waitMs = Math.max(0, Number(after ?? '1') * 1000);
  return mayRetry && waitMs <= 10_000 ? waitMs : undefined;
}

async function counted(
  answer: Promise<ResponseContext>,
  request: ApiRequest,
  onAnswer: ConnectOptions['onAnswer'],
): Promise<ResponseContext> {
  try {
    const { httpStatusCode } = await answer;
    onAnswer?.(request, httpStatusCode);
  } catch {
    // The caller sees the same failure.
    onAnswer?.(request, undefined);
  }
  return answer;
}

interface TimeLimit extends Limit {
  readonly signal: AbortSignal;
}

/** Not AbortSignal.timeout, whose timer would keep request and answer for the whole time. */
function limitTime(timeoutMs: number): TimeLimit {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => clearTimeout(timer);
  return {
    signal: controller.signal,
    stop,
    start() {
      stop();
      timer = setTimeout(() => controller.abort(), timeoutMs);
    },
  };
}

interface Failed {
  readonly request: ApiRequest;
  readonly server: string;
  readonly proxyUrl: string | undefined;
  readonly timedOutMs?: number | undefined;
  readonly isClosed: boolean;
}

function toError(error: unknown, { request, server, proxyUrl, timedOutMs, isClosed }: Failed): ClusterError {
  if (ClusterError.is(error)) return error;
  if (request.signal.aborted || isClosed) {
    // What has been sent cannot be called back.
    const doubt = changesObject(request)
      ? ' The cluster may have done it all the same: look at it there.'
      : '';
    return new ClusterError(
      { reason: 'canceled', message: `Canceled: ${describe(request)}.${doubt}` },
      error,
    );
  }
  if (timedOutMs !== undefined) {
    const message = `Cannot reach the cluster at ${server}: no answer within ${timedOutMs / 1000} s. Check that it runs and that the kubeconfig names it.`;
    return new ClusterError({ reason: 'unreachable', message }, error);
  }
  return new ClusterError(networkFailure(error, server, proxyUrl), error);
}
