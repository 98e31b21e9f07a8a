import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { hostname } from 'node:os';
import { connect } from '#cluster/connect.ts';
import { toFailure } from '#cluster/errors.ts';
import { operatorLeaseName, operatorNamespace } from '#core/manifest/names.ts';
import { type Health, serveHealth } from './health-server.ts';
import { type ElectionState, lead, type Term } from './leader-election.ts';
import { leaseStore } from './lease.ts';
import { OperatorMetrics } from './metrics.ts';
import { type OperatorOptions, parseOptions, usage } from './options.ts';
import { readOwnImage } from './own-image.ts';
import { systemClock } from './system-clock.ts';
import { beThrifty } from './thrift.ts';
import { hasTraces } from './traces.ts';
import { startWork, type Work } from './work.ts';

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
  beThrifty();
  const stopping = new AbortController();
  const metrics = new OperatorMetrics();
  const clock = systemClock();
  const connection = connect({
    kubeconfigPaths: options.kubeconfig === undefined ? undefined : [options.kubeconfig],
    allowExec: true,
    onAnswer: ({ verb }, code) => metrics.answered(verb, code),
  });
  const identity = `${hostname()}_${randomBytes(8).toString('hex')}`;
  const where = options.namespace ?? 'all namespaces';
  const image =
    options.image ?? (await readOwnImage(connection, await ownPod(), AbortSignal.timeout(30_000)));
  log(`working on ${connection.server}, ${where}, image ${image}, as ${identity}`);
  let work: Work | undefined;
  let waitingFor: string | undefined = 'not the leader yet';
  const health = await serveHealthAt(options.healthPort, {
    notReady: () => (work === undefined ? waitingFor : work.notReady()),
    metrics: () =>
      metrics.toText({
        isLeader: work !== undefined,
        queued: work?.queued() ?? 0,
        routers: work?.routers() ?? new Map(),
      }),
  });
  void untilSignalled().then((signal) => {
    log(`${signal}: stopping`);
    stopping.abort();
  });
  const serve = async (term: Term): Promise<void> => {
    const current = startWork(
      { connection, options: { ...options, image }, metrics, identity, clock, now, log },
      term,
    );
    work = current;
    await untilAborted(term.signal);
    work = undefined;
    await current.close();
  };
  if (options.election === undefined) {
    await serve({ signal: stopping.signal, isHeld: () => !stopping.signal.aborted });
  } else {
    const { namespace = await ownNamespace(), durationMs } = options.election;
    const leases = leaseStore(connection, { namespace, name: operatorLeaseName });
    const told = onceEach((state: ElectionState) => log(sentenceOf(state, namespace)));
    const onChange = (state: ElectionState): void => {
      // Whoever waits for its turn is ready to take it.
      const isInTurn = state.kind === 'waiting' || state.kind === 'settling';
      waitingFor = isInTurn ? undefined : sentenceOf(state, namespace);
      told(state);
    };
    const seesTraces = (signal: AbortSignal) => hasTraces(connection, options.namespace, signal);
    const election = { leases, identity, durationMs, clock, hasTraces: seesTraces, onChange };
    await lead(election, serve, stopping.signal);
  }
  connection.close();
  health?.close();
  health?.closeAllConnections();
  log('stopped');
  // A connection that is being made to a silent server would keep the process for another 10 s.
  process.exit(0);
}

async function serveHealthAt(port: number | undefined, health: Health): Promise<Server | undefined> {
  if (port === undefined) return undefined;
  const server = await serveHealth(port, health);
  const address = server.address();
  log(`health on port ${typeof address === 'object' ? (address?.port ?? port) : port}`);
  return server;
}

async function ownPod(): Promise<{ readonly namespace: string; readonly name: string }> {
  const { POD_NAMESPACE: namespace = await ownNamespace(), POD_NAME: name = hostname() } = process.env;
  return { namespace, name };
}

/** What a pod's service account says, where this is a pod. */
async function ownNamespace(): Promise<string> {
  const file = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trim() === '' ? operatorNamespace : text.trim();
}

function sentenceOf(state: ElectionState, namespace: string): string {
  const lease = `Lease ${namespace}/${operatorLeaseName}`;
  switch (state.kind) {
    case 'leading':
      return `leading: ${lease} is held`;
    case 'settling':
      return `waiting: ${lease} was not there and is held now. Whoever held it before may not know yet, so work begins in ${state.forMs / 1000} s`;
    case 'waiting':
      return state.holder === ''
        ? `waiting: ${lease} was taken away from whoever held it, who may not know yet`
        : `waiting: ${state.holder} holds ${lease}`;
    case 'failing':
      return `cannot take or renew ${lease}: ${toFailure(state.error).message}`;
    case 'lost':
      return `lost ${lease}, so all work has stopped. ${state.why}`;
  }
}

/** Passes on what differs from what was passed on last. */
function onceEach(tell: (state: ElectionState) => void): (state: ElectionState) => void {
  let last = '';
  return (state) => {
    const text = JSON.stringify(state.kind === 'failing' ? toFailure(state.error) : state);
    if (text === last) return;
    last = text;
    tell(state);
  };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
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
