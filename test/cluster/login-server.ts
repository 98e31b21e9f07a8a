import { createServer } from 'node:https';
import { type DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { type Authority, createAuthority } from '#sandbox/api/certificates.ts';

/** An HTTPS server that tells who asked, and lets in who is said to be. */
export interface LoginServer extends AsyncDisposable {
  readonly port: number;
  readonly authority: Authority;
  /** Of each request, in the order received. */
  readonly seen: readonly Seen[];
  /** The code of its answer. Everybody is let in unless set otherwise. */
  judge: (seen: Seen) => number;
}

/** How somebody asked. Absent is what was not said. */
export interface Seen {
  readonly authorization?: string;
  /** The subject's common name. */
  readonly certificate?: string;
  /** Each header as often as it came, `Impersonate-Group: a`. */
  readonly impersonation: readonly string[];
  /** The name that the client believes it talks to. */
  readonly serverName?: string;
}

export async function startLoginServer(options: { readonly notAfter?: Date } = {}): Promise<LoginServer> {
  const authority = await createAuthority('login test');
  const pair = await authority.issueServer('login server', options.notAfter);
  const seen: Seen[] = [];
  const tls = { ...pair, ca: authority.caCert, requestCert: true, rejectUnauthorized: false };
  const server = createServer(tls, (request, response) => {
    const { socket, rawHeaders, headers } = request;
    const peer = socket instanceof TLSSocket ? subjectOf(socket.getPeerCertificate(true)) : undefined;
    const name = socket instanceof TLSSocket ? socket.servername : undefined;
    const asked: Seen = {
      ...(headers.authorization === undefined ? {} : { authorization: headers.authorization }),
      ...(peer === undefined ? {} : { certificate: peer }),
      ...(typeof name === 'string' && name !== '' ? { serverName: name } : {}),
      impersonation: rawHeaders
        .flatMap((text, index) =>
          index % 2 === 0 && /^impersonate-/i.test(text)
            ? [`${text.toLowerCase()}: ${rawHeaders[index + 1]}`]
            : [],
        )
        .toSorted(),
    };
    seen.push(asked);
    const code = api.judge(asked);
    response.writeHead(code, { 'content-type': 'application/json' });
    const list = { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items: [] };
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message: 'No.' };
    response.end(JSON.stringify(code === 200 ? list : status));
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const address = server.address();
  const api: LoginServer = {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    authority,
    seen,
    judge: () => 200,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return api;
}

function subjectOf(certificate: Partial<DetailedPeerCertificate>): string | undefined {
  const name = certificate.subject?.CN;
  return typeof name === 'string' ? name : undefined;
}
