import type { Connection } from '#cluster/connect.ts';
import { ClusterError, toFailure } from '#cluster/errors.ts';
import { findKind, kinds, type ResourceKind } from '#cluster/kinds.ts';
import type { ConnectionState } from '#cluster/view.ts';
import { healthPort } from '#core/manifest/names.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { shorten } from '#core/shorten.ts';
import { askPod } from './ask-pod.ts';
import { cachedWorld } from './cached-world.ts';
import { clusterWorld } from './cluster-world.ts';
import { Contests } from './contests.ts';
import { EventRecorder, eventStore } from './event-recorder.ts';
import { fencedWorld } from './fenced-world.ts';
import { namespaceOf } from './known-routers.ts';
import type { Clock, Term } from './leader-election.ts';
import type { OperatorMetrics } from './metrics.ts';
import { ObjectCache } from './object-cache.ts';
import type { OperatorOptions } from './options.ts';
import { PodProbe } from './pod-probe.ts';
import { WorkQueue } from './queue.ts';
import { reconcile } from './reconcile.ts';
import { watchSources } from './sources.ts';
import { StandAside } from './stand-aside.ts';
import { conditionsOf } from './stored-conditions.ts';
import { toldWorld } from './told-world.ts';

export interface WorkContext {
  readonly connection: Connection;
  readonly options: OperatorOptions & { readonly image: string };
  readonly metrics: OperatorMetrics;
  readonly identity: string;
  readonly clock: Clock;
  /** RFC 3339, to the second. */
  readonly now: () => string;
  readonly log: (message: string) => void;
}

/** What a leader does during one term. */
export interface Work {
  /** Says why not, or nothing where it does its work. */
  notReady(): string | undefined;
  queued(): number;
  /** How many routers have each condition with status True. */
  routers(): ReadonlyMap<string, number>;
  /** Ends it, whatever it is doing. */
  close(): Promise<void>;
}

export function startWork(context: WorkContext, term: Term): Work {
  const { connection, options, metrics, identity, clock, now, log } = context;
  const { monotonicMs } = clock;
  const cache = new ObjectCache();
  const { podAccess } = options;
  const probe = new PodProbe({
    ask:
      podAccess === undefined
        ? undefined
        : (host, signal) => askPod({ host, port: healthPort }, podAccess, signal),
    onNews: (key) => queue.add(key),
    clock,
    signal: term.signal,
  });
  const direct = clusterWorld(connection, {
    onWritten: (object) => {
      const kind = findKind(object.apiVersion, object.kind);
      if (kind !== undefined) cache.wrote(kind, object);
    },
    probe,
  });
  const recorder = new EventRecorder({
    store: eventStore(connection),
    instance: identity,
    now,
    monotonicMs,
    onResult: (result) => metrics.event(result),
    signal: term.signal,
  });
  const fenced = fencedWorld(direct, term.isHeld);
  const told = toldWorld(fenced, (subject, transition) => recorder.record(subject, transition));
  const standAside = new StandAside({
    world: direct,
    maxAgeMs: 10_000,
    now: monotonicMs,
    onChange: (isPresent) =>
      log(
        isPresent
          ? 'standing aside: the Cluster Network Operator is present (ClusterOperator network) and acts on EgressRouters'
          : 'acting on EgressRouters: there is no Cluster Network Operator',
      ),
  });
  const contests = new Contests(monotonicMs);
  const queue = new WorkQueue({
    work: async (key, signal) => {
      if (await standAside.isNeeded(signal)) return { againInMs: 30_000 };
      const startedMs = monotonicMs();
      const count = (result: 'success' | 'error'): void =>
        metrics.reconciled(result, (monotonicMs() - startedMs) / 1000);
      try {
        const again = await reconcile(
          keyFrom(key),
          cachedWorld(told, cache),
          { image: options.image, now, contests },
          signal,
        );
        count('success');
        return again;
      } catch (error) {
        // Each object of it that goes would be an error to tell of, and soon the router is gone, too.
        if (ClusterError.is(error, 'terminating')) return { againInMs: 30_000 };
        if (!signal.aborted) count('error');
        throw error;
      }
    },
    groupOf: namespaceOf,
    onError: (key, error, retryInMs) =>
      log(`${key}: ${shorten(toFailure(error).message, 4_096)} (next attempt in ${retryInMs / 1000} s)`),
    concurrency: 8,
    minDelayMs: 200,
    maxDelayMs: 60_000,
    timer: clock,
  });
  let routers: ConnectionState = { kind: 'connecting' };
  const sources = watchSources({
    connection,
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    onEvent: (kind, event) => cache.take(kind, event),
    onKey: (key) => queue.add(key),
    onStatus: (key) => queue.remind(key),
    onState: (kind, state) => {
      if (kind === kinds.egressRouter) routers = state;
      log(sentenceOf(kind, state));
    },
  });
  return {
    notReady: () => (routers.kind === 'live' ? undefined : sentenceOf(kinds.egressRouter, routers)),
    queued: () => queue.depth,
    routers: () => countConditions(cache.list(kinds.egressRouter) ?? []),
    close: async () => {
      sources.close();
      await queue.close();
    },
  };
}

function countConditions(routers: readonly KubernetesObject[]): ReadonlyMap<string, number> {
  const counts = new Map([
    ['Available', 0],
    ['Progressing', 0],
    ['Degraded', 0],
  ]);
  for (const { type, status } of routers.flatMap(conditionsOf)) {
    if (status === 'True') counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}

function sentenceOf(kind: ResourceKind, state: ConnectionState): string {
  switch (state.kind) {
    case 'connecting':
      return `connecting to watch ${kind.plural}`;
    case 'live':
      return `watching ${kind.plural}`;
    case 'unreachable':
      return state.reason === 'crd-missing'
        ? `waiting for ${kind.plural} to be installed: ${state.message}`
        : `cannot watch ${kind.plural}: ${state.message}`;
  }
}

function keyFrom(key: string): { readonly namespace: string; readonly name: string } {
  const namespace = namespaceOf(key);
  return { namespace, name: key.slice(namespace.length + 1) };
}
