import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import type { Connection } from '#cluster/connect.ts';
import { ClusterError } from '#cluster/errors.ts';
import { kinds, type ResourceKind } from '#cluster/kinds.ts';
import { createObject, deleteObject, findObject, getObject } from '#cluster/objects.ts';
import { at, textAt } from '#core/json-value.ts';
import type { KubernetesObject } from '#core/manifest/object.ts';
import { signal, until, type World } from './operations-world.ts';

const root = path.join(import.meta.dirname, '../..');
const namespace = 'egress-router-tools';
const name = 'egress-router-operator';
const rbac = 'rbac.authorization.k8s.io/v1';
const manifestKinds: Readonly<Record<string, ResourceKind>> = {
  Namespace: kinds.namespace,
  ServiceAccount: { apiVersion: 'v1', kind: 'ServiceAccount', plural: 'serviceaccounts', namespaced: true },
  Role: { apiVersion: rbac, kind: 'Role', plural: 'roles', namespaced: true },
  RoleBinding: { apiVersion: rbac, kind: 'RoleBinding', plural: 'rolebindings', namespaced: true },
  ClusterRole: { apiVersion: rbac, kind: 'ClusterRole', plural: 'clusterroles', namespaced: false },
  ClusterRoleBinding: {
    apiVersion: rbac,
    kind: 'ClusterRoleBinding',
    plural: 'clusterrolebindings',
    namespaced: false,
  },
  Deployment: kinds.deployment,
  DaemonSet: { apiVersion: 'apps/v1', kind: 'DaemonSet', plural: 'daemonsets', namespaced: true },
};

/** Applies manifests as they are shipped; what is there already stays. */
export async function install(connection: Connection, ...files: readonly string[]): Promise<void> {
  for (const file of files) {
    const text = await readFile(path.join(root, 'agent/deploy/manifests', file), 'utf8');
    for (const document of parseAllDocuments(text)) {
      const object: KubernetesObject = document.toJS();
      const kind = manifestKinds[object.kind];
      if (kind === undefined) throw new Error(`${file} holds a ${object.kind}`);
      const place = kind.namespaced ? { namespace, signal } : { signal };
      await createObject(connection, kind, object, place).catch((error: unknown) => {
        if (!ClusterError.is(error, 'already-exists')) throw error;
      });
    }
  }
}

/** A kubeconfig with a token of the service account that the shipped manifests make. */
export async function operatorKubeconfig(world: World): Promise<string> {
  const token = await operatorToken(world);
  return world.kubeconfig(({ users }) => {
    for (const entry of users) entry.user = { token };
  });
}

/** The same for an operator that reaches the API server by way of a proxy. */
export async function kubeconfigBehind(world: World, url: string): Promise<string> {
  const direct = await operatorKubeconfig(world);
  const token = textAt(parse(await readFile(direct, 'utf8')), 'users', 0, 'user', 'token');
  return world.kubeconfig(({ clusters, users }) => {
    for (const { cluster } of clusters) {
      delete cluster['certificate-authority-data'];
      cluster['server'] = url;
    }
    for (const entry of users) entry.user = { token };
  });
}

export async function operatorToken(world: World): Promise<string> {
  await install(world.connection, 'namespace.yaml', 'rbac.yaml');
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: { name }, spec: {} };
  const kind = manifestKinds['ServiceAccount'] ?? kinds.pod;
  const answer = await world.connection.json({
    verb: 'create',
    kind,
    namespace,
    name,
    subresource: 'token',
    body,
    signal,
  });
  return textAt(answer, 'status', 'token') ?? '';
}

/** After it no token of the account is worth anything. */
export async function makeAccountAnew({ connection }: World): Promise<void> {
  const kind = manifestKinds['ServiceAccount'] ?? kinds.pod;
  await deleteObject(connection, kind, { namespace, name }, { signal });
  await until(async () => (await findObject(connection, kind, { namespace, name }, signal)) === undefined);
  await install(connection, 'rbac.yaml');
}

export interface RunningOperator {
  readonly pid: number;
  readonly log: () => string;
  /** Ends it by SIGTERM and gives its exit code. */
  readonly stop: () => Promise<number | null>;
  readonly kill: () => void;
}

/** Starts the built operator with a clock that is set an hour forth and back again and again, as on no node. */
export function startWithJumpingClock(kubeconfig: string, ...args: readonly string[]): RunningOperator {
  const clock = `let shift = 0; const Real = Date;
setInterval(() => { shift = (Math.random() - 0.5) * 7_200_000; }, 200).unref();
globalThis.Date = class extends Real {
  constructor(...args) { if (args.length === 0) super(Real.now() + shift); else super(...args); }
  static now() { return Real.now() + shift; }
};`;
  const flags = ['--import', `data:text/javascript,${encodeURIComponent(clock)}`];
  return startProgram(['--kubeconfig', kubeconfig, '--image', image, ...args], {}, flags);
}

const image = 'registry.example/egress-router-agent:1';
const program = path.join(root, 'dist/agent/operator.mjs');

/** Starts the built operator. */
export function startOperator(kubeconfig: string, ...args: readonly string[]): RunningOperator {
  return startProgram(['--kubeconfig', kubeconfig, '--image', image, ...args], {});
}

/**
 * Starts the built operator as the image does.
 *
 * @param within a command that runs another one, as from a group of processes that has a limit
 */
export async function startAsInImage(
  kubeconfig: string,
  args: readonly string[],
  within: readonly string[] = [],
): Promise<RunningOperator> {
  const script = await readFile(path.join(root, 'agent/deploy/start-operator.sh'), 'utf8');
  const here = script
    .replace('/usr/bin/node', process.execPath)
    .replace('/usr/lib/egress-router/operator.mjs', program);
  const operator = ['--kubeconfig', kubeconfig, '--image', image, ...args];
  return follow([...within, 'sh', '-c', here, 'sh', ...operator], {});
}

/** Starts the built operator with nothing on its command line but what is given. */
export function startProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  nodeFlags: readonly string[] = [],
): RunningOperator {
  return follow([process.execPath, ...nodeFlags, program, ...args], env);
}

function follow(
  [command = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): RunningOperator {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    pid: child.pid ?? 0,
    log: () => log,
    stop: () => {
      child.kill('SIGTERM');
      return exited;
    },
    kill: () => child.kill('SIGKILL'),
  };
}

/** `Available=True PodReady` for each condition, in the order of the API. */
export async function conditionsOf(world: World, router: string): Promise<readonly string[]> {
  const live = await getObject(
    world.connection,
    kinds.egressRouter,
    { namespace: world.namespace, name: router },
    signal,
  );
  const conditions = at(live, 'status', 'conditions');
  if (!Array.isArray(conditions)) return [];
  return conditions.map((one) => `${textAt(one, 'type')}=${textAt(one, 'status')} ${textAt(one, 'reason')}`);
}

export async function degradedMessage(world: World, router: string): Promise<string | undefined> {
  const live = await getObject(
    world.connection,
    kinds.egressRouter,
    { namespace: world.namespace, name: router },
    signal,
  );
  const conditions = at(live, 'status', 'conditions');
  const degraded = Array.isArray(conditions)
    ? conditions.find((one) => textAt(one, 'type') === 'Degraded')
    : undefined;
  return textAt(degraded, 'message');
}

/** Waits for a condition, and says what was there in its place when it does not come. */
export async function hasCondition(world: World, router: string, wanted: string): Promise<void> {
  let last: readonly string[] = [];
  await until(async () => {
    last = await conditionsOf(world, router);
    return last.includes(wanted);
  }).catch(() => {
    throw new Error(`${router} did not come to have ${wanted}; it has ${last.join(', ') || 'no conditions'}`);
  });
}

export async function find(
  world: World,
  kind: ResourceKind,
  object: string,
): Promise<KubernetesObject | undefined> {
  return findObject(world.connection, kind, { namespace: world.namespace, name: object }, signal);
}
