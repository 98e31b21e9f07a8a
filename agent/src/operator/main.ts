import type { Server } from 'node:http';
import { connect } from '#cluster/connect.ts';
import { toFailure } from '#cluster/errors.ts';
import { kinds, type ResourceKind } from '#cluster/kinds.ts';
import type { ConnectionState } from '#cluster/view.ts';
import { clusterWorld } from './cluster-world.ts';
import { serveHealth } from './health-server.ts';
import { namespaceOf } from './known-routers.ts';
import { type OperatorOptions, parseOptions, usage } from './options.ts';
import { WorkQueue } from './queue.ts';
import { reconcile } from './reconcile.ts';
import { watchSources } from './sources.ts';
import { StandAside } from './stand-aside.ts';

const reading = parseOptions(process.argv.slice(2), process.env);
switch (reading.kind) {
  case 'help':
    console.log(usage);
    break;
  case 'wrong':
    console.error(`${reading.message}\n\n${usage}`);
    process.exitCode = 2;
    break;
  case 'run':
    await run(reading.options).catch((error: unknown) => {
      log(toFailure(error).message);
      process.exit(1);
    });
}

async function run(options: OperatorOptions): Promise<void> {
  const stopped = untilSignalled();
  const connection = connect({
    kubeconfigPaths: options.kubeconfig === undefined ? undefined : [options.kubeconfig],
    allowExec: true,
  });
  log(`working on ${connection.server}, ${options.namespace ?? 'all namespaces'}, image ${options.image}`);
  const world = clusterWorld(connection);
  const standAside = new StandAside({
    world,
    maxAgeMs: 10_000,
    now: Date.now,
    onChange: (isPresent) =>
      log(
        isPresent
          ? 'standing aside: the Cluster Network Operator is present (ClusterOperator network) and acts on EgressRouters'
          : 'acting on EgressRouters: there is no Cluster Network Operator',
      ),
  });
  const queue = new WorkQueue({
    work: async (key, signal) => {
      if (await standAside.isNeeded(signal)) return { againInMs: 30_000 };
      return reconcile(keyFrom(key), world, { image: options.image, now }, signal);
    },
    groupOf: namespaceOf,
    onError: (key, error, retryInMs) =>
      log(`${key}: ${toFailure(error).message} (next attempt in ${retryInMs / 1000} s)`),
    concurrency: 8,
    minDelayMs: 200,
    maxDelayMs: 60_000,
    timer: {
      after: (delayMs, go) => {
        const timer = setTimeout(go, delayMs);
        return () => clearTimeout(timer);
      },
    },
  });
  let routers: ConnectionState = { kind: 'connecting' };
  const sources = watchSources({
    connection,
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    onKey: (key) => queue.add(key),
    onState: (kind, state) => {
      if (kind === kinds.egressRouter) routers = state;
      log(sentenceOf(kind, state));
    },
  });
  const health = await serveHealthAt(options.healthPort, () =>
    routers.kind === 'live' ? undefined : sentenceOf(kinds.egressRouter, routers),
  );
  log(`${await stopped}: stopping`);
  sources.close();
  await queue.close();
  connection.close();
  health?.close();
  health?.closeAllConnections();
  log('stopped');
}

async function serveHealthAt(
  port: number | undefined,
  notReady: () => string | undefined,
): Promise<Server | undefined> {
  if (port === undefined) return undefined;
  const server = await serveHealth(port, notReady);
  const address = server.address();
  log(`health on port ${typeof address === 'object' ? (address?.port ?? port) : port}`);
  return server;
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

function untilSignalled(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}

/** Kubernetes writes whole seconds. */
function now(): string {
  return new Date().toISOString().replace(/\.[0-9]+Z$/, 'Z');
}

function log(message: string): void {
  console.error(`${new Date().toISOString()} ${message}`);
}
