import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { connect } from '#cluster/connect.ts';
import { type Failure, toFailure } from '#cluster/errors.ts';
import { kinds } from '#cluster/kinds.ts';
import { type LoginServer, type Seen, startLoginServer } from './login-server.ts';

/** The same kubeconfig in front of the same server, once for us and once for kubectl where this machine has it. */
export interface LoginWorld {
  readonly server: () => LoginServer;
  /** Empty before each test but for `ca.crt`. */
  readonly folder: () => string;
  readonly write: (name: string, text: string) => Promise<void>;
  /** @returns the path of a kubeconfig, in the folder or a subfolder of it. */
  readonly kubeconfig: (parts: Parts, name?: string) => Promise<string>;
  /** @returns our outcome; fails where kubectl has another. */
  readonly ask: (file: string) => Promise<Outcome>;
  readonly check: (parts: Parts, expected: Partial<Seen>) => Promise<void>;
  readonly checkRefused: (parts: Parts, reason: string, message: RegExp) => Promise<void>;
  /** Writes `login.sh`, which notes what it is told and how often it is run. */
  readonly program: (answer: object | string, more?: string) => Promise<void>;
  /** How often the program was run. */
  readonly runs: () => Promise<number>;
}

export interface Parts {
  readonly user: object;
  /** Besides server and certificate authority. */
  readonly cluster?: object;
  readonly host?: string;
  readonly port?: number;
}

interface Outcome {
  readonly failure?: Failure;
  readonly seen: readonly Seen[];
}

export const request = {
  verb: 'list',
  kind: kinds.pod,
  signal: AbortSignal.timeout(10 * 60_000),
} as const;

export const hasKubectl = (await kubectl(['version', '--client'], {})).code === 0;

export function useLoginWorld(): LoginWorld {
  let server: LoginServer;
  let folder = '';
  beforeAll(async () => {
    server = await startLoginServer();
  });
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'ert-login-'));
    server.judge = () => 200;
    await write('ca.crt', server.authority.caCert);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const write: LoginWorld['write'] = (name, text) => writeFile(path.join(folder, name), text);

  const kubeconfig: LoginWorld['kubeconfig'] = async (
    { user, cluster = {}, host = '127.0.0.1', port = server.port },
    name = 'kubeconfig',
  ) => {
    const file = path.join(folder, name);
    const described = { server: `https://${host}:${port}`, 'certificate-authority': 'ca.crt', ...cluster };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: described }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    };
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(config));
    return file;
  };

  const ask: LoginWorld['ask'] = async (file) => {
    const before = server.seen.length;
    const connection = connect({ kubeconfigPaths: [file], allowExec: true });
    const failure = await connection.json(request).then(() => undefined, toFailure);
    connection.close();
    const seen = server.seen.slice(before);
    if (hasKubectl) {
      const { code, err } = await kubectl(['get', '--raw', '/api/v1/pods'], { KUBECONFIG: file });
      expect(code === 0, `kubectl: ${err}`).toBe(failure === undefined);
      if (code === 0) expect(server.seen.at(-1)).toEqual(seen.at(-1));
    }
    return failure === undefined ? { seen } : { failure, seen };
  };

  return {
    server: () => server,
    folder: () => folder,
    write,
    kubeconfig,
    ask,
    check: async (parts, expected) => {
      const { failure, seen } = await ask(await kubeconfig(parts));
      expect(failure).toBeUndefined();
      expect(seen).toEqual([{ impersonation: [], ...expected }]);
    },
    checkRefused: async (parts, reason, message) => {
      const { failure } = await ask(await kubeconfig(parts));
      expect(failure).toMatchObject({ reason, message: expect.stringMatching(message) });
    },
    program: async (answer, more = '') => {
      const file = path.join(folder, 'login.sh');
      await write('answer', typeof answer === 'string' ? answer : JSON.stringify(answer));
      const note = `printf '%s' "$KUBERNETES_EXEC_INFO" > '${folder}/info'\necho run >> '${folder}/runs'`;
      await writeFile(file, `#!/bin/sh\n${note}\n${more}\ncat '${folder}/answer'\n`);
      await chmod(file, 0o755);
    },
    runs: async () => (await readFile(path.join(folder, 'runs'), 'utf8')).split('\n').length - 1,
  };
}

export function kubectl(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly err: string }> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env }, timeout: 30_000 };
    const child = execFile('kubectl', args, options, (error, _out, err) =>
      resolve({ code: error === null ? 0 : (child.exitCode ?? 1), err }),
    );
    child.stdin?.end();
  });
}
