import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Cluster, KubeConfig, type User } from '@kubernetes/client-node';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { ClusterError } from './errors.ts';
import { textAt } from './json.ts';
import { proxyFor } from './proxy.ts';

export interface KubeconfigOptions {
  readonly paths?: readonly string[] | undefined;
  readonly context?: string | undefined;
  /** False refuses users whose credentials come from running a program. */
  readonly allowExec: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The kubeconfig as kubectl sees it: given paths, else KUBECONFIG, else ~/.kube/config, else the service account
 * of the pod we run in. Of several files, the first to name something wins and missing ones are passed over.
 *
 * @throws ClusterError `no-kubeconfig`, `no-context`, `plugin-forbidden`
 */
export function loadKubeconfig(options: KubeconfigOptions): KubeConfig {
  const config = readAll(options);
  if (options.context !== undefined) config.setCurrentContext(options.context);
  const name = config.getCurrentContext();
  const context = config.contexts.find((candidate) => candidate.name === name);
  if (context === undefined) {
    throw new ClusterError({ reason: 'no-context', message: noContext(name, config) });
  }
  const cluster = config.clusters.find((candidate) => candidate.name === context.cluster);
  if (cluster === undefined) {
    throw new ClusterError({
      reason: 'no-context',
      message: `Context "${name}" names cluster "${context.cluster}", which the kubeconfig does not describe. Switch context, or log in to the cluster anew.`,
    });
  }
  const user = config.users.find((candidate) => candidate.name === context.user);
  if (user !== undefined && !options.allowExec) refusePlugins(user);
  const used = forRequests(cluster, options.env);
  const chosen = new Http1KubeConfig();
  chosen.loadFromOptions({
    clusters: config.clusters.map((candidate) => (candidate === cluster ? used : candidate)),
    // Without a user, client-node would not even pass on the cluster's certificate authority.
    users: user === undefined ? [...config.users, { name: context.user ?? '' }] : config.users,
    contexts: config.contexts.map((candidate) =>
      candidate === context ? { ...context, user: context.user ?? '' } : candidate,
    ),
    currentContext: name,
  });
  return chosen;
}

function readAll({ paths, env }: KubeconfigOptions): KubeConfig {
  const candidates = paths ?? defaultPaths(env);
  const present = candidates.filter((path) => existsSync(path));
  const [first, ...others] = present.map(readFile);
  if (first !== undefined) return others.reduce(mergeMissing, first);
  if (paths === undefined && env['KUBERNETES_SERVICE_HOST'] !== undefined) {
    const config = new KubeConfig();
    config.loadFromCluster();
    return config;
  }
  throw new ClusterError({
    reason: 'no-kubeconfig',
    message: `There is no kubeconfig at ${candidates.join(', ')}. Log in to a cluster, or set KUBECONFIG.`,
  });
}

function defaultPaths(env: KubeconfigOptions['env']): readonly string[] {
  const named = (env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  return named.length > 0 ? named : [join(env['HOME'] ?? homedir(), '.kube', 'config')];
}

function readFile(path: string): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromFile(path, { onInvalidEntry: 'filter' });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause);
    // Without the cause: below its first line a YAML error quotes the file, keys and tokens included.
    throw new ClusterError({
      reason: 'no-kubeconfig',
      message: `Cannot read the kubeconfig ${path}: ${why}. Correct the file, or log in to the cluster anew.`,
    });
  }
  return config;
}

function mergeMissing(into: KubeConfig, from: KubeConfig): KubeConfig {
  const merged = new KubeConfig();
  merged.loadFromOptions({
    clusters: union(into.clusters, from.clusters),
    users: union(into.users, from.users),
    contexts: union(into.contexts, from.contexts),
    currentContext: into.currentContext || from.currentContext,
  });
  return merged;
}

function union<T extends { readonly name: string }>(first: readonly T[], second: readonly T[]): readonly T[] {
  return [...first, ...second.filter(({ name }) => !first.some((entry) => entry.name === name))];
}

function refusePlugins(user: User): void {
  const provider: unknown = user.authProvider;
  if (!user.exec && (!provider || isTokenFile(provider))) return;
  throw new ClusterError({
    reason: 'plugin-forbidden',
    message:
      `User "${user.name}" of the kubeconfig logs in by running a program, which is not allowed here. ` +
      'Trust the workspace, or use a context with a token or a certificate.',
  });
}

/**
 * The provider that only reads a file, as pods do, and asks for nothing else: client-node runs `config.exec` of a
 * provider whatever the provider's name is.
 */
function isTokenFile(provider: unknown): boolean {
  const keys =
    isJsonObject(provider) && isJsonObject(provider['config']) ? Object.keys(provider['config']) : [];
  return textAt(provider, 'name') === 'tokenFile' && keys.length === 1 && keys[0] === 'tokenFile';
}

function forRequests(cluster: Cluster, env: KubeconfigOptions['env']): Cluster {
  refuseAddress(cluster);
  // client-node refuses plain HTTP (as `kubectl proxy` serves) unless told not to verify what is not there.
  const skipTLSVerify = cluster.skipTLSVerify || cluster.server.startsWith('http:');
  const proxyUrl = cluster.proxyUrl ?? proxyFor(cluster.server, env);
  return { ...cluster, skipTLSVerify, ...(proxyUrl === undefined ? {} : { proxyUrl }) };
}

/** Never with the address in the sentence: it may hold a password, which `fetch` would refuse, and quote. */
function refuseAddress({ name, server }: Cluster): void {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  const why =
    url === undefined || !/^https?:$/.test(url.protocol)
      ? 'a server address that is no https URL. Write it as https://HOST:PORT.'
      : url.username !== '' || url.password !== ''
        ? 'a server address with a user name in it. Take that out, and log in by the entry of the user.'
        : undefined;
  if (why === undefined) return;
  throw new ClusterError({ reason: 'no-context', message: `Cluster "${name}" of the kubeconfig has ${why}` });
}

function noContext(name: string | undefined, config: KubeConfig): string {
  const known = config.contexts.map((context) => context.name).join(', ');
  const choose = known === '' ? 'It has none: log in to a cluster.' : `It has: ${known}.`;
  return name === undefined || name === ''
    ? `The kubeconfig has no current context. ${choose}`
    : `The kubeconfig has no context "${name}". ${choose}`;
}

/**
 * HTTP/1.1 only. Over HTTP/2 a real API server answers a refused login with GOAWAY, which undici takes for the
 * end of every request on the connection, the refused one included (kube-apiserver 1.36, undici 8.12): an
 * expired login then reads as an unreachable cluster.
 */
class Http1KubeConfig extends KubeConfig {
  override createDispatcherOptions(
    ...parameters: Parameters<KubeConfig['createDispatcherOptions']>
  ): ReturnType<KubeConfig['createDispatcherOptions']> {
    const options = super.createDispatcherOptions(...parameters);
    const http1 = { allowH2: false };
    switch (options.type) {
      case 'agent':
        return { ...options, connect: { ...options.connect, ...http1 } };
      case 'proxy':
      case 'socks':
        return { ...options, requestTls: { ...options.requestTls, ...http1 } };
      case 'none':
        return options;
    }
  }
}
