// Certificates and proxies on the way to the cluster, as kubectl would take the same ones.
import { execFile } from 'node:child_process';
import { createServer as createTcpServer } from 'node:net';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { connect } from '#cluster/connect.ts';
import { startHttpProxy, startSocksProxy } from './forward-proxy.ts';
import { startLoginServer } from './login-server.ts';
import { type Parts, useLoginWorld } from './login-world.ts';

const { server, folder, write, kubeconfig, check, checkRefused } = useLoginWorld();

test('the name of the server is told, and checked', async () => {
  const named = { 'tls-server-name': 'kubernetes' };
  await check(
    { user: { token: 't' }, host: '127.0.0.2', cluster: named },
    { authorization: 'Bearer t', serverName: 'kubernetes' },
  );
  await checkRefused(
    { user: { token: 't' }, host: '127.0.0.2' },
    'tls',
    /is for 127\.0\.0\.1, localhost, kubernetes, .* \(ERR_TLS_CERT_ALTNAME_INVALID\)\. Use such/,
  );
});
test('a certificate that nobody checks', () =>
  check(
    {
      user: { token: 't' },
      cluster: { 'certificate-authority': undefined, 'insecure-skip-tls-verify': true },
    },
    { authorization: 'Bearer t' },
  ));
test('a certificate of an authority that is not known', () =>
  checkRefused(
    { user: { token: 't' }, cluster: { 'certificate-authority': undefined } },
    'tls',
    /^The certificate of https:.* is not trusted \(/,
  ));
test('a certificate that has expired', async () => {
  await using old = await startLoginServer({ notAfter: new Date(Date.now() - 3_600_000) });
  await write('ca.crt', old.authority.caCert);
  await checkRefused(
    { user: { token: 't' }, port: old.port },
    'tls',
    /^The certificate of https:.* has expired \(CERT_HAS_EXPIRED\)\. Look at the clock/,
  );
});
test('something that speaks no TLS', async () => {
  const plain = createTcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise<void>((resolve) => plain.listen(0, resolve));
  const address = plain.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await checkRefused(
    { user: { token: 't' }, port },
    'tls',
    /^What listens at https:.* does not speak TLS \(/,
  );
  plain.close();
});
test('an authority file that is gone', () =>
  checkRefused(
    { user: { token: 't' }, cluster: { 'certificate-authority': 'none' } },
    'login-failed',
    /ENOENT.*none/,
  ));

const far = { host: 'api.example', cluster: { 'tls-server-name': 'kubernetes' } };

function through(proxy: string): Parts {
  return { user: { token: 't' }, ...far, cluster: { ...far.cluster, 'proxy-url': proxy } };
}

const arrived = { authorization: 'Bearer t', serverName: 'kubernetes' };

test('a proxy of the kubeconfig, which resolves the name', async () => {
  await using proxy = await startHttpProxy({ to: server().port });
  await check(through(`http://127.0.0.1:${proxy.port}`), arrived);
  expect(new Set(proxy.asked)).toEqual(new Set([`api.example:${server().port}`]));
});
test('a proxy that wants a login', async () => {
  await using proxy = await startHttpProxy({ to: server().port, login: 'me:p@ss' });
  await check(through(`http://me:p%40ss@127.0.0.1:${proxy.port}`), arrived);
  await checkRefused(
    through(`http://me:s3cret@127.0.0.1:${proxy.port}`),
    'unreachable',
    /^Cannot reach the cluster at https:\/\/api\.example:\d+: the proxy http:\/\/127\.0\.0\.1:\d+ wants a login \(407\)\. Check proxy-url/,
  );
});
test('a proxy that refuses', async () => {
  await using proxy = await startHttpProxy({ to: server().port, refuses: 403 });
  await checkRefused(
    through(`http://127.0.0.1:${proxy.port}`),
    'unreachable',
    /the proxy http:\S+ refuses to connect to it \(403\)\./,
  );
});
test('a proxy that is not there', () =>
  checkRefused(
    through('http://127.0.0.1:1'),
    'unreachable',
    /the proxy http:\/\/127\.0\.0\.1:1 cannot be reached: nothing listens there \(ECONNREFUSED\)\./,
  ));
test('a proxy behind TLS, whose authority Node is told of', async () => {
  const certificate = await server().authority.issueServer('proxy');
  await using proxy = await startHttpProxy({ to: server().port, certificate });
  const file = await kubeconfig(through(`https://localhost:${proxy.port}`));
  const before = server().seen.length;
  const argv = [path.join(import.meta.dirname, '../../dist/cli.mjs'), 'status', '--kubeconfig', file];
  const authorities = { NODE_EXTRA_CA_CERTS: path.join(folder(), 'ca.crt') };
  await new Promise((resolve) => {
    execFile(process.execPath, argv, { env: { ...process.env, ...authorities } }, resolve);
  });
  expect(server().seen.slice(before)).toContainEqual({ impersonation: [], ...arrived });
  expect(proxy.asked).toContain(`api.example:${server().port}`);
});
test('a SOCKS proxy', async () => {
  await using proxy = await startSocksProxy({ to: server().port });
  await check(through(`socks5://127.0.0.1:${proxy.port}`), arrived);
  expect(new Set(proxy.asked)).toEqual(new Set([`api.example:${server().port}`]));
});
test('a SOCKS proxy that wants a login', async () => {
  await using proxy = await startSocksProxy({ to: server().port, login: 'my name:p@ss' });
  await check(through(`socks5://my%20name:p%40ss@127.0.0.1:${proxy.port}`), arrived);
  for (const login of ['', 'me:other@']) {
    await checkRefused(
      through(`socks5://${login}127.0.0.1:${proxy.port}`),
      'unreachable',
      /the proxy socks5:\/\/127\S+ refuses to connect to it \(.*\)\. Check proxy-url/,
    );
  }
});
/** @returns what the command line says on stderr */
function say(file: string): Promise<string> {
  const argv = [path.join(import.meta.dirname, '../../dist/cli.mjs'), 'status', '--kubeconfig', file];
  return new Promise((resolve) => {
    execFile(process.execPath, argv, (_, __, errors) => resolve(errors));
  });
}

test.each<[string, string, string]>([
  ['socks5', '', 'api.example'],
  ['SOCKS5', '', 'api.example'],
  ['socks5', 'me:pw@', 'api.example'],
  ['socks5', '', '127.0.0.1'],
  ['socks5', 'me:pw@', '127.0.0.1'],
])('by %s://%s nothing is told of the libraries on the way to %s', async (scheme, login, host) => {
  await using proxy = await startSocksProxy({
    to: server().port,
    ...(login === '' ? {} : { login: 'me:pw' }),
  });
  const cluster = {
    'proxy-url': `${scheme}://${login}127.0.0.1:${proxy.port}`,
    ...(host === '127.0.0.1' ? {} : { 'tls-server-name': 'kubernetes' }),
  };
  const file = await kubeconfig({ user: { token: 't' }, host, cluster });
  const errors = await say(file);
  expect(proxy.asked).toContain(`${host}:${server().port}`);
  expect(server().seen.at(-1)?.serverName).toBe(host === '127.0.0.1' ? undefined : 'kubernetes');
  expect(errors).not.toMatch(/warning|cannot/i);
});
test('a server that is to prove itself by an address', async () => {
  const cluster = { 'tls-server-name': '127.0.0.1' };
  await check({ user: { token: 't' }, host: '127.0.0.2', cluster }, { authorization: 'Bearer t' });
  const file = await kubeconfig({ user: { token: 't' }, host: '127.0.0.2', cluster });
  expect(await say(file)).not.toMatch(/warning|cannot/i);
  await checkRefused(
    { user: { token: 't' }, cluster: { 'tls-server-name': '127.0.0.9' } },
    'tls',
    /is for 127\.0\.0\.1, localhost, kubernetes, .* \(ERR_TLS_CERT_ALTNAME_INVALID\)\. Use such/,
  );
});
test('a SOCKS proxy to a server with an IPv6 address', async () => {
  await using proxy = await startSocksProxy({ to: server().port });
  const cluster = {
    'proxy-url': `socks5://127.0.0.1:${proxy.port}`,
    'tls-server-name': 'kubernetes',
  };
  await check({ user: { token: 't' }, host: '[fd00::7]', cluster }, arrived);
  expect(new Set(proxy.asked)).toEqual(new Set([`[fd00::7]:${server().port}`]));
});
test('a SOCKS proxy that refuses', async () => {
  await using proxy = await startSocksProxy({ to: server().port, replies: 2 });
  await checkRefused(
    through(`socks5://127.0.0.1:${proxy.port}`),
    'unreachable',
    /the proxy socks5:\S+ refuses to connect to it \(.*\)\./,
  );
});
test('a proxy that is none', () =>
  expect(
    kubeconfig(through('ftp://x')).then((file) => connect({ kubeconfigPaths: [file], allowExec: true })),
  ).rejects.toMatchObject({
    reason: 'no-context',
    message: expect.stringMatching(/^Cluster "c" .* no http, https or socks5 URL\. Correct proxy-url\.$/),
  }));
test.each<[string, string, number]>([
  ['', '', 1],
  ['NO_PROXY', '10.0.0.0/8,.other', 1],
])('a proxy of the environment, %s %s', async (name, value, times) => {
  await using proxy = await startHttpProxy({ to: server().port });
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${proxy.port}`);
  if (name !== '') vi.stubEnv(name, value);
  await check({ user: { token: 't' }, ...far }, arrived);
  expect(proxy.asked.length).toBeGreaterThanOrEqual(times);
});
