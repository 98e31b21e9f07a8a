import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';

const program = join(import.meta.dirname, '../src/main.ts');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ert-process-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

async function endOf(child: ChildProcess): Promise<Ended> {
  const [code, signal]: (number | NodeJS.Signals | null)[] = await once(child, 'exit');
  return {
    code: typeof code === 'number' ? code : null,
    signal: typeof signal === 'string' ? signal : null,
  };
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s cancels, and what is done is brought to its end',
  async (name) => {
    const child = spawn(process.execPath, [program, 'lint', '-']);
    const ended = endOf(child);
    const said = text(child.stderr);
    // It has read this much, so it hears signals.
    child.stdin.write('a: 1\n'.repeat(100_000), () => child.kill(name));
    expect(await said).toBe('Canceled.\n');
    expect(await ended).toEqual({ code: 1, signal: null });
  },
);

test('what passes for a file and has no end is not waited for', async () => {
  // For others than root, and where it is not there, it cannot be read for that reason.
  const child = spawn(process.execPath, [program, 'lint', '/proc/kmsg']);
  const ended = endOf(child);
  expect(await text(child.stderr)).toMatch(/^Cannot read \/proc\/kmsg: /);
  expect(await ended).toEqual({ code: 2, signal: null });
});

test.each(['lint', 'migrate'])('%s without a path takes the current folder', async (verb) => {
  const cwd = mkdtempSync(join(folder, 'here-'));
  const pod = readFileSync(join(import.meta.dirname, '../../samples/legacy/egress-router-pod.yaml'), 'utf8');
  writeFileSync(join(cwd, 'pod.yml'), pod);
  const child = spawn(process.execPath, [program, verb], { cwd });
  const ended = endOf(child);
  const said = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(said.join('')).toMatch(/^pod\.yml:/m);
  expect(await ended).toEqual({ code: 0, signal: null });
});

test('a pipe that a kustomization beside the file names is not waited for', async () => {
  const named = join(folder, 'named.yaml');
  writeFileSync(named, 'a: 1\n');
  writeFileSync(join(folder, 'kustomization.yaml'), 'patches:\n  - path: pipe\n  - path: /dev/zero\n');
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  // One that waits hears no other signal.
  const child = spawn(process.execPath, [program, 'lint', named], { timeout: 20_000, killSignal: 'SIGKILL' });
  const ended = endOf(child);
  expect(await text(child.stderr)).toBe('0 egress routers: 0 errors, 0 warnings.\n');
  expect(await ended).toEqual({ code: 0, signal: null });
}, 30_000);

test('Ctrl-C ends it although a login program has left a child behind', async () => {
  const left = join(folder, 'left');
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    interactiveMode: 'Never',
    command: 'sh',
    args: ['-c', `sleep 60 & echo $! > ${left}; echo started >&2`],
  };
  const child = spawn(process.execPath, [program, 'status', '--kubeconfig', kubeconfig({ exec })]);
  const ended = endOf(child);
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said.push(chunk);
    if (chunk.includes('started')) child.kill('SIGINT');
  });
  expect(await ended).toEqual({ code: 1, signal: null });
  expect(said.join('')).toMatch(/\nsh: started\nCanceled: .*\n$/);
  process.kill(Number(readFileSync(left, 'utf8')));
});

test('a pipe is no file with a token', async () => {
  const tokenFile = join(folder, 'token');
  execFileSync('mkfifo', [tokenFile]);
  const child = spawn(process.execPath, [program, 'status', '--kubeconfig', kubeconfig({ tokenFile })]);
  const ended = endOf(child);
  expect(await text(child.stderr)).toMatch(
    /The file \S+token, which the kubeconfig names, is a pipe or a terminal/,
  );
  expect(await ended).toEqual({ code: 1, signal: null });
});

test.each([
  ['is full', '2>/dev/full'],
  ['has nobody who reads', '2>&1 >&3 3>&- | true'],
])('a standard error that %s keeps nothing from being done', async (_, redirection) => {
  const file = join(folder, 'mend.yaml');
  writeFileSync(file, router);
  const command = `exec 3>&1; { "$0" "$1" lint --fix "$2"; echo "code $?"; } ${redirection}`;
  const shell = spawn('sh', ['-c', command, process.execPath, program, file]);
  expect(await text(shell.stdout)).toBe('code 0\n');
  expect(readFileSync(file, 'utf8')).toBe(router.replace('tcp', 'TCP'));
});

test('lint --fix that has no room to write was called in no wrong way', async () => {
  const file = join(folder, 'no-room.yaml');
  writeFileSync(file, router);
  const shell = spawn('sh', [
    '-c',
    'ulimit -f 0; exec "$0" "$@"',
    process.execPath,
    program,
    'lint',
    '--fix',
    file,
  ]);
  const ended = endOf(shell);
  expect(await text(shell.stderr)).toMatch(
    /^Cannot write \S+no-room\.yaml: EFBIG: file too large, write\.\n$/,
  );
  expect(await ended).toEqual({ code: 1, signal: null });
  expect(readFileSync(file, 'utf8')).toBe(router);
  expect(readdirSync(folder).filter((name) => name.startsWith('no-room'))).toEqual(['no-room.yaml']);
});

function kubeconfig(user: object): string {
  const file = join(folder, 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'a',
    contexts: [{ name: 'a', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server: 'http://127.0.0.1:1' } }],
    users: [{ name: 'u', user }],
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

const router = `apiVersion: network.operator.openshift.io/v1
kind: EgressRouter
metadata:
  name: egress-a
spec:
  mode: Redirect
  networkInterface:
    macvlan:
      mode: Bridge
  addresses:
    - ip: 192.168.12.99/24
      gateway: 192.168.12.1
  redirect:
    redirectRules:
      - destinationIP: 203.0.113.25
        port: 8080
        protocol: tcp
`;
