import { dirname, resolve } from 'node:path';
import type { Cluster, Context, User } from '@kubernetes/client-node';
import { at, listAt, textAt } from '#core/json-value.ts';
import { isJsonObject } from '#core/schema/json-schema.ts';
import { ClusterError } from './errors.ts';
import { readKubeconfigText } from './kubeconfig-text.ts';
import { parseKubeconfig } from './kubeconfig-yaml.ts';
import type { OidcProvider } from './oidc.ts';

/** What kubeconfigs hold, paths made absolute. Data wins over the file of the same thing, as in kubectl. */
export interface KubeconfigFile {
  readonly clusters: readonly KubeconfigCluster[];
  readonly users: readonly KubeconfigUser[];
  readonly contexts: readonly Context[];
  readonly currentContext: string;
}

export interface KubeconfigCluster extends Cluster {
  /** What a login program is told besides (`provideClusterInfo`). */
  readonly execConfig?: unknown;
}

export interface KubeconfigUser extends Omit<User, 'exec' | 'authProvider' | 'impersonateUser'> {
  /** Read anew for each request: what renews a token writes there. Wins over `token`. */
  readonly tokenFile?: string;
  readonly exec?: LoginProgram;
  readonly authProvider?: { readonly name: string; readonly oidc: OidcProvider };
  /** Headers by name, each with its values: groups are many. */
  readonly impersonation: Readonly<Record<string, string[]>>;
}

/** As the ExecConfig of client-go: what is run to get a token or a certificate. */
export interface LoginProgram {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly apiVersion: string;
  readonly installHint: string;
  readonly providesClusterInfo: boolean;
  readonly interactiveMode: 'Never' | 'IfAvailable' | 'Always';
}

/**
 * @param mayWait for who writes to a pipe; else one is refused
 * @throws ClusterError `no-kubeconfig`
 */
export function readKubeconfig(path: string, mayWait: boolean): KubeconfigFile {
  const value = parse(path, mayWait);
  const absolute = (file: string | undefined): string | undefined =>
    file === undefined || file === '' ? undefined : resolve(dirname(path), file);
  return {
    clusters: listAt(value, 'clusters').flatMap((entry) => toCluster(entry, absolute)),
    users: listAt(value, 'users').flatMap((entry) => toUser(entry, absolute, path)),
    contexts: listAt(value, 'contexts').flatMap(toContext),
    currentContext: textAt(value, 'current-context') ?? '',
  };
}

function parse(path: string, mayWait: boolean): unknown {
  try {
    return parseKubeconfig(readKubeconfigText(path, mayWait));
  } catch (cause) {
    if (ClusterError.is(cause)) throw cause;
    const why = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause);
    // Without the cause: below its first line a YAML error quotes the file, keys and tokens included.
    throw new ClusterError({
      reason: 'no-kubeconfig',
      message: `Cannot read the kubeconfig ${path}: ${why}. Correct the file, or log in to the cluster anew.`,
    });
  }
}

type Absolute = (file: string | undefined) => string | undefined;

function toCluster(entry: unknown, absolute: Absolute): KubeconfigCluster[] {
  const name = textAt(entry, 'name');
  const cluster = at(entry, 'cluster');
  if (name === undefined) return [];
  const execConfig = listAt(cluster, 'extensions').find(
    (extension) => textAt(extension, 'name') === 'client.authentication.k8s.io/exec',
  );
  return [
    {
      name,
      server: toServer(textAt(cluster, 'server') ?? ''),
      skipTLSVerify: at(cluster, 'insecure-skip-tls-verify') === true,
      ...either(cluster, 'certificate-authority', 'caData', 'caFile', absolute),
      ...optional('tlsServerName', textAt(cluster, 'tls-server-name')),
      ...optional('proxyUrl', textAt(cluster, 'proxy-url')),
      ...optional('execConfig', at(execConfig, 'extension')),
    },
  ];
}

function toServer(written: string): string {
  return written.replace(/\/$/, '').replace(/^https?:/i, (scheme) => scheme.toLowerCase());
}

function toUser(entry: unknown, absolute: Absolute, file: string): KubeconfigUser[] {
  const name = textAt(entry, 'name');
  const user = at(entry, 'user');
  if (name === undefined) return [];
  const provider = at(user, 'auth-provider');
  return [
    {
      name,
      ...either(user, 'client-certificate', 'certData', 'certFile', absolute),
      ...either(user, 'client-key', 'keyData', 'keyFile', absolute),
      ...optional('token', textAt(user, 'token')),
      ...optional('tokenFile', absolute(textAt(user, 'tokenFile'))),
      ...optional('username', textAt(user, 'username')),
      ...optional('password', textAt(user, 'password')),
      ...optional('exec', toProgram(at(user, 'exec'), absolute)),
      ...(isJsonObject(provider)
        ? {
            authProvider: {
              name: textAt(provider, 'name') ?? '',
              oidc: { file, ...toOidc(at(provider, 'config'), absolute) },
            },
          }
        : {}),
      impersonation: toImpersonation(user),
    },
  ];
}

function toOidc(config: unknown, absolute: Absolute): Omit<OidcProvider, 'file'> {
  return {
    ...optional('idToken', textAt(config, 'id-token')),
    ...optional('refreshToken', textAt(config, 'refresh-token')),
    ...optional('issuer', textAt(config, 'idp-issuer-url')),
    ...optional('clientId', textAt(config, 'client-id')),
    ...optional('clientSecret', textAt(config, 'client-secret')),
    ...either(config, 'idp-certificate-authority', 'caData', 'caFile', absolute),
  };
}

function toProgram(exec: unknown, absolute: Absolute): LoginProgram | undefined {
  if (!isJsonObject(exec)) return undefined;
  const command = textAt(exec, 'command') ?? '';
  const mode = textAt(exec, 'interactiveMode');
  return {
    // One without a slash is looked for on the path.
    command: /[/\\]/.test(command) ? (absolute(command) ?? '') : command,
    args: texts(listAt(exec, 'args')),
    env: Object.fromEntries(
      listAt(exec, 'env').map((entry) => [textAt(entry, 'name') ?? '', textAt(entry, 'value') ?? '']),
    ),
    apiVersion: textAt(exec, 'apiVersion') ?? 'client.authentication.k8s.io/v1',
    installHint: textAt(exec, 'installHint') ?? '',
    providesClusterInfo: at(exec, 'provideClusterInfo') === true,
    interactiveMode: mode === 'Never' || mode === 'Always' ? mode : 'IfAvailable',
  };
}

function toImpersonation(user: unknown): KubeconfigUser['impersonation'] {
  const extra = at(user, 'as-user-extra');
  const entries: readonly (readonly [string, string[]])[] = [
    ['Impersonate-User', texts([at(user, 'as')])],
    ['Impersonate-Uid', texts([at(user, 'as-uid')])],
    ['Impersonate-Group', texts(listAt(user, 'as-groups'))],
    ...Object.keys(isJsonObject(extra) ? extra : {}).map(
      (key) => [`Impersonate-Extra-${encodeURIComponent(key)}`, texts(listAt(extra, key))] as const,
    ),
  ];
  return Object.fromEntries(entries.filter(([, values]) => values.length > 0));
}

function toContext(entry: unknown): Context[] {
  const name = textAt(entry, 'name');
  if (name === undefined) return [];
  const cluster = textAt(entry, 'context', 'cluster') ?? '';
  const namespace = textAt(entry, 'context', 'namespace');
  const user = textAt(entry, 'context', 'user') ?? '';
  return [{ name, cluster, user, ...(namespace === undefined || namespace === '' ? {} : { namespace }) }];
}

function either<Data extends string, File extends string>(
  value: unknown,
  key: string,
  data: Data,
  file: File,
  absolute: Absolute,
): { readonly [K in Data]?: string } | { readonly [K in File]?: string } {
  const inline = textAt(value, `${key}-data`);
  return inline === undefined || inline === ''
    ? optional(file, absolute(textAt(value, key)))
    : optional(data, inline);
}

/** Nothing where there is no value: an optional property is absent, or has one. */
function optional<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T };
function optional(key: string, value: unknown): object {
  return value === undefined || value === null || value === '' ? {} : { [key]: value };
}

function texts(values: readonly unknown[]): string[] {
  return values.filter((value) => typeof value === 'string' && value !== '').map(String);
}
