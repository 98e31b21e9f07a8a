import { setTimeout as delay } from 'node:timers/promises';
import { at, numberAt, parseJson, textAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import type { Connection } from './connect.ts';
import { ClusterError } from './errors.ts';
import { httpFailure } from './http-failure.ts';
import type { ResourceKind } from './kinds.ts';
import { listPages, toObject } from './objects.ts';
import type { Pace } from './pace.ts';
import { type ApiRequest, describe } from './request.ts';
import { type StateReporter, stateReporter } from './state-reporter.ts';
import type { HeardSubscription } from './subscription.ts';
import type { ConnectionState } from './view.ts';

export type WatchEvent =
  /** Everything there is now: what was known before and is not in it is gone. */
  | {
      readonly kind: 'listed';
      readonly objects: readonly KubernetesObject[];
      /** That of the list. */
      readonly resourceVersion?: string;
    }
  | { readonly kind: 'put'; readonly object: KubernetesObject }
  | { readonly kind: 'removed'; readonly object: KubernetesObject }
  | { readonly kind: 'state'; readonly state: ConnectionState };

export interface WatchOptions {
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly onEvent: (event: WatchEvent) => void;
  /** What is kept of each object, as it comes; an object of which nothing is kept is as good as gone. */
  readonly keep?: ((object: KubernetesObject) => KubernetesObject | undefined) | undefined;
  /** As `ListOptions.pageSize`. */
  readonly pageSize?: number | undefined;
  /** Each page of a list as it comes, before all of it is `listed`. */
  readonly onPage?: ((objects: readonly KubernetesObject[]) => void) | undefined;
  /** Absent: events and lists are read as fast as they come. */
  readonly pace?: Pace | undefined;
  /** A connection silent for so long is renewed, which nobody sees. Absent: 90 s; bookmarks come each minute. */
  readonly idleTimeoutMs?: number;
  /** The pause between attempts is four times this after the second failure, and then twice the last one. Absent: 250 ms. */
  readonly backOffMs?: number;
  /** The longest pause between two attempts. Absent: 30 s. */
  readonly maxBackOffMs?: number;
  /** A live watch that breaks is shown as lost when it is not back within this time. Absent: 3 s. */
  readonly graceMs?: number;
}

export interface ObjectWatch extends HeardSubscription {
  /** Ends the connection that there is, or the pause before the next one, and goes on where it was, at once. */
  renew(): void;
}

/**
 * List, then watch, for as long as the subscription is open, whatever happens in between: a watch that ends or
 * breaks goes on where it was, one that cannot (410) lists again, and failing attempts are spaced out.
 * The first break of a live watch is not a state to show; a second one in a row is.
 */
export function watchObjects(connection: Connection, kind: ResourceKind, options: WatchOptions): ObjectWatch {
  const closing = new AbortController();
  let renewing = new AbortController();
  const emit = (event: WatchEvent): void => {
    if (!closing.signal.aborted) options.onEvent(event);
  };
  const states = stateReporter((state) => emit({ kind: 'state', state }), options.graceMs ?? 3000);
  const signal = closing.signal;
  void supervise({ connection, kind, options, signal, renewal: () => renewing.signal, emit, states });
  return {
    close: () => closing.abort(),
    heardAt: () => states.heardAt(),
    renew: () => {
      renewing.abort();
      renewing = new AbortController();
    },
  };
}

interface Watching {
  readonly connection: Connection;
  readonly kind: ResourceKind;
  readonly options: WatchOptions;
  readonly signal: AbortSignal;
  /** Of the renewal that is next to come. */
  readonly renewal: () => AbortSignal;
  readonly emit: (event: WatchEvent) => void;
  readonly states: StateReporter;
}

async function supervise(watching: Watching): Promise<void> {
  const { signal, renewal, states } = watching;
  let version: string | undefined;
  let failures = 0;
  while (!signal.aborted) {
    const startedAt = performance.now();
    const renewed = renewal();
    let seen = 0;
    try {
      version ??= await list(watching, AbortSignal.any([signal, renewed]));
      await follow(watching, version, renewed, (next) => {
        version = next;
        seen++;
      });
      // An end without any event, right after the start, must not become a tight loop.
      failures = seen === 0 && !renewed.aborted && performance.now() - startedAt < 1000 ? failures + 1 : 0;
    } catch (error) {
      if (signal.aborted) return;
      if (renewed.aborted) failures = 0;
      // Canceled by whom else, if not by us: the connection has been closed.
      else if (ClusterError.is(error, 'canceled')) return;
      else if (ClusterError.is(error, 'expired')) {
        version = undefined;
        failures = seen > 0 ? 1 : failures + 1;
      } else {
        failures = seen > 0 ? 1 : failures + 1;
        states.failed(error, failures);
      }
    }
    if (failures > 1 && (await pause(failures, watching)) === 'renewed') {
      failures = 0;
    }
  }
}

/** On its own, as whoever waits for the watch would hold on to all that was listed. @returns where the watch goes on */
async function list(watching: Watching, signal: AbortSignal): Promise<string> {
  const { emit, states } = watching;
  const all = await readAll(watching, signal);
  emit({ kind: 'listed', ...all });
  states.live();
  return all.resourceVersion;
}

async function readAll(
  { connection, kind, options }: Watching,
  signal: AbortSignal,
): Promise<{ readonly objects: readonly KubernetesObject[]; readonly resourceVersion: string }> {
  const objects: KubernetesObject[] = [];
  let resourceVersion = '';
  for await (const page of listPages(connection, kind, { ...options, signal })) {
    objects.push(...page.objects);
    resourceVersion = page.resourceVersion;
    if (!signal.aborted) options.onPage?.(page.objects);
  }
  return { objects, resourceVersion };
}

/** Resolves when the server, silence or a renewal ends the watch; `onVersion` is called after each event. */
async function follow(
  { connection, kind, options, signal, emit, states }: Watching,
  from: string,
  renewed: AbortSignal,
  onVersion: (version: string) => void,
): Promise<void> {
  const ending = new AbortController();
  const query = {
    resourceVersion: from,
    allowWatchBookmarks: 'true',
    // Spread, so that not all watches of all users are renewed at once.
    timeoutSeconds: String(290 + Math.floor(Math.random() * 290)),
    ...(options.labelSelector === undefined ? {} : { labelSelector: options.labelSelector }),
    ...(options.fieldSelector === undefined ? {} : { fieldSelector: options.fieldSelector }),
  };
  const request: ApiRequest = {
    verb: 'watch',
    kind,
    namespace: options.namespace,
    query,
    signal: AbortSignal.any([signal, renewed, ending.signal]),
  };
  const idleTimeoutMs = options.idleTimeoutMs ?? 90_000;
  let isOpen = false;
  const onOpen = (): void => {
    isOpen = true;
    states.live();
  };
  let idle = setTimeout(() => ending.abort(), idleTimeoutMs);
  try {
    for await (const line of lines(await connection.stream(request), request, onOpen)) {
      states.heard();
      clearTimeout(idle);
      idle = setTimeout(() => ending.abort(), idleTimeoutMs);
      await options.pace?.turn();
      const version = deliver(line, request, options.keep, emit);
      if (version !== undefined) onVersion(version);
    }
  } catch (error) {
    // Silence ends an open watch without harm; one that does not even open is cut off.
    if (!isOpen || !(ending.signal.aborted || renewed.aborted) || signal.aborted) {
      throw ending.signal.aborted ? noAnswer(connection.server) : toWatchError(error, connection.server);
    }
  } finally {
    clearTimeout(idle);
    // Whatever ends an open watch was there until then; only silence has begun before.
    if (isOpen && !ending.signal.aborted && !renewed.aborted) states.heard();
    ending.abort();
  }
}

function deliver(
  line: string,
  request: ApiRequest,
  keep: WatchOptions['keep'],
  emit: (event: WatchEvent) => void,
): string | undefined {
  const event = parseJson(line);
  const value = at(event, 'object');
  const type = textAt(event, 'type');
  if (type === 'ERROR') {
    throw new ClusterError(httpFailure(request, numberAt(value, 'code') ?? 500, JSON.stringify(value)));
  }
  if (type === 'ADDED' || type === 'MODIFIED') {
    const object = toObject(value, request.kind);
    const kept = keep === undefined ? object : keep(object);
    emit(kept === undefined ? { kind: 'removed', object } : { kind: 'put', object: kept });
  }
  if (type === 'DELETED') emit({ kind: 'removed', object: toObject(value, request.kind) });
  return textAt(value, 'metadata', 'resourceVersion');
}

/**
 * UTF-16 code units of one event: what etcd keeps of an object is a third of it. As much is held for each watch of a
 * server that never ends its lines, in pieces that the system is slow to get back.
 */
const longestLine = 4 * 2 ** 20;

async function* lines(
  body: ReadableStream<Uint8Array>,
  request: ApiRequest,
  onOpen: () => void,
): AsyncGenerator<string> {
  onOpen();
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    // Only what is new is looked through.
    const [first = '', ...more] = decoder.decode(chunk, { stream: true }).split('\n');
    const parts = [rest + first, ...more];
    rest = parts.pop() ?? '';
    for (const part of parts) if (part !== '') yield part;
    if (rest.length > longestLine) throw tooLong(request);
  }
}

function tooLong(request: ApiRequest): ClusterError {
  const message = `Cannot ${describe(request)}: one event is larger than ${longestLine / 2 ** 20} MiB. Check that the kubeconfig names a Kubernetes cluster, and that no proxy answers in its place. It is tried again and again.`;
  return new ClusterError({ reason: 'server-error', message });
}

function noAnswer(server: string): ClusterError {
  const message = `Cannot reach the cluster at ${server}: it does not answer. It is tried again and again.`;
  return new ClusterError({ reason: 'unreachable', message });
}

/** A body that breaks off throws what `fetch` throws, not what the connection has mapped. */
function toWatchError(error: unknown, server: string): ClusterError {
  if (ClusterError.is(error)) return error;
  const message = `The cluster at ${server} cut the connection. It is tried again and again.`;
  return new ClusterError({ reason: 'unreachable', message }, error);
}

async function pause(failures: number, { options, signal, renewal }: Watching): Promise<'over' | 'renewed'> {
  const { backOffMs = 250, maxBackOffMs = 30_000 } = options;
  const fullMs = Math.min(maxBackOffMs, backOffMs * 2 ** Math.min(failures, 10));
  const renewed = renewal();
  try {
    await delay(fullMs * (0.5 + Math.random() / 2), undefined, {
      signal: AbortSignal.any([signal, renewed]),
    });
    return 'over';
  } catch {
    // Aborted: the loop looks at the signal.
    return renewed.aborted ? 'renewed' : 'over';
  }
}
