import { createServer } from 'node:https';
import { type Authority, createAuthority } from '#sandbox/api/certificates.ts';

/** The token endpoint of an OpenID Connect provider, which takes a refresh token once only. */
export interface IdentityProvider extends AsyncDisposable {
  readonly issuer: string;
  readonly authority: Authority;
  /** Of each request for a token, in the order received. */
  readonly asked: readonly Asked[];
  /** A refresh token that it takes. */
  issue(refreshToken: string): void;
  /** What it answers in place of tokens. */
  refuses: { readonly code: number; readonly body: object } | undefined;
  /** True where it knows a client by the form alone. */
  wantsForm: boolean;
  /** What it waits for before it answers with tokens, when it has taken the old one already. */
  before: Promise<unknown>;
  /** The next refresh token after one that is used. Counts unless set otherwise. */
  next: () => string;
}

export interface Asked {
  readonly authorization?: string;
  readonly form: Readonly<Record<string, string>>;
}

export async function startIdentityProvider(): Promise<IdentityProvider> {
  const authority = await createAuthority('identity providers');
  const asked: Asked[] = [];
  const taken = new Set<string>();
  const server = createServer(await authority.issueServer('identity provider'), (request, response) => {
    const send = (code: number, body: object): void => {
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.url === '/.well-known/openid-configuration') {
      return send(200, { issuer: provider.issuer, token_endpoint: `${provider.issuer}/token` });
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
      const { authorization } = request.headers;
      asked.push({ ...(authorization === undefined ? {} : { authorization }), form });
      if (provider.wantsForm && form['client_id'] === undefined)
        return send(401, { error: 'invalid_client' });
      if (provider.refuses !== undefined) return send(provider.refuses.code, provider.refuses.body);
      if (!taken.delete(form['refresh_token'] ?? '')) {
        return send(400, { error: 'invalid_grant', error_description: 'Token\n is not active.' });
      }
      void provider.before.then(() => sendTokens(send));
    });
  });
  const sendTokens = (send: (code: number, body: object) => void): void => {
    const next = provider.next();
    taken.add(next);
    const idToken = toIdToken(Date.now() / 1000 + 3600, asked.length);
    const answer = { access_token: 'a', token_type: 'Bearer', expires_in: 3600 };
    send(200, { ...answer, id_token: idToken, refresh_token: next });
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const provider: IdentityProvider = {
    issuer: `https://127.0.0.1:${port}`,
    authority,
    asked,
    issue: (refreshToken) => void taken.add(refreshToken),
    refuses: undefined,
    before: Promise.resolve(),
    wantsForm: false,
    next: () => `refresh-${asked.length}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return provider;
}

/** @param exp seconds since 1970 */
export function toIdToken(exp: number, serial = 0): string {
  const parts = ['{"alg":"none"}', JSON.stringify({ exp: Math.floor(exp), serial }), 'x'];
  return parts.map((text) => Buffer.from(text).toString('base64url')).join('.');
}
