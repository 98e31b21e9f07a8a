import { setTimeout as delay } from 'node:timers/promises';
import { Agent, fetch, ProxyAgent, type Response } from 'undici';
import { numberAt, parseJson, textAt } from '#core/json-value.ts';
import { readStart } from './answer-text.ts';
import { readCredentialFile } from './credential-files.ts';
import { ClusterError } from './errors.ts';
import type { OidcTokens } from './oidc-text.ts';
import { checkWritable, keepTokens, readTokens, type TokenPlace } from './oidc-tokens.ts';
import { proxyFor } from './proxy.ts';

/** The `oidc` auth-provider of a kubeconfig, as client-go reads it. */
export interface OidcProvider extends Partial<OidcTokens> {
  /** The kubeconfig that it stands in. */
  readonly file: string;
  readonly issuer?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Base64 of PEM. */
  readonly caData?: string;
  readonly caFile?: string;
}

export interface OidcOptions {
  /** Whose it is, in the kubeconfig. */
  readonly user: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/**
 * The id-token of the kubeconfig while it is valid; after that a new one, which is written there for whoever logs in
 * by it next: an identity provider may take a refresh token once only.
 *
 * @throws ClusterError `login-failed`
 */
export async function currentIdToken(provider: OidcProvider, options: OidcOptions): Promise<string> {
  const { file, idToken, issuer, clientId } = provider;
  if (idToken !== undefined && isValid(idToken)) return idToken;
  if (provider.refreshToken === undefined || issuer === undefined || clientId === undefined) {
    const missing =
      provider.refreshToken === undefined
        ? 'refresh-token'
        : issuer === undefined
          ? 'idp-issuer-url'
          : 'client-id';
    throw failed(options.user, `${stateOf(idToken)}, and no ${missing} to get a new one with`);
  }
  try {
    const place = { file, user: options.user, signal: options.signal };
    const before = readTokens(place);
    // Somebody else has renewed it meanwhile.
    if (before.idToken !== undefined && isValid(before.idToken)) return before.idToken;
    await checkWritable(place);
    const { refreshToken = provider.refreshToken } = before;
    try {
      const now = await renew({ ...provider, issuer, clientId, refreshToken }, options);
      return await keepTokens(place, { before, now }, isValid);
    } catch (error) {
      if (!(error instanceof SpentToken)) throw error;
      return await tokenOfAnother(place, error);
    }
  } catch (error) {
    options.signal.throwIfAborted();
    if (ClusterError.is(error)) throw error;
    throw failed(
      options.user,
      `${stateOf(idToken)}, and none can be had from ${issuer}: ${innermost(error)}`,
      error,
    );
  }
}

/** What another process has got for a refresh token that is taken once only, and is about to write. */
async function tokenOfAnother(place: TokenPlace, spent: SpentToken): Promise<string> {
  for (const end = performance.now() + longestWaitMs; performance.now() < end; ) {
    const { idToken } = readTokens(place);
    if (idToken !== undefined && isValid(idToken)) return idToken;
    await delay(100, undefined, { signal: place.signal });
  }
  throw spent;
}

/** An identity provider answers within it, mostly. */
const longestWaitMs = 3000;

/** When an id-token ends; without an `exp` the cluster is to judge. */
export function expiryOf(idToken: string): number {
  const payload = parseJson(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString('utf8'));
  return (numberAt(payload, 'exp') ?? Number.POSITIVE_INFINITY) * 1000;
}

/** As in client-go: a token is not used in its last moments. */
export const leewayMs = 10_000;

function isValid(idToken: string): boolean {
  return expiryOf(idToken) - leewayMs > Date.now();
}

type Refreshable = OidcProvider & Required<Pick<OidcProvider, 'issuer' | 'clientId' | 'refreshToken'>>;

async function renew(provider: Refreshable, options: OidcOptions): Promise<OidcTokens> {
  const { issuer, clientId, clientSecret = '', refreshToken } = provider;
  const ca = authorityOf(provider);
  const ask = (url: string, init: Parameters<typeof fetch>[1] = {}) =>
    fetch(url, {
      ...init,
      dispatcher: dispatcherTo(url, ca, options.env),
      signal: AbortSignal.any([options.signal, AbortSignal.timeout(timeoutMs)]),
    });
  const configuration = await ask(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const endpoint = textAt(parseJson(await textOf(configuration)), 'token_endpoint');
  if (endpoint === undefined || !URL.canParse(endpoint)) {
    throw new Error(`it does not tell its token_endpoint (${configuration.status})`);
  }
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
  const secret = `${formEncoded(clientId)}:${formEncoded(clientSecret)}`;
  const post = (body: Record<string, string>, headers: Record<string, string>) =>
    ask(endpoint, { method: 'POST', redirect: 'error', body: new URLSearchParams(body), headers });
  // As Go's oauth2: some want the secret in the header, others in the form.
  let answer = await post(form, { authorization: `Basic ${Buffer.from(secret).toString('base64')}` });
  if (!answer.ok) {
    await answer.body?.cancel();
    const credentials = {
      client_id: clientId,
      ...(clientSecret === '' ? {} : { client_secret: clientSecret }),
    };
    answer = await post({ ...form, ...credentials }, {});
  }
  const said = parseJson(await textOf(answer));
  if (textAt(said, 'error') === 'invalid_grant') throw new SpentToken(refusalOf(said, answer.status));
  if (!answer.ok) throw new Error(refusalOf(said, answer.status));
  const idToken = textAt(said, 'id_token');
  if (idToken === undefined) {
    throw new Error('its answer has no id_token: the scope openid was not asked for when you logged in');
  }
  return { idToken, refreshToken: textAt(said, 'refresh_token') ?? refreshToken };
}

/** Or one that never was any, or is no more: nobody tells these apart. */
class SpentToken extends Error {}

async function textOf({ body }: Response): Promise<string> {
  const { text, isWhole } = await readStart(body, largestAnswerBytes);
  if (!isWhole) throw new Error(`its answer is larger than ${largestAnswerBytes / 2 ** 20} MiB`);
  return text;
}

/** A token is a header of every request, of which API servers take a fraction of this. */
const largestAnswerBytes = 2 ** 20;

/** RFC 6749 §2.3.1. */
function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

const timeoutMs = 30_000;

function authorityOf({ caData, caFile }: OidcProvider): string | undefined {
  if (caData !== undefined) return Buffer.from(caData, 'base64').toString();
  return caFile === undefined ? undefined : readCredentialFile(caFile).toString('utf8');
}

function dispatcherTo(url: string, ca: string | undefined, env: OidcOptions['env']) {
  const tls = ca === undefined ? {} : { ca };
  const proxy = proxyFor(url, env);
  return proxy === undefined
    ? new Agent({ connect: tls, keepAliveTimeout: 1 })
    : new ProxyAgent({ uri: proxy, requestTls: tls, keepAliveTimeout: 1 });
}

/** RFC 6749 §5.2. */
function refusalOf(said: unknown, status: number): string {
  const error = textAt(said, 'error') ?? String(status);
  const description = textAt(said, 'error_description');
  return `it says ${error}${description === undefined ? '' : ` (${description.replaceAll(/\s+/g, ' ').slice(0, 200)})`}`;
}

function stateOf(idToken: string | undefined): string {
  if (idToken === undefined) return 'has no id-token';
  return `had an id-token until ${new Date(expiryOf(idToken)).toISOString()}`;
}

function failed(user: string, why: string, cause?: unknown): ClusterError {
  const message = `User "${user}" of the kubeconfig logs in by OpenID Connect and ${why}. Log in to the cluster again.`;
  return new ClusterError({ reason: 'login-failed', message }, cause);
}

function innermost(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : innermost(error.cause);
}
