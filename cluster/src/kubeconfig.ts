import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { textAt } from '#core/json-value.ts';
import { ClientConfig } from './client-config.ts';
import { ClusterError } from './errors.ts';
import { refuseCluster, refuseUser } from './kubeconfig-faults.ts';
import {
  type KubeconfigCluster,
  type KubeconfigFile,
  type KubeconfigUser,
  readKubeconfig,
} from './kubeconfig-file.ts';
import { makeLogin } from './login.ts';
import { proxyFor } from './proxy.ts';

export interface KubeconfigOptions {
  readonly paths?: readonly string[] | undefined;
  readonly context?: string | undefined;
  /** False refuses users whose credentials come from running a program. */
  readonly allowExec: boolean;
  /** As `OpenClusterOptions.mayWait`. */
  readonly mayWait?: boolean | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What a login program says. Absent: nobody is told. */
  readonly log?: ((line: string) => void) | undefined;
  /** Ends a login program that runs. Absent: nothing does. */
  readonly signal?: AbortSignal;
}

/**
 * The kubeconfig as kubectl sees it: given paths, else KUBECONFIG, else ~/.kube/config, else the service account
 * of the pod we run in. Of several files, the first to name something wins and missing ones are passed over.
 *
 * @throws ClusterError `no-kubeconfig`, `no-context`, `plugin-forbidden`, `login-failed`
 */
export function loadKubeconfig(options: KubeconfigOptions): ClientConfig {
  const config = readAll(options);
  const name = options.context ?? config.currentContext;
  const context = config.contexts.find((candidate) => candidate.name === name);
  if (context === undefined) {
    throw new ClusterError({ reason: 'no-context', message: noContext(name, config) });
  }
  const written = config.clusters.find((candidate) => candidate.name === context.cluster);
  if (written === undefined) {
    const named =
      context.cluster === ''
        ? 'no cluster'
        : `cluster "${context.cluster}", which the kubeconfig does not describe`;
    throw new ClusterError({
      reason: 'no-context',
      message: `Context "${name}" names ${named}. Switch context, or log in to the cluster anew.`,
    });
  }
  const user = userOf(context.user, config);
  if (!options.allowExec) refusePrograms(user);
  refuseUser(user);
  const cluster = forRequests(written, options.env);
  const login = makeLogin(user, {
    user: user.name,
    cluster: written,
    env: options.env,
    // Absent where there is none, whatever the types say.
    hasTerminal: Boolean(process.stdin.isTTY),
    log: options.log ?? (() => undefined),
    signal: options.signal ?? new AbortController().signal,
  });
  return new ClientConfig({ login, cluster, user, context: name, contexts: config.contexts });
}

function readAll({ paths, env, mayWait = false }: KubeconfigOptions): KubeconfigFile {
  const candidates = paths ?? defaultPaths(env);
  const [first, ...others] = candidates
    .filter((path) => existsSync(path))
    .map((path) => readKubeconfig(path, mayWait));
  const merged = first && others.reduce(mergeMissing, first);
  const isInPod = paths === undefined && (env['KUBERNETES_SERVICE_HOST'] ?? '') !== '';
  if (merged !== undefined && !(isInPod && saysNothing(merged))) return merged;
  if (isInPod && existsSync(tokenOfPod)) return serviceAccount();
  if (merged !== undefined) return merged;
  const pod = isInPod ? `, and this pod has no service account: there is no ${tokenOfPod}` : '';
  throw new ClusterError({
    reason: 'no-kubeconfig',
    message: `There is no kubeconfig at ${candidates.join(', ')}${pod}. Log in to a cluster, or set KUBECONFIG.`,
  });
}

const tokenOfPod = '/var/run/secrets/kubernetes.io/serviceaccount/token';

function defaultPaths(env: KubeconfigOptions['env']): readonly string[] {
  const named = (env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  return named.length > 0 ? named : [join(env['HOME'] ?? homedir(), '.kube', 'config')];
}

/** Of the pod that this runs in. */
function serviceAccount(): KubeconfigFile {
  const config = new KubeConfig();
  config.loadFromCluster();
  const users = config.users.map(({ name, authProvider }) => {
    const tokenFile = textAt(authProvider, 'config', 'tokenFile');
    return { name, impersonation: {}, ...(tokenFile === undefined ? {} : { tokenFile }) };
  });
  return {
    clusters: config.clusters,
    users,
    contexts: config.contexts,
    currentContext: config.currentContext,
  };
}

function mergeMissing(into: KubeconfigFile, from: KubeconfigFile): KubeconfigFile {
  return {
    clusters: union(into.clusters, from.clusters),
    users: union(into.users, from.users),
    contexts: union(into.contexts, from.contexts),
    currentContext: into.currentContext || from.currentContext,
  };
}

function saysNothing({ clusters, users, contexts, currentContext }: KubeconfigFile): boolean {
  return clusters.length + users.length + contexts.length === 0 && currentContext === '';
}

function union<T extends { readonly name: string }>(first: readonly T[], second: readonly T[]): readonly T[] {
  return [...first, ...second.filter(({ name }) => !first.some((entry) => entry.name === name))];
}

/** A context may do without: then nobody in particular asks. */
function userOf(name: string, { users }: KubeconfigFile): KubeconfigUser {
  return users.find((user) => user.name === name) ?? { name, impersonation: {} };
}

function refusePrograms(user: KubeconfigUser): void {
  if (user.exec === undefined) return;
  throw new ClusterError({
    reason: 'plugin-forbidden',
    message:
      `User "${user.name}" of the kubeconfig logs in by running a program, which is not allowed here. ` +
      'Trust the workspace, or use a context with a token or a certificate.',
  });
}

function forRequests(cluster: KubeconfigCluster, env: KubeconfigOptions['env']): KubeconfigCluster {
  refuseCluster(cluster);
  // client-node refuses plain HTTP (as `kubectl proxy` serves) unless told not to verify what is not there.
  const skipTLSVerify = cluster.skipTLSVerify || cluster.server.startsWith('http:');
  const proxyUrl = (cluster.proxyUrl ?? proxyFor(cluster.server, env))?.replace(/^[a-z0-9]+:/i, (scheme) =>
    scheme.toLowerCase(),
  );
  if (proxyUrl === undefined) return { ...cluster, skipTLSVerify };
  const fault = faultOfProxy(proxyUrl);
  if (fault !== undefined) {
    const where = cluster.proxyUrl === undefined ? 'HTTPS_PROXY' : 'proxy-url';
    const message = `Cluster "${cluster.name}" of the kubeconfig is to be reached by a proxy whose ${fault} Correct ${where}.`;
    throw new ClusterError({ reason: 'no-context', message });
  }
  return { ...cluster, skipTLSVerify, proxyUrl };
}

/** What follows "whose"; never with the address, which may hold a password. */
function faultOfProxy(proxyUrl: string): string | undefined {
  const url = URL.canParse(proxyUrl) ? new URL(proxyUrl) : undefined;
  if (url === undefined || !/^(https?|socks5h?):$/.test(url.protocol)) {
    return 'address is no http, https or socks5 URL.';
  }
  try {
    decodeURIComponent(url.username + url.password);
    return undefined;
  } catch {
    // It says no more than that there is such a sign.
    return 'name or password has a "%" that is not followed by two hexadecimal digits: write it as %25.';
  }
}

function noContext(name: string, config: KubeconfigFile): string {
  const known = config.contexts.map((context) => context.name).join(', ');
  const choose = known === '' ? 'It has none: log in to a cluster.' : `It has: ${known}.`;
  if (name === '' && known === '') return 'The kubeconfig has no contexts: log in to a cluster.';
  return name === ''
    ? `The kubeconfig has no current context. ${choose}`
    : `The kubeconfig has no context "${name}". ${choose}`;
}
